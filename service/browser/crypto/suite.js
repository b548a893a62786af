/**
 * Suite bg1: its name, its lengths, its keys, and Ed25519 called in exactly one way. HKDF and
 * AES-GCM are in `blob`, HPKE in `seal` and `unseal`: who only reads does not load them.
 */

import { KEY_LENGTH, checkEdwardsPoint, checkMontgomeryPoint, checkScalar } from "./curve.js";
import { VerificationError } from "./errors.js";

export const SUITE = "bg1";
export const SUITES = Object.freeze([SUITE]); // a later one comes with the checks of its keys
export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;
export const BLOB_OVERHEAD = NONCE_LENGTH + TAG_LENGTH;
export const SIGNATURE_LENGTH = 64;
export const ENCAPSULATED_LENGTH = 32;
export const SEAL_OVERHEAD = ENCAPSULATED_LENGTH + TAG_LENGTH;

/**
 * @param {Uint8Array} key
 * @throws {import("./errors.js").MalformedError} not a canonical Ed25519 key of large order
 */
export function checkSigningKey(key) {
  checkEdwardsPoint(key);
}

/**
 * @param {Uint8Array} key
 * @throws {import("./errors.js").MalformedError} not a canonical X25519 key of large order
 */
export function checkEncryptionKey(key) {
  checkMontgomeryPoint(key);
}

/**
 * Verify an Ed25519 signature (RFC 8032); return only if it is good. Key, R and S are checked here:
 * no engine is trusted to refuse all that protocol.md refuses.
 * @param {Uint8Array} key
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 * @throws {VerificationError} for every way in which it is not good, a malformed key included
 */
export async function verifySignature(key, signature, message) {
  if (!(await isGood(key, signature, message))) {
    throw new VerificationError("a signature does not verify");
  }
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 */
async function isGood(key, signature, message) {
  try {
    checkEdwardsPoint(key);
    checkEdwardsPoint(signature.subarray(0, KEY_LENGTH));
    checkScalar(signature.subarray(KEY_LENGTH));
    const [point, signed, data] = /** @type {BufferSource[]} */ ([key, signature, message]);
    const imported = await crypto.subtle.importKey("raw", point, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signed, data);
  } catch (error) {
    // A browser without Ed25519 must not pass for a forgery.
    if (error instanceof Error && error.name === "NotSupportedError") throw error;
    return false;
  }
}
