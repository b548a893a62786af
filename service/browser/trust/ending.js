/**
 * When a browser destroys what it keeps of a request of its owner's: one rule, on what is proved. A
 * wrong clock or a lying service must not cost anybody a key that could still serve: neither ends
 * anything alone, and the service's own leaves (`request:expired` and the like) are its word.
 */

import { GROUPS } from "../domain/people.js";
import { EVER, lastWords } from "../domain/quorum.js";
import { commonCustodians, needed } from "../domain/roster.js";

const LONGEST = 30 * 24 * 3600 * 1000; // ms

/**
 * @typedef {import("../domain/quorum.js").Decision} Decision
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {object} KeptRequest what a browser knows of one request of its owner's
 * @property {Date} signedAt the statement's own time, by the clock of the device that signed it
 * @property {number} lifetime seconds
 * @property {number} window seconds
 * @property {Date} ownClock
 * @property {Date | null} enteredAt time of the proved leaf; null is what nothing proves
 * @property {Date | null} newestAt time of the newest leaf of this log that is proved here
 * @property {boolean} releaseSigned its owner signed a release, whether or not the answer came
 * @property {Date | null} releasedAt time of the proved leaf
 * @property {boolean} ended its owner's own closure or cancellation (of a drill: the release, which
 *   closes it) is proved to be in the log
 * @property {boolean} denied signed denials end it by the roster's policy
 * @property {boolean} acting it is being released now
 */

/**
 * When the key can last serve, by what is proved: its lifetime, or its window. Null where no leaf
 * says when it was entered or released.
 *
 * @param {KeptRequest} kept
 * @returns {Date | null}
 */
export function lastUse({ releasedAt, enteredAt, lifetime, window, releaseSigned }) {
  if (releasedAt !== null) return new Date(releasedAt.getTime() + window * 1000);
  if (enteredAt === null) return null;
  // A release whose answer was lost may have been entered in the last second of the lifetime.
  const seconds = lifetime + (releaseSigned ? window : 0);
  return new Date(enteredAt.getTime() + seconds * 1000);
}

/**
 * What becomes of a request's key and of what was fetched for it. `ask`: only a person, or two
 * clocks that agree, may destroy it.
 *
 * @param {KeptRequest} kept
 * @returns {"keep" | "destroy" | "ask"}
 */
export function fate(kept) {
  if (kept.acting) return "keep";
  const released = kept.releaseSigned || kept.releasedAt !== null;
  if (kept.ended || (kept.denied && !released) || pastUse(kept)) return "destroy";
  const last = lastUse(kept);
  const inWindow = released && last !== null && kept.ownClock <= last;
  const old = kept.ownClock.getTime() >= kept.signedAt.getTime() + LONGEST;
  return old && !inWindow ? "ask" : "keep";
}

/** Whether a proved leaf and the own clock both lie after the last use. @param {KeptRequest} kept */
function pastUse(kept) {
  const last = lastUse(kept);
  if (last === null || kept.newestAt === null) return false;
  return last < kept.newestAt && last < kept.ownClock;
}

/**
 * Whether verified denials end a request by its roster's policy.
 *
 * @param {Roster} roster
 * @param {Roster} sealedFor the roster of the request's envelope
 * @param {Iterable<Decision>} decisions
 */
export function deniedForGood(roster, sealedFor, decisions) {
  const words = [...lastWords(decisions, { untilSeq: EVER }).values()];
  const denials = new Set(words.filter((one) => !one.approves).map((one) => one.custodian));
  if (denials.size === 0) return false;
  if (roster.policy.denials === "first") return true;
  return GROUPS.some((group) => {
    const willing = [...commonCustodians(roster, sealedFor, group)].filter((one) => !denials.has(one));
    return willing.length < needed(roster, sealedFor, group);
  });
}
