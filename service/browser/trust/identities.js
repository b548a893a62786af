/**
 * Identities beside a chain: a roster names people by the digest of the statement by which they
 * enrolled their keys. A digest pins what the statement says and not its signature, so each one is
 * verified on every fetch. Code of lies: `identity-forged` (no identity, or not signed with its own
 * key). That one is missing, or is another person's, the rules of rosters say: `identity-missing`.
 */

import { readIdentity } from "../crypto/enrolled.js";
import { MalformedError, VerificationError } from "../crypto/errors.js";
import { fromPosted } from "../crypto/statement.js";
import { ClientRefusal } from "../link/errors.js";
import { newerRelease } from "./statements.js";

/**
 * @typedef {import("../domain/people.js").Identities} Identities
 */

/**
 * Parse identities and verify each with its own key. Refused: `identity-forged`, `unknown-suite`.
 *
 * @param {unknown} given the API's list
 * @returns {Promise<Identities>}
 */
export async function verifyIdentities(given) {
  if (!Array.isArray(given)) throw forged("no list of identities came");
  const found = await Promise.all(given.map(verified));
  return new Map(found.map((one) => [one.digest, one]));
}

/** @param {unknown} dsse */
async function verified(dsse) {
  try {
    const { digest, person, keys } = await readIdentity(await fromPosted(dsse));
    const { encryptionKey, signingKey } = keys;
    return Object.freeze({ digest, person, encryptionKey, signingKey });
  } catch (refused) {
    throw newerRelease(refused) ?? asForged(refused);
  }
}

/** @param {unknown} refused */
function asForged(refused) {
  if (refused instanceof VerificationError) {
    return forged("somebody's identity is not signed with its own key");
  }
  // What is no object at all is a TypeError, and no better.
  if (refused instanceof MalformedError || refused instanceof TypeError) {
    return forged(`somebody's identity: ${refused.message}`);
  }
  return refused;
}

/** @param {string} message */
function forged(message) {
  return new ClientRefusal(
    "identity-forged",
    message,
    "do not go on; ask the operator what happened, and speak to your fellow custodians",
  );
}
