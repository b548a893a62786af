/**
 * Who can act, counted from what people have signed, as `client/trust/able.py` has it. An identity
 * that the service withholds cannot be counted; no one counts whose receipt it lacks.
 */

import { GROUPS, sameIdentity } from "../domain/people.js";
import { custodian, needed } from "../domain/roster.js";

/**
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("./verifiedChain.js").VerifiedChain} VerifiedChain
 * @typedef {object} Sealed an envelope; `receipts` are verified, texts of group, space, person
 * @property {{roster: string}} envelope
 * @property {ReadonlySet<string>} receipts
 * @typedef {{able: readonly string[], size: number, needed: number}} Count `size`: of the group
 */

/**
 * Whom the newest roster names with other keys than they have by now. It took people by their
 * newest identity alone: one that no version names is newer.
 *
 * @param {VerifiedChain} chain
 * @returns {Set<string>}
 */
export function newKeys({ rosters, newest, identities }) {
  const known = new Set(
    rosters.flatMap(({ members }) => [...members.values()].map(({ identity }) => identity)),
  );
  const newer = [...identities].filter(([digest]) => !known.has(digest));
  return new Set(newer.map(([, { person }]) => person).filter((one) => newest.members.has(one)));
}

/**
 * Both groups: who can act with an envelope, and how many it takes under both rosters.
 *
 * @param {VerifiedChain} chain
 * @param {Sealed} sealed
 * @returns {Record<GroupName, Count>}
 */
export function count(chain, { envelope, receipts }) {
  const { newest } = chain;
  const under = chain.named(envelope.roster);
  const lost = newKeys(chain);
  const of = (/** @type {GroupName} */ group) => {
    const { custodians } = newest.groups[group];
    const able = custodians.filter((one) => {
      const member = custodian(newest, one, group);
      const same = member !== undefined && sameIdentity(member, custodian(under, one, group));
      return same && !lost.has(one) && receipts.has(`${group} ${one}`);
    });
    return { able, size: custodians.length, needed: needed(newest, under, group) };
  };
  return { password: of("password"), mfa: of("mfa") };
}

/** Which groups cannot act. @param {Record<GroupName, Count>} groups */
export function unable(groups) {
  return GROUPS.filter((name) => groups[name].able.length < groups[name].needed);
}
