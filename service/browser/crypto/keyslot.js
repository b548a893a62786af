/**
 * Key slots: how an identity's root lies on the server, wrapped once for each way to unlock it.
 * This half wraps; `unlock` is the other.
 */

import { encryptBlob, hkdf } from "./blob.js";
import { lp, sha256, utf8 } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { ROOT_LENGTH } from "./identity.js";
import { BLOB_OVERHEAD } from "./suite.js";

export const WRAPPED_ROOT_LENGTH = ROOT_LENGTH + BLOB_OVERHEAD;
const PRF_OUTPUT_LENGTH = 32;

/** `eval.first` of WebAuthn's PRF extension: SHA-256 of `bg1 prf`. */
export function prfInput() {
  return sha256(utf8("bg1 prf"));
}

/**
 * What a wrapped root is bound to, so that slots cannot be exchanged.
 * @param {string} person
 * @param {string} slot
 */
export function slotAad(person, slot) {
  return lp("bg1 slot", person, slot);
}

/**
 * Derive a slot key from what a passkey's PRF returned for `prfInput`.
 * @param {Uint8Array} prfOutput
 * @throws {MalformedError} not 32 bytes
 */
export async function passkeySlotKey(prfOutput) {
  if (prfOutput.length !== PRF_OUTPUT_LENGTH) {
    throw new MalformedError(`a passkey's output is ${PRF_OUTPUT_LENGTH} bytes`);
  }
  return hkdf(prfOutput, "bg1 slot passkey");
}

/**
 * Encrypt the root under a slot key: 60 bytes, bound to this person and slot.
 * @param {Uint8Array} slotKey
 * @param {Uint8Array} root
 * @param {string} person
 * @param {string} slot
 */
export async function wrapRoot(slotKey, root, person, slot) {
  return encryptBlob(slotKey, root, slotAad(person, slot));
}
