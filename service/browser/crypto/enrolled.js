/** An identity: the statement by which a person enrolled two keys, verified with those keys. */

import { b64decode } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { PublicKeys } from "./publicKeys.js";
import { verify } from "./statement.js";

/**
 * @typedef {object} Enrolled `digest` is the statement's: a roster names a person by it
 * @property {string} digest
 * @property {string} person
 * @property {PublicKeys} keys
 */

/**
 * What an identity says; its own signature is verified. A digest pins the payload and not the
 * signature, so this is done on every fetch.
 * @param {import("./statement.js").Statement} statement
 * @returns {Promise<Enrolled>}
 * @throws {MalformedError} a statement of another kind
 * @throws {import("./errors.js").VerificationError} not signed with its own key
 */
export async function readIdentity(statement) {
  if (statement.kind !== "identity") throw new MalformedError("not an identity");
  const { person, encryption_key: encryption, signing_key: signing } = statement.payload;
  const keys = await PublicKeys.make(b64decode(encryption), b64decode(signing));
  await verify(statement, keys.signingKey);
  return Object.freeze({ digest: statement.digest, person, keys });
}
