/**
 * Both groups of a request side by side: who has decided, who is awaited, how many it still takes. Pure;
 * counted from verified decisions by the rule that counts a release.
 */

import { GROUPS } from "../domain/people.js";
import { EVER, lastWords, quorum } from "../domain/quorum.js";
import { commonCustodians } from "../domain/roster.js";
import { oneLine } from "../link/render.js";
import { groupName } from "./groups.js";
import { anyOf, personName } from "./people.js";
import { clock } from "./times.js";
import { tone } from "./tones.js";

/**
 * @typedef {import("../trust/shown.js").VerifiedDetail} VerifiedDetail
 * @typedef {import("./groups.js").GroupName} GroupName
 * @typedef {"approve" | "deny" | "awaited" | "new-keys" | "no-share" | "not-counted" | "silent"} Stand
 *   `awaited`: may still decide; `silent`: did not, and it is over; `not-counted`: an approval that does
 *   not hold
 * @typedef {object} Custodian
 * @property {string} person
 * @property {string} name `Ann`, `Ann (you)`
 * @property {boolean} me
 * @property {Stand} stand
 * @property {string} words `approved at 14:02 UTC`, `awaited`
 * @property {import("./tones.js").Tone} tone
 * @property {string} why the reason of a denial, or empty
 * @typedef {object} Column
 * @property {GroupName} group
 * @property {string} title `Password group`
 * @property {number} needed
 * @property {number} approved how many count
 * @property {number} short how many more it takes
 * @property {readonly Custodian[]} people as the roster lists them
 */

/**
 * The groups, password first.
 *
 * @param {Pick<VerifiedDetail, "about" | "chain" | "decisions" | "envelope">} verified without decisions
 *   that name another log
 * @param {object} given
 * @param {string} given.me the person who looks
 * @param {ReadonlySet<string>} given.newKeys whom the roster names with keys they do not have any more
 * @param {boolean} given.open whether decisions are still taken, by the service's state
 * @param {Date} given.now
 * @returns {Column[]}
 */
export function columns({ about, chain, decisions, envelope }, { me, newKeys, open, now }) {
  const { roster, request } = about;
  const manifestRoster = chain.named(envelope.roster);
  const { enteredAt } = request;
  const asked = { roster, manifestRoster, manifest: envelope, request, enteredAt, decisions };
  const count = quorum({ ...asked, untilSeq: EVER });
  const last = lastWords(decisions, { untilSeq: EVER });
  return GROUPS.map((group) => {
    const counted = count.counted[group];
    const holds = commonCustodians(roster, manifestRoster, group);
    const people = roster.groups[group].custodians.map((person) => {
      const decision = last.get(person);
      const shareless = !holds.has(person) || !envelope.holders.has(`${group} ${person}`);
      const stand = standOf({ decision, counted: counted.has(person), shareless, lost: newKeys.has(person), open });
      const words = inWords(stand, decision?.at, now);
      const why = stand === "deny" ? oneLine(decision?.reason ?? "") : "";
      const name = personName(chain, person, me);
      return { person, name, me: person === me, stand, words, tone: toneOf(stand), why };
    });
    const [needed, approved] = [count.needed[group], counted.size];
    const title = groupName(group).replace(/^p/, "P");
    return { group, title, needed, approved, short: Math.max(needed - approved, 0), people };
  });
}

/**
 * @param {{decision: import("../domain/quorum.js").Decision | undefined, counted: boolean,
 *   shareless: boolean, lost: boolean, open: boolean}} given
 * @returns {Stand}
 */
function standOf({ decision, counted, shareless, lost, open }) {
  if (decision && !decision.approves) return "deny";
  if (counted) return "approve";
  if (decision) return "not-counted";
  if (shareless) return "no-share";
  if (!open) return "silent";
  return lost ? "new-keys" : "awaited";
}

/** @param {Stand} stand @param {Date | undefined} at @param {Date} now */
function inWords(stand, at, now) {
  const time = at ? clock(at, now) : "";
  return {
    approve: `approved at ${time}`,
    deny: `denied at ${time}`,
    "not-counted": `approved at ${time}, which does not count`,
    "no-share": "holds no share of this password",
    "new-keys": "has new keys, cannot decide here",
    awaited: "has not decided yet",
    silent: "did not decide",
  }[stand];
}

/** @param {Stand} stand */
function toneOf(stand) {
  if (stand === "new-keys") return tone("custodian", stand);
  return tone("decision", stand === "not-counted" ? "deny" : stand);
}

/** Who may still decide in a group. @param {Column} column */
export function awaited({ people }) {
  return people.filter(({ stand }) => stand === "awaited");
}

/**
 * What one group still lacks: `1 more of the MFA group: Eli or Fay`; empty once it has enough.
 *
 * @param {Column} column
 */
export function lacking(column) {
  const { group, short } = column;
  if (!short) return "";
  const names = awaited(column).map(({ name }) => name);
  const what = `${short} more of the ${groupName(group)}`;
  // Those who denied may still change their word; it is theirs to do, and no one is waited for.
  if (names.length < short) return `${what}, and ${names.length ? `only ${names.join(" and ")} can still decide` : "no one is left to decide"}`;
  return `${what}: ${names.length === short ? names.join(" and ") : anyOf(names)}`;
}

/** What both groups still lack, in one sentence without its end; empty once both have enough.
 * @param {readonly Column[]} both */
export function waitingFor(both) {
  const found = both.map(lacking).filter(Boolean);
  return found.length ? `waiting for ${found.join("; and ")}` : "";
}
