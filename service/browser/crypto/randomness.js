/** The one place that reads the browser's random source. */

import { hex } from "./encoding.js";

/**
 * Bytes for keys, salts and nonces.
 * @param {number} count
 */
export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** A UUID of version 4 as lower-case text: 122 random bits. */
export function randomUuid() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * An integer from 0 to `bound - 1`, each equally likely (by rejection, no modulo).
 * @param {number} bound
 * @throws {RangeError} not an integer from 1 to 2^32
 */
export function randomBelow(bound) {
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
    throw new RangeError("a bound is from 1 to 2^32");
  }
  const mask = 2 ** Math.ceil(Math.log2(bound)) - 1;
  for (;;) {
    const drawn = new DataView(randomBytes(4).buffer).getUint32(0);
    const value = (drawn & mask) >>> 0;
    if (value < bound) return value;
  }
}
