/**
 * A request's private key as it lies in its requester's browser: wrapped by that person's root, so
 * that opening what was released always takes the phrase or the passkey.
 */

import { decryptBlob, encryptBlob, hkdf } from "./blob.js";
import { equal, lp } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { recipientFrom } from "./recipient.js";
import { BLOB_OVERHEAD } from "./suite.js";

/** @typedef {import("./recipient.js").Recipient} Recipient */

export const WRAPPED_KEY_LENGTH = 32 + BLOB_OVERHEAD;
const LABEL = "bg1 request key";

/**
 * The key that wraps this one request's private key; ids as text.
 * @param {Uint8Array} root
 * @param {string} person
 * @param {string} request
 */
export function wrappingKey(root, person, request) {
  return hkdf(root, lp(LABEL, person, request));
}

/**
 * What a wrapped key is bound to: its owner, its request and its public half.
 * @param {string} person
 * @param {string} request
 * @param {Uint8Array} recipientKey
 */
export function wrappedAad(person, request, recipientKey) {
  return lp(LABEL, person, request, recipientKey);
}

/**
 * Encrypt the 32 raw bytes of a request's private key under its owner's root: 60 bytes.
 * @param {Uint8Array} root
 * @param {Uint8Array} secret the caller's to wipe
 * @param {string} person
 * @param {string} request
 * @param {Uint8Array} recipientKey its public half
 */
export async function wrapRequestKey(root, secret, person, request, recipientKey) {
  const key = await wrappingKey(root, person, request);
  try {
    return await encryptBlob(key, secret, wrappedAad(person, request, recipientKey));
  } finally {
    key.fill(0);
  }
}

/**
 * The key pair that was wrapped for this person and request; its private half cannot be exported.
 * @param {Uint8Array} root
 * @param {Uint8Array} wrapped
 * @param {string} person
 * @param {string} request
 * @param {Uint8Array} recipientKey
 * @returns {Promise<Recipient>}
 * @throws {MalformedError} not the length of a wrapped key
 * @throws {VerificationError} another root, person, request or public key, or it was changed
 */
export async function unwrapRequestKey(root, wrapped, person, request, recipientKey) {
  if (wrapped.length !== WRAPPED_KEY_LENGTH) {
    throw new MalformedError(`a wrapped request key is ${WRAPPED_KEY_LENGTH} bytes`);
  }
  const key = await wrappingKey(root, person, request);
  try {
    const secret = await decryptBlob(key, wrapped, wrappedAad(person, request, recipientKey));
    const recipient = await recipientFrom(secret); // wipes it
    if (equal(recipient.publicKey, recipientKey)) return recipient;
  } finally {
    key.fill(0);
  }
  throw new VerificationError("a wrapped request key does not belong to its public key");
}
