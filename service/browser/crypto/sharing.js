/**
 * Splitting a content key among two groups, and combining it again. On a person's own device only.
 * SLIP-0039, extendable, iteration exponent 0, empty passphrase, 256-bit secret, both of two
 * groups; foreign shares are refused.
 */

import { text } from "./encoding.js";
import { MNEMONIC_WORDS } from "./envelope.js";
import { MalformedError, NotEnoughSharesError, VerificationError } from "./errors.js";
import { decodeMnemonic } from "./mnemonic.js";
import { GROUPS, GROUP_SIZE } from "./schema.js";
import { combineMnemonics, splitMnemonics } from "./slip39.js";

export const SECRET_LENGTH = 32;

/**
 * What a mnemonic says in the open: its set, its group, its place and its group's threshold.
 * @typedef {Readonly<{ identifier: number, group: string, member: number, threshold: number,
 *   mnemonic: string }>} Share
 */

/** What the share at one place of a roster's group must say; made by `expectedAt`. */
/** @typedef {Readonly<{ group: string, member: number, threshold: number }>} ExpectedShare */

/**
 * What `split` makes for the custodian at `place` of a group, counted from 0. SLIP-39 has no
 * 1-of-n: where the threshold is 1, everyone's share says member 0.
 * @param {string} group
 * @param {number} place
 * @param {number} threshold
 * @returns {ExpectedShare}
 */
export function expectedAt(group, place, threshold) {
  return Object.freeze({ group, member: threshold === 1 ? 0 : place, threshold });
}

/**
 * Compare what a share says of itself with what the roster asks for at its place. A sealer who
 * splits otherwise than the roster says could give one group all that it takes.
 * @param {ExpectedShare} share
 * @param {ExpectedShare} expected
 * @throws {VerificationError} another group, member or threshold
 */
export function checkShare(share, expected) {
  const { group, member, threshold } = expected;
  if (share.group === group && share.member === member && share.threshold === threshold) return;
  throw new VerificationError(`it is ${said(share)}, and the roster asks for ${said(expected)}`);
}

/** As people count: members from 1. @param {ExpectedShare} share */
function said({ group, member, threshold }) {
  return `share ${member + 1} of the ${group} group, ${threshold} needed`;
}

/**
 * One mnemonic for each member of both groups, given as [threshold, members]. SLIP-39 has no
 * 1-of-n: in a group with threshold 1 every member gets the same mnemonic.
 * @param {Uint8Array} secret
 * @param {readonly [number, number][]} groups
 * @throws {RangeError} not 32 bytes, not two groups, or not 1 <= threshold <= members <= 16
 */
export async function split(secret, groups) {
  if (secret.length !== SECRET_LENGTH || groups.length !== GROUPS.length) {
    throw new RangeError(
      `a secret of ${SECRET_LENGTH} bytes is split among ${GROUPS.length} groups`,
    );
  }
  if (!groups.every(([needed, all]) => 1 <= needed && needed <= all && all <= GROUP_SIZE)) {
    throw new RangeError(`a group has 1 <= threshold <= members <= ${GROUP_SIZE}`);
  }
  /** @type {[number, number][]} */
  const made = groups.map(([needed, all]) => [needed, needed === 1 ? 1 : all]);
  const sets = await splitMnemonics(secret, made);
  return sets.map((set, group) => {
    const [needed, all] = groups[group];
    return needed === 1 ? Array.from({ length: all }, () => set[0]) : set;
  });
}

/**
 * Parse what a custodian unsealed.
 * @param {Uint8Array} opened
 * @throws {MalformedError} not a mnemonic as `split` writes them
 */
export function readShare(opened) {
  return parseShare(text(opened));
}

/**
 * Parse a mnemonic in its one spelling: lower-case words, single spaces, good checksum.
 * @param {string} mnemonic
 * @returns {Share}
 * @throws {MalformedError} any other text, or a SLIP-39 share with other parameters than ours
 */
export function parseShare(mnemonic) {
  const share = decodeMnemonic(mnemonic);
  if (mnemonic.split(" ").length !== MNEMONIC_WORDS) {
    throw new MalformedError("a share is not a mnemonic of 33 words with a good checksum");
  }
  const { identifier, extendable, exponent, groupThreshold, groupCount, groupIndex } = share;
  const two = groupThreshold === GROUPS.length && groupCount === GROUPS.length;
  if (!extendable || exponent || !two || groupIndex >= GROUPS.length) {
    throw new MalformedError("a share was made by something else");
  }
  const { member, threshold } = share;
  return Object.freeze({ identifier, group: GROUPS[groupIndex], member, threshold, mnemonic });
}

/**
 * The secret, from exactly threshold shares of each group. Further shares of a group are left
 * aside, in the order given, and a repeated mnemonic counts once. Compare each share with its
 * commitment first: a wrong one is told apart only there.
 * @param {Iterable<string>} mnemonics
 * @throws {MalformedError} one of them is no share of this kind
 * @throws {NotEnoughSharesError} a group has fewer than its threshold
 * @throws {VerificationError} they do not belong together
 */
export async function combine(mnemonics) {
  const shares = [...new Set(mnemonics)].map(parseShare);
  if (new Set(shares.map(({ identifier }) => identifier)).size > 1) {
    throw new VerificationError("the shares are of different envelopes");
  }
  const chosen = GROUPS.flatMap((group) => enough(shares, group));
  return combineMnemonics(
    chosen.map(({ mnemonic }) => mnemonic),
    new Uint8Array(0),
  );
}

/**
 * Exactly threshold shares of a group, the first ones given.
 * @param {Share[]} shares
 * @param {string} group
 */
function enough(shares, group) {
  const members = shares.filter((share) => share.group === group);
  const thresholds = new Set(members.map(({ threshold }) => threshold));
  const places = new Set(members.map(({ member }) => member));
  if (thresholds.size > 1 || places.size !== members.length) {
    throw new VerificationError(`shares of the ${group} group contradict each other`);
  }
  const [needed = 1] = thresholds;
  if (members.length < needed) {
    const has = `${members.length} of ${needed} shares`;
    throw new NotEnoughSharesError(`the ${group} group has ${has}`);
  }
  return members.slice(0, needed);
}
