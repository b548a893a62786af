/** The suite's HKDF-SHA256 and AES-256-GCM, each called in exactly one way. */

import { KEY_LENGTH } from "./curve.js";
import { concat, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { randomBytes } from "./randomness.js";
import { BLOB_OVERHEAD, NONCE_LENGTH, TAG_LENGTH } from "./suite.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

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
