/** Whether both groups can act today, counted from what was signed, and who in them can. Pure. */

import { commonCustodians } from "../domain/roster.js";
import { groupName } from "./groups.js";
import { personName } from "./people.js";
import { tone } from "./tones.js";

/**
 * @typedef {import("../trust/verifiedChain.js").VerifiedChain} VerifiedChain
 * @typedef {"able" | "new-keys" | "unproven" | "no-share"} Stand
 * @typedef {object} Ready one group
 * @property {string} title `Password group`
 * @property {number} needed
 * @property {number} able
 * @property {number} size
 * @property {string} words `3 of 4 can act, 1 to spare`
 * @property {import("./tones.js").Tone} tone green with a spare, else amber
 * @property {readonly {name: string, words: string, tone: import("./tones.js").Tone}[]} people
 */

/** @type {Readonly<Record<Stand, string>>} */
const STANDS = {
  able: "can act",
  "new-keys": "has new keys",
  unproven: "has not confirmed their share",
  "no-share": "holds no share",
};

/**
 * One group, by `count` and `newKeys` of `trust/able`.
 *
 * @param {import("./groups.js").GroupName} group
 * @param {object} given
 * @param {VerifiedChain} given.chain
 * @param {{roster: string}} given.envelope the verified one in question
 * @param {{able: readonly string[], size: number, needed: number}} given.counted
 * @param {ReadonlySet<string>} given.newKeys
 * @param {string} given.me
 * @returns {Ready}
 */
export function ready(group, { chain, envelope, counted, newKeys, me }) {
  const { able, size, needed } = counted;
  const holds = commonCustodians(chain.newest, chain.named(envelope.roster), group);
  const people = chain.newest.groups[group].custodians.map((person) => {
    const stand = standOf(person, { able, newKeys, holds });
    return { name: personName(chain, person, me), words: STANDS[stand], tone: tone("custodian", stand) };
  });
  const title = groupName(group).replace(/^p/, "P");
  const spare = able.length - needed;
  return { title, needed, able: able.length, size, words: inWords(able.length, size, needed), tone: spare > 0 ? "ok" : "wait", people };
}

/**
 * @param {string} person
 * @param {{able: readonly string[], newKeys: ReadonlySet<string>, holds: ReadonlySet<string>}} given
 * @returns {Stand}
 */
function standOf(person, { able, newKeys, holds }) {
  if (able.includes(person)) return "able";
  if (newKeys.has(person)) return "new-keys";
  return holds.has(person) ? "unproven" : "no-share";
}

/** @param {number} able @param {number} size @param {number} needed */
function inWords(able, size, needed) {
  if (able < needed) return `${able} of ${size} can act, and it takes ${needed}`;
  const spare = able - needed;
  return `${able} of ${size} can act, ${spare ? `${spare} to spare` : "no one to spare: no one can be away"}`;
}
