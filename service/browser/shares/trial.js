/** A request's key is tried before anything is sealed to it: one that opens nothing loses shares. */

import { equal, utf8 } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { randomBytes } from "../crypto/randomness.js";
import { seal } from "../crypto/seal.js";
import { unseal } from "../crypto/unseal.js";

/**
 * Whether a key opens what is sealed to its public half.
 *
 * @param {import("../crypto/recipient.js").Recipient} key
 */
export async function opens(key) {
  const info = utf8("bg1 trial"); // the info of nothing that is ever sent
  const secret = randomBytes(32);
  try {
    return equal(await unseal(key, info, await seal(key.publicKey, info, secret)), secret);
  } catch (error) {
    // A CryptoKey that a browser restored wrongly may refuse to be used at all.
    if (error instanceof CryptoError || error instanceof DOMException) return false;
    throw error;
  }
}
