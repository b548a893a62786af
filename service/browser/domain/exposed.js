/** When a request that ends without a release exposes its password; as `domain/exposed.py` has it. */

import { GROUPS } from "./people.js";

/**
 * @typedef {import("./people.js").GroupName} GroupName
 */

/**
 * Everyone who ever approved, withdrawn approvals included: their shares were handed over.
 *
 * @param {Iterable<import("./quorum.js").Decision>} decisions
 * @returns {Set<string>}
 */
export function approvers(decisions) {
  return new Set([...decisions].filter((one) => one.approves).map((one) => one.custodian));
}

/**
 * Whether the shares of these people open what was split under a roster.
 *
 * @param {import("./roster.js").Roster} roster the envelope's own
 * @param {ReadonlySet<string>} people
 */
export function exposes(roster, people) {
  return GROUPS.every((name) => {
    const { threshold, custodians } = roster.groups[name];
    return custodians.filter((one) => people.has(one)).length >= threshold;
  });
}
