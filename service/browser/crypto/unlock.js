/** Unwrapping an identity's root, on its owner's device only. The other half is `keyslot`. */

import { decryptBlob } from "./blob.js";
import { MalformedError } from "./errors.js";
import { WRAPPED_ROOT_LENGTH, slotAad } from "./keyslot.js";

/**
 * The root that `wrapRoot` encrypted with this key for this person and slot. Whose root it is, the
 * caller still has to compare: derive the public keys, look in the roster.
 * @param {Uint8Array} slotKey
 * @param {Uint8Array} wrapped
 * @param {string} person
 * @param {string} slot
 * @throws {MalformedError} not the length of a wrapped root
 * @throws {import("./errors.js").VerificationError} another key, person or slot, or it was changed
 */
export async function unwrapRoot(slotKey, wrapped, person, slot) {
  if (wrapped.length !== WRAPPED_ROOT_LENGTH) {
    throw new MalformedError(`a wrapped root is ${WRAPPED_ROOT_LENGTH} bytes`);
  }
  return decryptBlob(slotKey, wrapped, slotAad(person, slot));
}
