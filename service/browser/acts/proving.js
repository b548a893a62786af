/**
 * Before anything is signed: what an act relies on is proved to be in a log that continues the one
 * this browser remembers. Every signing act calls `before` ahead of its button, and once more ahead
 * of opening a share and of signing.
 */

import { fromPosted } from "../crypto/statement.js";
import { readyEnvelope } from "../device/readyEnvelopes.js";
import { EVER, lastWords } from "../domain/quorum.js";
import { now } from "../link/environment.js";
import { ClientRefusal, SecondPress } from "../link/errors.js";
import { part } from "../link/part.js";
import { handsOver, judge } from "../trust/before.js";
import { entryOf } from "../trust/entries.js";
import { named } from "./fetching.js";
import { acceptance, end, sealing } from "./relying.js";

/**
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../log/standing.js").LogNow} LogNow
 * @typedef {import("../trust/before.js").Act} Act
 * @typedef {import("../trust/before.js").Finding} Finding
 * @typedef {import("../trust/entries.js").Wanted} Wanted
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {{what: string, hear: string, wanted: Wanted, group?: GroupName, knows?: string, ends?: boolean}} Relied
 *   `knows` says who knows the password, where its requester has sealed it
 * @typedef {object} Subject what an act is about, all of it verified
 * @property {string} account
 * @property {string} person who acts
 * @property {readonly LogNow[]} logs as they came with it
 * @property {Roster | null} newest
 * @property {readonly Relied[]} relied
 * @property {Readonly<Record<GroupName, number>>} [needed] approvals in each group
 * @property {Envelope | null} [envelope] the one that the act names
 * @property {{version: number, confirmed: number, wanted: number} | null} [waiting]
 * @property {Omit<import("../trust/before.js").Asked, "leaf"> | null} [asked] the request, whose
 *   entry is the first that is relied on
 * @property {string} [drafted] the log's key that a draft names
 */

/** That `before` was asked about this very act: without one nothing is signed. */
export class Proved {
  /**
   * @param {readonly string[]} warnings sentences for people
   * @param {boolean} [alarmed] the log is not the one seen here, and the act goes on all the same
   * @param {boolean} [unseen] too few of the roster's witnesses have seen the request's entry
   */
  constructor(warnings, alarmed = false, unseen = false) {
    this.warnings = warnings;
    this.alarmed = alarmed;
    this.unseen = unseen;
    Object.freeze(this);
  }
}

/** @type {Set<string>} what someone has pressed a second time on this page */
const answered = new Set();

/**
 * Demand what has to be proved before an act. A denial and a cancellation are never refused: what
 * would refuse another act is among the warnings.
 *
 * Refused as `ClientRefusal` with a code of `trust/before`, `trust/growth` or `trust/log`; as
 * `SecondPress` where a second press goes on.
 *
 * @param {Act} act
 * @param {Subject} subject
 * @returns {Promise<Proved>}
 */
export async function before(act, subject) {
  const facts = await factsOf(act, subject);
  const { refusal, asks, remarks } = judge(facts);
  const known = subject.relied.flatMap(({ knows }) => (knows ? [knows] : []));
  if (refusal === null && asks.length + remarks.length === 0) return new Proved(known);
  if (refusal?.facts.alarm) throw refusal.facts.alarm;
  const { sentence } = await part(import("../words/before.js")); // mostly there is nothing to say
  if (refusal !== null) {
    throw new ClientRefusal(refusal.code, sentence(refusal), "nothing was signed or sent");
  }
  const place = [act, subject.account, subject.relied.map(({ wanted }) => wanted.request).join()].join(" ");
  const open = asks.filter((ask) => questions(place, ask).some((one) => !answered.has(one)));
  if (open.length) {
    const press = () => open.forEach((ask) => questions(place, ask).forEach((one) => answered.add(one)));
    throw new SecondPress(open[0].code, open.map(sentence).join(" "), { press });
  }
  const alarmed = remarks.some(({ facts }) => facts.alarm !== undefined);
  return new Proved([...known, ...remarks.map(sentence)], alarmed, facts.unseen);
}

/**
 * What one press answers.
 *
 * @param {string} place
 * @param {Finding} ask
 */
function questions(place, { code, facts }) {
  const missing = /** @type {{what: string}[]} */ (facts.missing ?? [{ what: "" }]);
  return missing.map(({ what }) => `${place} ${code} ${what}`);
}

