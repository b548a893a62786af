/** Whom something can be sealed to: a private key that stays on one device, with its public one. */

import { unhex } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { agree } from "./hpke.js";

/**
 * A private key that cannot be exported, with its public one.
 * @typedef {{ privateKey: CryptoKey, publicKey: Uint8Array }} Recipient
 */

const PRIVATE_LENGTH = 32;
const PKCS8_X25519 = unhex("302e020100300506032b656e04220420"); // RFC 8410, before the key
const BASE_POINT = Uint8Array.from({ length: PRIVATE_LENGTH }, (_, place) => (place ? 0 : 9));

/** Key pairs for one request: made for it, kept on one device, destroyed with it. */
export const RecipientKey = {
  /**
   * A fresh key pair, whose private half nobody can export.
   * @returns {Promise<Recipient>}
   */
  async generate() {
    const made = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
    const { privateKey, publicKey } = /** @type {CryptoKeyPair} */ (made);
    return {
      privateKey,
      publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)),
    };
  },

  /**
   * @param {Uint8Array} secret it is wiped
   * @throws {MalformedError} not 32 bytes
   */
  fromPrivate: recipientFrom,
};

/**
 * Import a private key and wipe it. The public key is the agreement with the base point (RFC 7748,
 * section 6.1), so that the private one need never be exported to learn it.
 * @param {Uint8Array} secret
 * @returns {Promise<Recipient>}
 * @throws {MalformedError} not 32 bytes
 */
export async function recipientFrom(secret) {
  if (secret.length !== PRIVATE_LENGTH) {
    throw new MalformedError(`a private key is ${PRIVATE_LENGTH} bytes`);
  }
  const pkcs8 = new Uint8Array([...PKCS8_X25519, ...secret]);
  secret.fill(0);
  try {
    const use = /** @type {KeyUsage[]} */ (["deriveBits"]);
    const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", false, use);
    return { privateKey, publicKey: await agree(privateKey, BASE_POINT) };
  } finally {
    pkcs8.fill(0);
  }
}
