/**
 * What a person may do about a request now, and what happens next if they do nothing. Pure. Who they are
 * comes from verified rosters and statements; the state is the service's word, and each act verifies
 * again before it signs.
 */

import { GROUPS } from "../domain/people.js";
import { EVER, lastWords } from "../domain/quorum.js";
import { groupOf } from "../domain/roster.js";
import { listing } from "../link/render.js";
import { groupName } from "./groups.js";
import { personName } from "./people.js";
import { waitingFor } from "./progress.js";
import { when } from "./times.js";

/**
 * @typedef {import("../trust/shown.js").VerifiedDetail} VerifiedDetail
 * @typedef {import("./groups.js").GroupName} GroupName
 * @typedef {"approve" | "deny" | "cancel" | "again" | "release" | "close" | "seal" | "review"} May `again`:
 *   ask anew, with the same words
 * @typedef {Pick<VerifiedDetail, "about" | "chain" | "decisions" | "further">} Verified
 */

const COLLECTING = new Set(["pending", "approved"]);

/**
 * What this person may do, the one next action first.
 *
 * @param {Verified} verified
 * @param {object} given
 * @param {string} given.me
 * @param {ReadonlySet<string>} given.newKeys whom rosters name with keys they do not have any more
 * @param {string} given.toldState
 * @returns {May[]}
 */
export function mayDo(verified, { me, newKeys, toldState }) {
  // Who has other keys than the rosters name can sign nothing that counts.
  if (newKeys.has(me)) return [];
  const { about, chain } = verified;
  const seals = toldState === "rotation_due" && !about.request.drill && chain.newest.sealers.includes(me);
  /** @type {May[]} */
  const sealing = seals ? ["seal"] : [];
  if (about.request.requester === me) return [...ofRequester(verified, toldState), ...sealing];
  if (COLLECTING.has(toldState) && groupOf(about.roster, me)) {
    const said = myWord(verified, me);
    return said === "approve" ? ["deny"] : said === "deny" ? ["approve"] : ["approve", "deny"];
  }
  return toldState === "review_due" && reviewsFor(verified, me) ? ["review"] : sealing;
}

/** @param {Verified} verified @param {string} toldState @returns {May[]} */
function ofRequester({ about, further }, toldState) {
  const closed = further.some(({ kind }) => kind === "closure");
  switch (toldState) {
    case "pending":
      return ["again", "cancel"];
    case "approved":
      return ["release", "again", "cancel"];
    case "released":
      return ["release"];
    case "rotation_due":
      return closed || about.request.drill ? [] : ["close"];
    case "denied":
    case "cancelled":
    case "expired":
      return ["again"];
    default:
      return [];
  }
}

/**
 * What a person decided last, as they signed it.
 *
 * @param {Pick<VerifiedDetail, "decisions">} verified
 * @param {string} me
 * @returns {"approve" | "deny" | ""}
 */
export function myWord({ decisions }, me) {
  const last = lastWords(decisions, { untilSeq: EVER }).get(me);
  if (last === undefined) return "";
  return last.approves ? "approve" : "deny";
}

/**
 * The group for which a person is to review; null if for none: their group has reviewed since the
 * password was last found unchanged, or they have themselves, for whichever group.
 *
 * @param {Pick<VerifiedDetail, "chain" | "further">} verified
 * @param {string} me
 * @returns {GroupName | null}
 */
export function reviewsFor({ chain, further }, me) {
  const group = groupOf(chain.newest, me);
  if (group === null) return null;
  const done = reviewsOfRound(further);
  return done.some(({ payload }) => payload.group === group || payload.reviewer === me) ? null : group;
}

/** @param {VerifiedDetail["further"]} further */
function reviewsOfRound(further) {
  const reviews = further.filter(({ kind }) => kind === "review");
  const again = Math.max(-1, ...reviews.filter(({ payload }) => !payload.rotated).map(({ seq }) => seq));
  return reviews.filter(({ seq }) => seq > again);
}

/**
 * What comes next, by whom: one sentence, or empty where nothing does.
 *
 * @param {Verified} verified
 * @param {object} given
 * @param {readonly import("./progress.js").Column[]} given.both
 * @param {string} given.me
 * @param {string} given.toldState
 * @param {Date} given.now
 */
export function nextInWords(verified, { both, me, toldState, now }) {
  const { about, chain, further } = verified;
  const { requester, expiresAt, window, drill } = about.request;
  const name = requester === me ? "you" : personName(chain, requester);
  if (COLLECTING.has(toldState)) {
    if (expiresAt <= now) return "Its time ran out: nothing more is taken.";
    const wait = waitingFor(both) || `waiting for ${name} to release it`;
    return `${wait.replace(/^w/, "W")}. It expires ${when(expiresAt, now)}.`;
  }
  const release = further.find(({ kind }) => kind === "release");
  if (toldState === "released" && !drill && release) {
    const ends = new Date(release.at.getTime() + window * 1000);
    if (ends <= now) return "The window is over: the password must be changed.";
    return `${name === "you" ? "You say" : `${name} says`} what was done. The window closes ${when(ends, now)}.`;
  }
  if (toldState === "rotation_due") {
    const sealers = listing(chain.newest.sealers.map((one) => personName(chain, one, me)));
    return `The password must be changed at AWS, and the new one sealed. May seal: ${sealers}.`;
  }
  if (toldState !== "review_due") return "";
  const done = new Set(reviewsOfRound(further).map(({ payload }) => payload.group));
  const left = GROUPS.filter((group) => !done.has(group)).map((group) => `the ${groupName(group)}`);
  return left.length ? `Waiting for a review by ${left.join(" and ")}.` : "";
}

/** @type {Readonly<Record<May, string>>} */
export const BUTTONS = Object.freeze({
  approve: "Approve",
  deny: "Deny…",
  cancel: "Take it back…",
  again: "Ask again from this device",
  release: "Release the password",
  close: "Say what was done",
  seal: "Change and seal",
  review: "Review",
});

/**
 * What the button for an act is called; in a drill no password is named.
 *
 * @param {May} may
 * @param {{drill: boolean, toldState: string}} given
 */
export function button(may, { drill, toldState }) {
  if (may !== "release") return BUTTONS[may];
  if (toldState === "released") return "Go to the release";
  return drill ? "Release the drill" : BUTTONS.release;
}
