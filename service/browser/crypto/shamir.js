/**
 * Shamir's secret sharing of SLIP-0039: polynomials over GF(256) with Rijndael's modulus, one for
 * each byte. Tables are not constant-time: this runs only where the secret is shown anyway.
 */

import { hmac } from "./blob.js";
import { concat, equal } from "./encoding.js";
import { VerificationError } from "./errors.js";
import { randomBytes } from "./randomness.js";

/** @typedef {{ x: number, data: Uint8Array }} Point */

const SECRET_INDEX = 255;
const DIGEST_INDEX = 254;
const DIGEST_LENGTH = 4;

const EXP = new Uint8Array(255);
const LOG = new Uint8Array(256);
for (let place = 0, value = 1; place < EXP.length; place++) {
  EXP[place] = value;
  LOG[value] = place;
  value ^= value << 1; // times x + 1, a generator
  if (value & 0x100) value ^= 0x11b;
}

/**
 * The value at `x` of the polynomials through these points.
 * @param {readonly Point[]} points each at its own place, all of one length
 * @param {number} x
 * @returns {Uint8Array}
 */
function interpolate(points, x) {
  const known = points.find((point) => point.x === x);
  if (known) return known.data;
  const product = points.reduce((sum, point) => sum + LOG[point.x ^ x], 0);
  const result = new Uint8Array(points[0].data.length);
  for (const { x: place, data } of points) {
    const others = points.reduce((sum, { x: other }) => sum + LOG[place ^ other], 0); // LOG[0] is 0
    const basis = (((product - LOG[place ^ x] - others) % 255) + 255) % 255;
    data.forEach((byte, i) => {
      if (byte) result[i] ^= EXP[(LOG[byte] + basis) % 255];
    });
  }
  return result;
}

/**
 * Four bytes that tell a wrong set of shares from a right one.
 * @param {Uint8Array} random
 * @param {Uint8Array} secret
 */
async function digestOf(random, secret) {
  return (await hmac(random, secret)).slice(0, DIGEST_LENGTH);
}

/**
 * Shares at the places 0 to `count - 1`, of which `threshold` recover the secret.
 * @param {number} threshold 1 to `count`; 1 gives the secret itself
 * @param {number} count at most 16
 * @param {Uint8Array} secret
 * @returns {Promise<Point[]>}
 */
export async function splitSecret(threshold, count, secret) {
  const places = Array.from({ length: count }, (_, x) => x);
  if (threshold === 1) return places.map((x) => ({ x, data: secret }));
  const drawn = places
    .slice(0, threshold - 2)
    .map((x) => ({ x, data: randomBytes(secret.length) }));
  const random = randomBytes(secret.length - DIGEST_LENGTH);
  const digest = concat(await digestOf(random, secret), random);
  const base = [...drawn, { x: DIGEST_INDEX, data: digest }, { x: SECRET_INDEX, data: secret }];
  return places.map((x) => ({ x, data: interpolate(base, x) }));
}

/**
 * The secret of exactly `threshold` shares.
 * @param {number} threshold
 * @param {readonly Point[]} points
 * @throws {VerificationError} one place twice, different lengths, or the digest does not fit
 */
export async function recoverSecret(threshold, points) {
  if (threshold === 1) return points[0].data;
  const places = new Set(points.map(({ x }) => x));
  const lengths = new Set(points.map(({ data }) => data.length));
  if (places.size === points.length && lengths.size === 1) {
    const secret = interpolate(points, SECRET_INDEX);
    const digest = interpolate(points, DIGEST_INDEX);
    const expected = await digestOf(digest.subarray(DIGEST_LENGTH), secret);
    if (equal(digest.subarray(0, DIGEST_LENGTH), expected)) return secret;
  }
  throw new VerificationError("the shares do not belong together");
}
