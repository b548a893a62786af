/**
 * SLIP-0039 whole: a master secret, encrypted under a passphrase, among groups of members. What of
 * it this project uses, `sharing` says.
 */

import { concat, utf8 } from "./encoding.js";
import { VerificationError } from "./errors.js";
import { decodeMnemonic, encodeMnemonic } from "./mnemonic.js";
import { pbkdf2 } from "./pbkdf2.js";
import { randomBelow } from "./randomness.js";
import { recoverSecret, splitSecret } from "./shamir.js";

/** @typedef {import("./mnemonic.js").Encoded} Encoded */
/** @typedef {{ identifier: number, extendable: boolean, exponent: number }} Parameters */

const ROUNDS = [0, 1, 2, 3];
const ITERATIONS = 2500; // of each round, before the exponent

/**
 * Split an extendable secret with exponent 0 and an empty passphrase; all groups are needed.
 * @param {Uint8Array} secret
 * @param {readonly [number, number][]} groups threshold and members of each
 * @returns {Promise<string[][]>}
 */
export async function splitMnemonics(secret, groups) {
  const parameters = { identifier: randomBelow(2 ** 15), extendable: true, exponent: 0 };
  const hidden = await feistel(secret, new Uint8Array(0), parameters, ROUNDS);
  const parts = await splitSecret(groups.length, groups.length, hidden);
  const sets = groups.map(async ([threshold, members], groupIndex) => {
    const points = await splitSecret(threshold, members, parts[groupIndex].data);
    const place = { groupIndex, groupThreshold: groups.length, groupCount: groups.length };
    return points.map(({ x, data }) =>
      encodeMnemonic({ ...parameters, ...place, member: x, threshold, value: data }),
    );
  });
  return Promise.all(sets);
}

/**
 * The secret of exactly the shares that are needed.
 * @param {readonly string[]} mnemonics
 * @param {Uint8Array} passphrase
 * @throws {import("./errors.js").MalformedError} one of them is no share
 * @throws {VerificationError} too few, too many, or not of one set
 */
export async function combineMnemonics(mnemonics, passphrase) {
  const shares = [...new Set(mnemonics)].map(decodeMnemonic);
  const [first] = shares;
  if (!first || new Set(shares.map(common)).size !== 1) refuse();
  const indices = new Set(shares.map(({ groupIndex }) => groupIndex));
  if (indices.size !== first.groupThreshold) refuse();
  const groups = [...indices].map(async (x) => ({
    x,
    data: await groupSecret(shares.filter(({ groupIndex }) => groupIndex === x)),
  }));
  const points = await Promise.all(groups);
  const hidden = await recoverSecret(first.groupThreshold, points);
  return feistel(hidden, passphrase, first, [...ROUNDS].reverse());
}

/** @param {Encoded[]} members */
async function groupSecret(members) {
  const { threshold } = members[0];
  const points = members.map(({ member, value }) => ({ x: member, data: value }));
  if (members.some((one) => one.threshold !== threshold) || points.length !== threshold) refuse();
  return recoverSecret(threshold, points);
}

/** @param {Encoded} share */
function common({ identifier, extendable, exponent, groupThreshold, groupCount }) {
  return [identifier, extendable, exponent, groupThreshold, groupCount].join();
}

/** @returns {never} */
function refuse() {
  throw new VerificationError("the shares do not belong together");
}

/**
 * The four rounds that turn a secret into an encrypted one, and in reverse order back.
 * @param {Uint8Array} secret
 * @param {Uint8Array} passphrase
 * @param {Parameters} parameters
 * @param {readonly number[]} rounds
 */
async function feistel(secret, passphrase, { identifier, extendable, exponent }, rounds) {
  const salt = extendable
    ? new Uint8Array(0)
    : concat(utf8("shamir"), new Uint8Array([identifier >> 8, identifier & 255]));
  let left = secret.slice(0, secret.length / 2);
  let right = secret.slice(secret.length / 2);
  for (const round of rounds) {
    const password = concat(new Uint8Array([round]), passphrase);
    const iterations = ITERATIONS * 2 ** exponent;
    const mask = await pbkdf2(password, concat(salt, right), iterations, right.length);
    [left, right] = [right, left.map((byte, place) => byte ^ mask[place])];
  }
  return concat(right, left);
}