/** @param {Act} act @param {Subject} subject @returns {Promise<import("../trust/before.js").Facts>} */
async function factsOf(act, { account, person, logs, newest, relied, ...given }) {
  let alarm = logs.find((log) => log.alarm !== null)?.alarm ?? null;
  const entries = [];
  for (const { what, hear, wanted, group, ends } of relied) {
    /** @type {import("../trust/entries.js").Leaf | null} */
    let leaf = null;
    try {
      leaf = await proven(logs, wanted);
    } catch (refused) {
      if (!(refused instanceof ClientRefusal)) throw refused;
      alarm ??= refused;
    }
    entries.push({ what, hear, leaf, ...(group && { group }), ...(ends && { ends }) });
  }
  const asked = given.asked ?? null;
  return {
    act,
    alarm,
    pinned: logs[logs.length - 1].verifierKey,
    named: newest?.logKey ?? "",
    ...(given.drafted === undefined ? {} : { drafted: given.drafted }),
    entries,
    needed: given.needed ?? { password: 0, mfa: 0 },
    asked: asked && { ...asked, leaf: entries[0].leaf },
    envelope: given.envelope ?? null,
    ready: await readyEnvelope(person, account),
    waiting: given.waiting ?? null,
    unseen: await unseenBy(act, { logs, newest, relied }, entries),
    own: now(),
    epoch: Math.max(...logs.map(({ epoch }) => epoch)),
  };
}

/**
 * Whether the request's entry is one that too few of the roster's witnesses have seen.
 *
 * @param {Act} act
 * @param {Pick<Subject, "logs" | "newest" | "relied">} subject
 * @param {readonly import("../trust/before.js").Entry[]} entries
 */
async function unseenBy(act, { logs, newest, relied }, entries) {
  const leaf = entries[0]?.leaf;
  if (!handsOver(act) || !newest?.cosignedBy || !leaf) return false;
  const { isUnseen } = await part(import("../log/outsiders.js"));
  return isUnseen(logs, newest, { place: leaf.seq, request: relied[0].wanted.request });
}

/** @param {readonly LogNow[]} logs @param {Wanted} wanted */
async function proven(logs, wanted) {
  for (const { checkpoint, leaves } of logs) {
    const leaf = checkpoint && (await entryOf(leaves, wanted, checkpoint));
    if (leaf) return leaf;
  }
  return null;
}

/**
 * What an act on a request relies on.
 *
 * @param {Act} act
 * @param {import("./requests.js").Shown} shown
 * @returns {Promise<Subject>}
 */
export async function onRequest(act, shown) {
  const { about, apart, chain, count, detail, envelope, logs, manifest, me, requesterName } = shown;
  const { request, roster, statement } = about;
  const { account, id, enteredAt, lifetime, offline } = request;
  /** @type {Relied[]} */
  const relied = [
    {
      what: "this request",
      hear: requesterName,
      wanted: {
        actions: ["request:opened", "request:imported"],
        subject: account,
        request: id,
        statement,
      },
    },
  ];
  if (act === "approve" || act === "deny") {
    relied.push(sealing(chain, envelope, manifest), acceptance(chain, roster));
  }
  if (act === "release") relied.push(...(await approvals(shown)), ...(apart.relied ?? []));
  if (act === "approve" || act === "release") relied.push(...end(chain));
  const signedAt = new Date(/** @type {any} */ (statement.payload).at);
  const place = /** @type {number} */ (detail.request.leaf);
  const asked = { requester: requesterName, signedAt, lifetime, offline, place, enteredAt };
  const { needed } = count;
  // All that is relied on comes with the request itself, so one press answers for all of it.
  const elsewhere = (act === "approve" && apart.refusal) || null;
  const alarm = logs.find((log) => log.alarm !== null)?.alarm ?? elsewhere;
  const own = [{ ...logs[0], alarm }];
  return { account, person: me.person, logs: own, newest: chain.newest, relied, needed, envelope, asked };
}

/**
 * The approvals that make the quorum, one of each person: none of another log.
 *
 * @param {import("./requests.js").Shown} shown
 * @returns {Promise<Relied[]>}
 */
async function approvals({ about, apart, chain, count, decisions, detail }) {
  const { account, id } = about.request;
  const statements = await Promise.all(detail.decisions.map((/** @type {any} */ one) => fromPosted(one.statement)));
  const signed = new Map(statements.map((one) => [one.digest, one]));
  return [...lastWords(apart.counted ?? decisions, { untilSeq: EVER }).values()]
    .filter(({ approves, custodian, group }) => approves && count.counted[group].has(custodian))
    .map(({ custodian, digest, group, seq }) => {
      const [name] = named(chain, [custodian]);
      return {
        what: `the approval of ${name}`,
        hear: name,
        group,
        wanted: {
          actions: ["request:approved"],
          actor: custodian,
          subject: account,
          request: id,
          seq,
          statement: /** @type {Statement} */ (signed.get(digest)),
        },
      };
    });
}
