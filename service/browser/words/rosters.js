/** A roster in words, and what changed between two of them. */

import { GROUPS, sameIdentity } from "../domain/people.js";
import { duration, listing, oneLine } from "../link/render.js";

/**
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../domain/people.js").Member} Member
 * @typedef {import("../domain/roster.js").Roster} Roster
 */

/** @type {Readonly<Record<GroupName, string>>} */
export const GROUP_WORDS = { password: "password", mfa: "MFA" };
const DENIALS = {
  first: "the first denial ends a request",
  unreachable: "a request ends when a group can no longer reach its threshold",
};

/**
 * All that a roster says, each part on its own line whatever its drafter typed.
 *
 * @param {Roster} roster
 * @returns {{name: string, text: string}[]}
 */
export function describe(roster) {
  const called = `version ${roster.version} of ${roster.account}, ${oneLine(roster.name)}`;
  return [
    { name: "roster", text: `${called} (${roster.type})` },
    { name: "root e-mail", text: oneLine(roster.rootEmail) },
    ...GROUPS.map((name) => {
      const { threshold, custodians } = roster.groups[name];
      const of = `${threshold} of ${custodians.length}`;
      return { name: `${GROUP_WORDS[name]} group`, text: `${of}: ${named(roster, custodians)}` };
    }),
    { name: "may ask", text: named(roster, roster.requesters) },
    { name: "may seal", text: named(roster, roster.sealers) },
    { name: "policy", text: policyOf(roster) },
    { name: "log key", text: oneLine(roster.logKey) },
    { name: "witnesses", text: witnessesOf(roster) },
    ...(roster.retired
      ? [{ name: "retired", text: "no request or password is taken in this line any more" }]
      : []),
  ];
}

/**
 * What `fresh` changes against `old`, one sentence each; empty if nothing that counts.
 *
 * @param {Roster} old
 * @param {Roster} fresh
 * @returns {string[]}
 */
export function changes(old, fresh) {
  const lines = [];
  if (fresh.retired && !old.retired) {
    lines.push("ENDS THIS LINE OF THE ACCOUNT: no request or password is taken after it");
  }
  for (const name of GROUPS) lines.push(...groupChanges(old, fresh, name));
  const asking = "may ask for root access";
  lines.push(...listChanges(asking, old, fresh, old.requesters, fresh.requesters));
  lines.push(...listChanges("may seal passwords", old, fresh, old.sealers, fresh.sealers));
  /** @type {[Member, Member][]} */
  const stayed = [];
  for (const member of fresh.members.values()) {
    const before = old.members.get(member.person);
    if (before !== undefined) stayed.push([before, member]);
  }
  for (const [before, member] of stayed) {
    if (!sameIdentity(member, before)) lines.push(`${member.name} has new keys`);
  }
  for (const [before, member] of stayed) {
    if (member.name !== before.name) lines.push(`${before.name} is now called ${member.name}`);
  }
  return [...lines, ...facts(old, fresh)].map(oneLine);
}

/** @param {Roster} old @param {Roster} fresh @param {GroupName} name */
function groupChanges(old, fresh, name) {
  const before = old.groups[name];
  const after = fresh.groups[name];
  const what = `${GROUP_WORDS[name]} group`;
  const lines = listChanges(`in the ${what}`, old, fresh, before.custodians, after.custodians);
  if (before.threshold !== after.threshold) {
    lines.push(`the ${what} needs ${after.threshold} instead of ${before.threshold}`);
  }
  return lines;
}

/**
 * @param {string} what
 * @param {Roster} old
 * @param {Roster} fresh
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 */
function listChanges(what, old, fresh, before, after) {
  const came = after.filter((person) => !before.includes(person));
  const left = before.filter((person) => !after.includes(person));
  const lines = [];
  if (came.length) lines.push(`new: ${named(fresh, came)} — ${what}`);
  if (left.length) lines.push(`no longer: ${named(old, left)} — ${what}`);
  return lines;
}

/** @param {Roster} old @param {Roster} fresh */
function facts(old, fresh) {
  const pairs = [
    ["the account's name", old.name, fresh.name],
    ["the root e-mail", old.rootEmail, fresh.rootEmail],
    ["the account's type", old.type, fresh.type],
    ["the policy", policyOf(old), policyOf(fresh)],
    ["the log's key", old.logKey, fresh.logKey],
    ["the witnesses", witnessesOf(old), witnessesOf(fresh)],
  ];
  return pairs
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => `${what}: ${after} (was: ${before})`);
}

/**
 * A roster's policy in one sentence.
 *
 * @param {Roster} roster
 */
export function policyOf({ policy }) {
  const { requestLifetime, releaseWindow, denials, requesterSeals } = policy;
  const open = `a request is open for at most ${duration(requestLifetime)}`;
  const seals = requesterSeals ? "; a requester may seal the password after their release" : "";
  return `${open}, a release for ${duration(releaseWindow)}; ${DENIALS[denials]}${seals}`;
}

/**
 * Whose cosignatures a checkpoint is wanted to have, by the names of their keys.
 *
 * @param {Roster} roster
 */
export function witnessesOf({ witnesses, cosignedBy }) {
  if (!witnesses.length) return "none";
  const names = listing(witnesses.map((key) => key.split("+")[0]));
  return `${cosignedBy} of ${witnesses.length} cosign: ${names}`;
}

/** @param {Roster} roster @param {readonly string[]} people */
function named({ members }, people) {
  return listing(people.map((person) => members.get(person)?.name ?? person));
}
