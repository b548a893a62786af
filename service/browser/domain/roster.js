/** Who counts: the rules of one roster version, of its place in the chain, and of its signers. */

import { hex } from "../crypto/encoding.js";
import { Refusal } from "./errors.js";
import { GROUPS, sameIdentity } from "./people.js";

/**
 * @typedef {import("./people.js").GroupName} GroupName
 * @typedef {import("./people.js").Identities} Identities
 * @typedef {import("./people.js").Member} Member
 * @typedef {{threshold: number, custodians: readonly string[]}} Group
 * @typedef {{requestLifetime: number, releaseWindow: number, denials: "unreachable" | "first",
 *   requesterSeals: boolean, leastSuite: string}} Policy seconds; whether the requester of a
 *   released request may seal its successor; the oldest suite that people and requests may use
 * @typedef {object} Roster one version; `digest` is that of the statement. `logKey` and `witnesses`
 *   are verifier keys, `cosignedBy` is of how many witnesses a checkpoint is wanted; `retired`: its
 *   people have ended the line
 * @property {string} digest
 * @property {string} account
 * @property {number} version
 * @property {string} previous
 * @property {"first" | "change"} cause
 * @property {string} name
 * @property {string} rootEmail
 * @property {string} type
 * @property {Readonly<Record<GroupName, Group>>} groups
 * @property {readonly string[]} requesters
 * @property {readonly string[]} sealers
 * @property {ReadonlyMap<string, Member>} members
 * @property {Policy} policy
 * @property {string} logKey
 * @property {readonly string[]} witnesses
 * @property {number} cosignedBy
 * @property {boolean} retired
 */

export const FIRST_PREVIOUS = "0".repeat(64);
export const MAX_MEMBERS = 16;
export const MAX_LIFETIME = 24 * 3600;
export const MAX_WINDOW = 4 * 3600;

/**
 * Build from a payload whose fields and types were checked; `identities` are verified ones, at
 * least those that it names.
 *
 * Refused: `identity-missing`: it names one that is not there, or is another person's;
 * `duplicate-person`, `threshold`, `policy`, `both-groups`, `requester-is-custodian`,
 * `people-mismatch`.
 *
 * @param {any} payload
 * @param {string} digest
 * @param {Identities} identities
 * @returns {Roster}
 */
export function fromPayload(payload, digest, identities) {
  const groups = /** @type {Record<GroupName, Group>} */ ({});
  for (const name of GROUPS) groups[name] = group(payload.groups[name]);
  const members = new Map();
  for (const entry of payload.people) members.set(entry.person, member(entry, identities));
  const roster = {
    digest,
    account: payload.account,
    version: payload.version,
    previous: payload.previous,
    cause: payload.cause,
    name: payload.name,
    rootEmail: payload.root_email,
    type: payload.type,
    groups,
    requesters: payload.requesters,
    sealers: payload.sealers,
    members,
    policy: policy(payload.policy),
    logKey: payload.log_key,
    witnesses: payload.witnesses,
    cosignedBy: payload.cosigned_by,
    retired: payload.retired,
  };
  checkPeople(roster, payload.people.length);
  return Object.freeze(roster);
}

/** @param {any} said @returns {Group} */
function group({ threshold, custodians }) {
  if (new Set(custodians).size !== custodians.length) throw new Refusal("duplicate-person");
  const count = custodians.length;
  if (!(threshold >= 1 && threshold <= count && count <= MAX_MEMBERS)) {
    throw new Refusal("threshold");
  }
  return Object.freeze({ threshold, custodians });
}

/** @param {any} entry @param {Identities} identities @returns {Member} */
function member({ person, name, identity }, identities) {
  const keys = identities.get(identity);
  if (keys === undefined || keys.person !== person) throw new Refusal("identity-missing");
  const { encryptionKey, signingKey } = keys;
  return Object.freeze({ person, name, identity, encryptionKey, signingKey });
}

/** @param {any} said @returns {Policy} */
function policy(said) {
  const { request_lifetime: requestLifetime, release_window: releaseWindow, denials } = said;
  if (!(requestLifetime >= 1 && requestLifetime <= MAX_LIFETIME)) {
    throw new Refusal("policy", "a request's lifetime must be 1 second to 24 hours");
  }
  if (!(releaseWindow >= 1 && releaseWindow <= MAX_WINDOW)) {
    throw new Refusal("policy", "a release window must be 1 second to 4 hours");
  }
  const { requester_seals: requesterSeals, least_suite: leastSuite } = said;
  return Object.freeze({ requestLifetime, releaseWindow, denials, requesterSeals, leastSuite });
}

/**
 * Refuse overlaps, duplicates, and a list of people that is not exactly those named.
 *
 * @param {Roster} roster
 * @param {number} listed how many entries the list as signed has
 */
