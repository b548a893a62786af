/**
 * What a client believes of a request and the decisions on it. Codes of lies: `request-forged` (not
 * signed by a requester of the roster it names), `request-replaced` (of another account), `request-over-policy`, `decision-forged`, `decision-for-another-request`,
 * `decision-wrong-group`, `decision-twice`.
 */

import { b64decode, parseTime } from "../crypto/encoding.js";
import { MalformedError } from "../crypto/errors.js";
import { requestFromPayload } from "../domain/request.js";
import { custodian, groupOf } from "../domain/roster.js";
import { ClientRefusal } from "../link/errors.js";
import { malformed, read, signedBy } from "./statements.js";

/**
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/people.js").Member} Member
 * @typedef {import("../domain/quorum.js").Decision} Decision
 * @typedef {import("../domain/request.js").Request} Request
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 * @typedef {{statement: any, leaf: number, at: string}} Entered the API's: a statement in the log
 * @typedef {{request: Request, statement: Statement, roster: Roster}} VerifiedRequest a request as
 *   its requester signed it; `request.enteredAt` is what the service says
 */

/**
 * The log's time of a statement; refused: `malformed-statement`.
 *
 * @param {string} text
 */
export function entryTime(text) {
  try {
    return parseTime(text);
  } catch (refused) {
    if (!(refused instanceof MalformedError)) throw refused;
    throw malformed("the service sent a time that is none");
  }
}

/**
 * The leaf index of a statement: what orders decisions must be a number, or it orders nothing.
 *
 * @param {any} entered
 * @returns {number}
 */
export function leafOf(entered) {
  if (Number.isSafeInteger(entered?.leaf) && entered.leaf >= 0) return entered.leaf;
  throw malformed("the service sent a leaf index that is none");
}

/**
 * Verify a request as the log received it.
 *
 * @param {Entered} entered
 * @param {VerifiedChain} chain
 */
export function verifyRequest(entered, chain) {
  return verifyRequestStatement(entered.statement, entryTime(entered.at), chain);
}

/**
 * Verify a request by the keys of the roster that it names, and that roster's policy. Refused:
 * `malformed-statement`, `roster-unknown`, `request-forged`, `request-replaced`,
 * `request-over-policy`.
 *
 * @param {any} dsse
 * @param {Date} enteredAt
 * @param {VerifiedChain} chain
 * @returns {Promise<VerifiedRequest>}
 */
export async function verifyRequestStatement(dsse, enteredAt, chain) {
  const statement = await read(dsse, "request");
  const { payload } = statement;
  const roster = chain.named(payload.roster);
  const { requester } = payload;
  const member = roster.requesters.includes(requester) ? roster.members.get(requester) : undefined;
  await signedBy(statement, member, { code: "request-forged", what: "the request" });
  const recipientKey = b64decode(payload.recipient_key);
  const request = requestFromPayload(payload, statement.digest, { recipientKey, enteredAt });
  if (request.account !== roster.account) {
    throw new ClientRefusal("request-replaced", "the request is for another account");
  }
  const { requestLifetime, releaseWindow } = roster.policy;
  if (request.lifetime > requestLifetime || request.window > releaseWindow) {
    throw new ClientRefusal(
      "request-over-policy",
      "the request asks for longer than the roster's policy permits",
    );
  }
  return Object.freeze({ request, statement, roster });
}

/**
 * Verify every decision on a request; returned in the order in which the log has them. Refused:
 * `malformed-statement`, `decision-forged`, `decision-wrong-group`,
 * `decision-for-another-request`, `decision-twice`.
 *
 * @param {readonly Entered[]} decisions
 * @param {VerifiedRequest} about
 */
export async function verifyDecisions(decisions, about) {
  const verified = [];
  for (const entered of decisions) {
    const place = { seq: leafOf(entered), at: entryTime(entered.at) };
    verified.push(await verifyDecision(entered.statement, about, place));
  }
  // A withdrawn approval that is shown again as a newer leaf would undo its denial.
  const digests = new Set(verified.map((one) => one.digest));
  const places = new Set(verified.map((one) => one.seq));
  if (digests.size !== verified.length || places.size !== verified.length) {
    throw new ClientRefusal("decision-twice", "the service shows one decision twice");
  }
  return verified.sort((a, b) => a.seq - b.seq);
}

/**
 * Verify one decision by the keys of the roster that the request names.
 *
 * @param {any} dsse
 * @param {VerifiedRequest} about
 * @param {{seq: number, at: Date}} given where the log has it
 * @returns {Promise<Decision>}
 */
export async function verifyDecision(dsse, about, { seq, at }) {
  const statement = await read(dsse, "decision");
  const { payload } = statement;
  if (payload.request !== about.request.digest) {
    throw new ClientRefusal("decision-for-another-request", "a decision is on another request");
  }
  const { group, custodian: person } = payload;
  const member = custodian(about.roster, person, group);
  if (member === undefined && groupOf(about.roster, person) !== null) {
    throw new ClientRefusal("decision-wrong-group", "a decision was counted in the wrong group");
  }
  await signedBy(statement, member, { code: "decision-forged", what: "a decision" });
  return Object.freeze({
    custodian: person,
    group,
    approves: payload.decision === "approve",
    reason: payload.reason,
    resealDigest: payload.resealed_share_digest,
    seq,
    at,
    digest: statement.digest,
  });
}
