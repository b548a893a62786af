/**
 * Which public keys and signature halves are refused before a primitive sees them: points of small
 * order, and encodings that are not the one of their point. Engines differ, so the rule is here.
 */

import { MalformedError } from "./errors.js";

export const KEY_LENGTH = 32;

const FIELD = 2n ** 255n - 19n;
const BELOW_SIGN = 2n ** 255n - 1n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n; // RFC 8032, section 5.1

// y of the eight points of edwards25519 whose order divides 8; each stands for both signs of x.
const ORDER_8_Y = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL_ORDER_Y = [0n, 1n, FIELD - 1n, ORDER_8_Y, FIELD - ORDER_8_Y];

// u of the points of curve25519 and of its twist whose order divides 8 (RFC 7748, section 6.1).
const SMALL_ORDER_U = [
  0n,
  1n,
  FIELD - 1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
];

/**
 * Refuse what may be neither an Ed25519 key nor the R of a signature. A point that is not on the
 * curve passes: no signature verifies under it.
 * @param {Uint8Array} encoded
 * @throws {MalformedError} not 32 bytes, y not below the field's prime, or of small order
 */
export function checkEdwardsPoint(encoded) {
  const y = littleEndian(encoded) & BELOW_SIGN;
  if (y >= FIELD) {
    throw new MalformedError("a signing key or signature is not in its canonical encoding");
  }
  if (SMALL_ORDER_Y.includes(y)) {
    throw new MalformedError("a signing key or signature is a point of small order");
  }
}

/**
 * Refuse a signature's S that is not below the group's order: it would be a second spelling.
 * @param {Uint8Array} encoded
 * @throws {MalformedError} not 32 bytes, or not reduced
 */
export function checkScalar(encoded) {
  if (littleEndian(encoded) >= ORDER) throw new MalformedError("a signature's S is not reduced");
}

/**
 * Refuse what may not be an X25519 public key.
 * @param {Uint8Array} encoded
 * @throws {MalformedError} not 32 bytes, u not below the field's prime, or of small order
 */
export function checkMontgomeryPoint(encoded) {
  const u = littleEndian(encoded);
  if (u >= FIELD) throw new MalformedError("an encryption key is not in its canonical encoding");
  if (SMALL_ORDER_U.includes(u)) {
    throw new MalformedError("an encryption key is a point of small order");
  }
}

/** @param {Uint8Array} encoded */
function littleEndian(encoded) {
  if (encoded.length !== KEY_LENGTH) throw new MalformedError(`a key is ${KEY_LENGTH} bytes`);
  return encoded.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
