/**
 * The words that are shown before anything is signed: one function for every kind of statement.
 * Pure, and the twin of `service/client/foundation/words/consents.py`; `tests/vectors/consents.json`
 * has what both return.
 */

import { closure, release, review } from "./consentEndings.js";
import { manifest, paper, papers, receipt } from "./consentEnvelopes.js";
import { identity, roster, slot } from "./consentPeople.js";
import { cancellation, decision, request } from "./consentRequests.js";

/**
 * What will be signed, perhaps without the fields that come from the key itself.
 *
 * @typedef {Readonly<Record<string, any>>} Payload
 */

/**
 * What was verified beside it, in plain data; the twin says of each value what it is, and which of
 * them are only said.
 *
 * @typedef {object} Context
 * @property {string} account
 * @property {string} called
 * @property {number} roster
 * @property {number} anchor
 * @property {string} day
 * @property {Readonly<Record<string, string>>} names
 * @property {readonly {account: string, verified: boolean, able: boolean}[]} beside
 * @property {string} source
 * @property {string} now
 * @property {readonly string[]} warnings
 * @property {Payload} request
 * @property {string} entered
 * @property {string} denials
 * @property {readonly string[]} approved
 * @property {boolean} withdraws
 * @property {"" | "alone" | "earlier"} ending
 * @property {Payload} envelope
 * @property {boolean} receipt
 * @property {readonly {request: string, reason: string, listed: boolean}[]} earlier
 * @property {Readonly<Record<string, {needed: number, people: readonly string[]}>>} groups
 * @property {readonly string[]} oldkeys
 * @property {string} email
 * @property {string} address
 * @property {number} since
 * @property {readonly string[]} changes
 * @property {readonly string[]} heard
 * @property {string} ends
 * @property {string} role
 * @property {boolean} replaces
 * @property {readonly string[]} waiting
 */

/**
 * What is shown; each text is one line, and nothing is markup.
 *
 * @typedef {object} Lines
 * @property {string} title
 * @property {[string, string][]} rows
 * @property {string[]} warnings
 * @property {string} effect
 * @property {string} button
 */

/** @type {ReadonlyMap<string, (payload: Payload, context: Context) => Lines>} */
export const KINDS = new Map([
  ["request", request],
  ["decision", decision],
  ["cancellation", cancellation],
  ["release", release],
  ["closure", closure],
  ["review", review],
  ["manifest", manifest],
  ["custody-receipt", receipt],
  ["paper", paper],
  ["papers", papers],
  ["roster", roster],
  ["slot", slot],
  ["identity", identity],
]);

/**
 * What is shown before a statement of this kind is signed.
 *
 * @param {string} kind
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function lines(kind, payload, context) {
  const words = KINDS.get(kind);
  if (words === undefined) throw new TypeError(`no words for a ${kind}`);
  for (const { account = context.account } of [payload, context.request]) {
    if (account !== context.account) throw new TypeError("what was verified is of another account");
  }
  return words(payload, context);
}
