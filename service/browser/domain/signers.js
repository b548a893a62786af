/** Whose signatures make a roster count (protocol, "Roster", rules 1 to 4). */

import { hex } from "../crypto/encoding.js";
import { Refusal } from "./errors.js";
import { GROUPS, sameIdentity } from "./people.js";
import { custodians } from "./roster.js";

/**
 * @typedef {import("./people.js").Member} Member
 * @typedef {import("./roster.js").Roster} Roster
 */

/**
 * Those whose identity is new or changed against `previous`.
 *
 * @param {Roster} roster
 * @param {Roster | null} previous
 * @returns {Set<string>}
 */
export function newMembers(roster, previous) {
  const found = [...roster.members.values()].filter(
    (one) => !sameIdentity(one, previous?.members.get(one.person)),
  );
  return new Set(found.map((one) => one.person));
}

/**
 * Whose signatures are still missing, by reason; `{}` when the roster counts. Reasons: `consent`
 * (a new or changed identity), `everybody` (a first version: all custodians), and a group's name:
 * enough of these to reach its threshold must sign, with the previous keys.
 *
 * @param {Roster} roster
 * @param {Roster | null} previous
 * @param {{signed: Iterable<Uint8Array>}} given signing keys whose signatures verified
 * @returns {Record<string, Set<string>>}
 */
export function signersNeeded(roster, previous, { signed }) {
  const keys = new Set([...signed].map(hex));
  /** @type {(from: Roster, people: Iterable<string>) => string[]} */
  const open = (from, people) =>
    [...people].filter((one) => !keys.has(signingKey(from, one)));
  /** @type {Record<string, Set<string>>} */
  const missing = {};
  const consent = open(roster, newMembers(roster, previous));
  if (consent.length) missing.consent = new Set(consent);
  if (previous === null) {
    const all = open(roster, custodians(roster));
    if (all.length) missing.everybody = new Set(all);
    return missing;
  }
  for (const name of GROUPS) {
    const { threshold, custodians: people } = previous.groups[name];
    const absent = open(previous, people);
    if (people.length - absent.length < threshold) missing[name] = new Set(absent);
  }
  return missing;
}

/** @param {Roster} roster @param {string} person */
function signingKey(roster, person) {
  return hex(/** @type {Member} */ (roster.members.get(person)).signingKey);
}

/**
 * Signing keys (hex) whose signature on this roster means something: new and previous ones.
 *
 * @param {Roster} roster
 * @param {Roster | null} previous
 * @returns {Set<string>}
 */
export function awaitedKeys(roster, previous) {
  const keys = [...roster.members.keys()].map((one) => signingKey(roster, one));
  if (previous !== null) {
    keys.push(...[...custodians(previous)].map((one) => signingKey(previous, one)));
  }
  return new Set(keys);
}

/**
 * Refuse a roster that bears a signature of nobody who is asked (`not-awaited`), or lacks some
 * (`too-few-signers`).
 *
 * @param {Roster} roster
 * @param {Roster | null} previous
 * @param {{signed: Iterable<Uint8Array>}} given
 */
export function checkSigned(roster, previous, { signed }) {
  const keys = [...signed];
  const awaited = awaitedKeys(roster, previous);
  if (keys.some((key) => !awaited.has(hex(key)))) throw new Refusal("not-awaited");
  if (Object.keys(signersNeeded(roster, previous, { signed: keys })).length) {
    throw new Refusal("too-few-signers");
  }
}
