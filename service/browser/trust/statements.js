/**
 * Statements as the service sends them, before anything is believed of them. Codes:
 * `malformed-statement` (not a statement, or one of another kind), `unknown-suite` (of a suite that
 * this release does not have).
 */

import { b64decode } from "../crypto/encoding.js";
import { CryptoError, UnknownSuiteError, VerificationError } from "../crypto/errors.js";
import { fromPosted, unsigned, verify } from "../crypto/statement.js";
import { ClientRefusal } from "../link/errors.js";

/**
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/people.js").Member} Member
 */

/**
 * Parse a statement of one kind, from the API's JSON. Nothing is verified yet.
 *
 * @param {any} dsse
 * @param {string} kind
 * @returns {Promise<Statement>}
 */
export async function read(dsse, kind) {
  const statement = await parsed(fromPosted(dsse), `a ${kind}`);
  if (statement.kind !== kind) {
    throw malformed(`the service sent a ${statement.kind} in place of a ${kind}`);
  }
  return statement;
}

/**
 * Parse a roster that no one has signed yet, from the API's text.
 *
 * @param {string} payload
 * @returns {Promise<Statement>}
 */
export async function readDrafted(payload) {
  return parsed((async () => unsigned("roster", b64decode(payload)))(), "a draft");
}

/**
 * @param {Promise<Statement>} reading
 * @param {string} what
 */
async function parsed(reading, what) {
  try {
    return await reading;
  } catch (refused) {
    const newer = newerRelease(refused);
    if (newer) throw newer;
    // What is no object at all is a TypeError, and no better.
    if (!(refused instanceof CryptoError || refused instanceof TypeError)) throw refused;
    throw malformed(`the service sent ${what}: ${refused.message}`);
  }
}

/** @param {string} message */
export function malformed(message) {
  return new ClientRefusal("malformed-statement", message);
}

/**
 * The refusal where this release is too old for a statement; else null.
 *
 * @param {unknown} refused
 */
export function newerRelease(refused) {
  if (!(refused instanceof UnknownSuiteError)) return null;
  return new ClientRefusal(
    "unknown-suite",
    "this statement needs a newer release of the application",
    "load the page again; if that does not help, ask the operator to upgrade the service",
  );
}

/**
 * Demand that exactly this member has signed; else refuse with `code`.
 *
 * @param {Statement} statement
 * @param {Member | undefined} member
 * @param {{code: string, what: string}} given
 */
export async function signedBy(statement, member, { code, what }) {
  if (member === undefined) {
    throw new ClientRefusal(code, `${what} was signed by somebody whom the roster does not name`);
  }
  try {
    await verify(statement, member.signingKey);
  } catch (refused) {
    if (!(refused instanceof VerificationError)) throw refused;
    throw new ClientRefusal(code, `${what} was not signed by ${member.name}`);
  }
}