function checkPeople(roster, listed) {
  const { password, mfa } = roster.groups;
  if (password.custodians.some((one) => mfa.custodians.includes(one))) {
    throw new Refusal("both-groups");
  }
  const there = custodians(roster);
  if (roster.requesters.some((one) => there.has(one))) {
    throw new Refusal("requester-is-custodian");
  }
  const named = new Set([...there, ...roster.requesters, ...roster.sealers]);
  const { members } = roster;
  if (
    listed !== named.size ||
    members.size !== listed ||
    [...named].some((one) => !members.has(one))
  ) {
    throw new Refusal("people-mismatch");
  }
  /** @type {((one: Member) => string)[]} */
  const unique = [
    (one) => one.name, // as it is: tables of letters differ between platforms
    (one) => hex(one.encryptionKey),
    (one) => hex(one.signingKey),
  ];
  for (const of of unique) {
    if (new Set([...members.values()].map(of)).size !== members.size) {
      throw new Refusal("duplicate-person");
    }
  }
}

/**
 * Who may have sealed under a roster: a sealer, or a requester where its policy lets them.
 *
 * @param {Roster} roster
 * @param {string} person
 * @returns {Member | undefined}
 */
export function sealerOf({ members, policy, requesters, sealers }, person) {
  const may = sealers.includes(person) || (policy.requesterSeals && requesters.includes(person));
  return may ? members.get(person) : undefined;
}

/**
 * The one group in which a person is a custodian.
 *
 * @param {Roster} roster
 * @param {string} person
 * @returns {GroupName | null}
 */
export function groupOf(roster, person) {
  return GROUPS.find((name) => roster.groups[name].custodians.includes(person)) ?? null;
}

/**
 * The member if they are a custodian of exactly that group.
 *
 * @param {Roster} roster
 * @param {string} person
 * @param {GroupName} group
 * @returns {Member | undefined}
 */
export function custodian(roster, person, group) {
  return groupOf(roster, person) === group ? roster.members.get(person) : undefined;
}

/**
 * All custodians of both groups.
 *
 * @param {Roster} roster
 * @returns {Set<string>}
 */
export function custodians(roster) {
  return new Set(GROUPS.flatMap((name) => roster.groups[name].custodians));
}

/**
 * The digest of the newest version for requests and envelopes: they go on under the version before
 * one that retires the line, which takes no new ones.
 *
 * @param {Roster} roster the newest
 */
export function working({ retired, previous, digest }) {
  return retired ? previous : digest;
}

/**
 * Whether receipts are signed still for what was sealed under a roster: it is the newest for
 * envelopes, or differs from it in nothing that sealing rests on.
 *
 * @param {Roster} sealedUnder
 * @param {Roster} newest
 */
export function takesReceipts(sealedUnder, newest) {
  return sealedUnder.digest === working(newest) || restsOn(sealedUnder) === restsOn(newest);
}

/** Whose shares, in which places, how many open it, and where one signs in. @param {Roster} roster */
function restsOn({ groups, members, rootEmail }) {
  const whose = (/** @type {GroupName} */ name) => {
    const { custodians, threshold } = groups[name];
    return [threshold, custodians.map((one) => [one, members.get(one)?.identity])];
  };
  return JSON.stringify([rootEmail, GROUPS.map(whose)]);
}

/**
 * Refuse a roster that does not follow `previous`, the newest one, by exactly one version:
 * `wrong-account`, `wrong-version`; `line-retired`: nothing follows the end of a line;
 * `retiring-changes`: an end that changes who counts.
 *
 * @param {Roster} roster
 * @param {Roster | null} previous
 */
export function checkSuccession(roster, previous) {
  if (previous !== null && roster.account !== previous.account) {
    throw new Refusal("wrong-account");
  }
  if (previous?.retired) throw new Refusal("line-retired");
  const version = previous === null ? 1 : previous.version + 1;
  const digest = previous === null ? FIRST_PREVIOUS : previous.digest;
  const fits = (roster.cause === "first") === (previous === null);
  if (!fits || roster.version !== version || roster.previous !== digest) {
    throw new Refusal("wrong-version");
  }
  if (roster.retired && (previous === null || whoCounts(roster) !== whoCounts(previous))) {
    throw new Refusal("retiring-changes");
  }
}

/** @param {Roster} roster an identity pins its keys */
function whoCounts({ groups, requesters, sealers, members }) {
  return JSON.stringify([groups, requesters, sealers, ...members.values()]);
}

/**
 * Custodians who stand in `group` with the same identity in both rosters.
 *
 * @param {Roster} roster
 * @param {Roster} other
 * @param {GroupName} group
 * @returns {Set<string>}
 */
export function commonCustodians(roster, other, group) {
  const both = roster.groups[group].custodians.filter((one) => {
    const member = custodian(roster, one, group);
    return member !== undefined && sameIdentity(member, custodian(other, one, group));
  });
  return new Set(both);
}

/**
 * How many of a group it takes under both rosters: the larger threshold.
 *
 * @param {Roster} roster
 * @param {Roster} other
 * @param {GroupName} group
 */
export function needed(roster, other, group) {
  return Math.max(roster.groups[group].threshold, other.groups[group].threshold);
}
