/** The one counting function (protocol, "Quorum"), as `service/domain/quorum.py` has it. */

import { Refusal } from "./errors.js";
import { GROUPS } from "./people.js";
import { commonCustodians, needed } from "./roster.js";

/**
 * @typedef {import("./people.js").GroupName} GroupName
 * @typedef {import("./roster.js").Roster} Roster
 * @typedef {object} Decision a custodian's signed answer; `seq` and `at` are the log's
 * @property {string} custodian
 * @property {GroupName} group
 * @property {boolean} approves
 * @property {string} reason
 * @property {string} resealDigest
 * @property {number} seq
 * @property {Date} at
 * @property {string} digest
 * @typedef {{requester: string, roster: string, manifest: string, lifetime: number,
 *   offline: boolean}} Asked
 * @typedef {{digest: string, roster: string, holders: ReadonlySet<string>}} Sealed
 */

/** Later than every leaf. */
export const EVER = Number.MAX_SAFE_INTEGER;

/** Per group: how many are needed, and whose approvals count. */
export class Quorum {
  /**
   * @param {Record<GroupName, number>} wanted
   * @param {Record<GroupName, Set<string>>} counted
   */
  constructor(wanted, counted) {
    this.needed = wanted;
    this.counted = counted;
  }

  /** @param {GroupName} group */
  metIn(group) {
    return this.counted[group].size >= this.needed[group];
  }

  /** Whether both groups have enough. */
  get met() {
    return GROUPS.every((group) => this.metIn(group));
  }
}

/**
 * Each custodian's newest decision whose leaf index is below `untilSeq`.
 *
 * @param {Iterable<Decision>} decisions
 * @param {{untilSeq: number}} given
 * @returns {Map<string, Decision>}
 */
export function lastWords(decisions, { untilSeq }) {
  const last = new Map();
  for (const decision of [...decisions].sort((a, b) => a.seq - b.seq)) {
    if (decision.seq < untilSeq) last.set(decision.custodian, decision);
  }
  return last;
}

/**
 * Count the approvals that hold for a release whose leaf index is `untilSeq`. The caller has
 * verified every signature, with keys of the roster that the request names.
 *
 * Refused: `stale-roster`, `wrong-envelope`: not the rosters or manifest that the request names.
 *
 * @param {object} given
 * @param {Roster} given.roster
 * @param {Roster} given.manifestRoster
 * @param {Sealed} given.manifest
 * @param {Asked} given.request
 * @param {Date} given.enteredAt
 * @param {Iterable<Decision>} given.decisions
 * @param {number} given.untilSeq
 */
export function quorum({
  roster,
  manifestRoster,
  manifest,
  request,
  enteredAt,
  decisions,
  untilSeq,
}) {
  if (request.roster !== roster.digest) throw new Refusal("stale-roster");
  if (request.manifest !== manifest.digest || manifest.roster !== manifestRoster.digest) {
    throw new Refusal("wrong-envelope");
  }
  const entered = enteredAt.getTime();
  const expiry = entered + request.lifetime * 1000;
  const counted = byGroup(() => /** @type {Set<string>} */ (new Set()));
  const eligible = byGroup((group) => commonCustodians(roster, manifestRoster, group));
  for (const [custodian, decision] of lastWords(decisions, { untilSeq })) {
    const { approves, group } = decision;
    const at = decision.at.getTime();
    const inTime = request.offline || (entered <= at && at < expiry);
    const holds = eligible[group].has(custodian) && manifest.holders.has(`${group} ${custodian}`);
    if (approves && custodian !== request.requester && holds && inTime) {
      counted[group].add(custodian);
    }
  }
  return new Quorum(
    byGroup((group) => needed(roster, manifestRoster, group)),
    counted,
  );
}

/**
 * @template T
 * @param {(group: GroupName) => T} of
 * @returns {Record<GroupName, T>}
 */
function byGroup(of) {
  return { password: of("password"), mfa: of("mfa") };
}
