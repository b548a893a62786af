/**
 * Suite bg1: HKDF-SHA256, AES-256-GCM and Ed25519, each called in exactly one way. HPKE has its own
 * modules.
 */

import { KEY_LENGTH, checkEdwardsPoint, checkMontgomeryPoint, checkScalar } from "./curve.js";
import { concat, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { randomBytes } from "./randomness.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

export const SUITE = "bg1";
export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;
export const BLOB_OVERHEAD = NONCE_LENGTH + TAG_LENGTH;
export const SIGNATURE_LENGTH = 64;
export const ENCAPSULATED_LENGTH = 32;
export const SEAL_OVERHEAD = ENCAPSULATED_LENGTH + TAG_LENGTH; // here: envelope needs it, not HPKE

/**
 * HMAC-SHA-256; an empty key stands for 32 zero bytes, which is the same (RFC 2104).
 * @param {Uint8Array} key
 * @param {Uint8Array} message
 * @returns {Promise<Bytes>}
 */
export async function hmac(key, message) {
  const imported = await crypto.subtle.importKey(
    "raw",
    /** @type {BufferSource} */ (key.length ? key : new Uint8Array(KEY_LENGTH)),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const data = /** @type {BufferSource} */ (message);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

/**
 * Derive 32 bytes with HKDF-SHA256 and an empty salt (RFC 5869).
 * @param {Uint8Array} key
 * @param {Uint8Array | string} info
 * @returns {Promise<Bytes>}
 */
export async function hkdf(key, info) {
  const material = /** @type {BufferSource} */ (key);
  const imported = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveBits"]);
  const bound = /** @type {BufferSource} */ (typeof info === "string" ? utf8(info) : info);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: bound };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, imported, 8 * KEY_LENGTH));
}

/**
 * `nonce || ciphertext || tag` of AES-256-GCM. The nonce is random: one key is good for 2^32 blobs
 * (NIST SP 800-38D, 8.3), and here encrypts once.
 * @param {Uint8Array} key
 * @param {Uint8Array} plaintext
 * @param {Uint8Array} aad
 * @throws {RangeError} the key is not 32 bytes
 */
export async function encryptBlob(key, plaintext, aad) {
  const nonce = randomBytes(NONCE_LENGTH);
  return concat(nonce, await encryptAt(key, nonce, plaintext, aad));
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} blob
 * @param {Uint8Array} aad
 * @throws {MalformedError} shorter than a nonce and a tag
 * @throws {VerificationError} another key, another aad, or the blob was changed
 */
export async function decryptBlob(key, blob, aad) {
  if (blob.length < BLOB_OVERHEAD) throw new MalformedError("an encrypted blob is too short");
  const opened = await decryptAt(
    key,
    blob.subarray(0, NONCE_LENGTH),
    blob.subarray(NONCE_LENGTH),
    aad,
  );
  if (!opened) {
    throw new VerificationError("an encrypted blob does not open with this key in this place");
  }
  return opened;
}

/**
 * AES-256-GCM under a nonce that the caller answers for.
 * @param {Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} plaintext
 * @param {Uint8Array} aad
 * @returns {Promise<Bytes>}
 */
export async function encryptAt(key, nonce, plaintext, aad) {
  const data = /** @type {BufferSource} */ (plaintext);
  const cipher = await aesKey(key, "encrypt");
  return new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, aad), cipher, data));
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} sealed ciphertext and tag
 * @param {Uint8Array} aad
 * @returns {Promise<Bytes | null>} null if the tag does not fit
 */
export async function decryptAt(key, nonce, sealed, aad) {
  const cipher = await aesKey(key, "decrypt");
  const data = /** @type {BufferSource} */ (sealed);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, aad), cipher, data));
  } catch {
    return null;
  }
}

/**
 * @param {Uint8Array} nonce
 * @param {Uint8Array} aad
 * @returns {AesGcmParams}
 */
function gcm(nonce, aad) {
  const parts = { iv: nonce, additionalData: aad, tagLength: 8 * TAG_LENGTH };
  return /** @type {AesGcmParams} */ ({ name: "AES-GCM", ...parts });
}

/**
 * @param {Uint8Array} key
 * @param {KeyUsage} use
 */
async function aesKey(key, use) {
  // 16 bytes would be AES-128.
  if (key.length !== KEY_LENGTH) throw new RangeError(`the key of a blob is ${KEY_LENGTH} bytes`);
  const material = /** @type {BufferSource} */ (key);
  return crypto.subtle.importKey("raw", material, "AES-GCM", false, [use]);
}

/**
 * @param {Uint8Array} key
 * @throws {MalformedError} not a canonical Ed25519 key of large order
 */
export function checkSigningKey(key) {
  checkEdwardsPoint(key);
}

/**
 * @param {Uint8Array} key
 * @throws {MalformedError} not a canonical X25519 key of large order
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
