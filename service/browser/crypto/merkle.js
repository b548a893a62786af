/**
 * Merkle trees of RFC 6962, section 2.1: what a proof must satisfy. Leaves are numbered from 0.
 * Every function but `leafHash` takes leaf *hashes*, 32 bytes each, never leaves.
 */

import { concat, equal, sha256 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";

export const HASH_LENGTH = 32;

/** The root of a tree without leaves. */
export function emptyRoot() {
  return sha256(new Uint8Array(0));
}

/** @param {Uint8Array} leaf */
export function leafHash(leaf) {
  return sha256(concat(new Uint8Array([0]), leaf));
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export function nodeHash(left, right) {
  return sha256(concat(new Uint8Array([1]), left, right));
}

/**
 * Check that the leaf with hash `leaf` is number `index` of the tree (RFC 9162, 2.1.3.2).
 * @param {Uint8Array} leaf
 * @param {number} index
 * @param {number} size
 * @param {readonly Uint8Array[]} proof
 * @param {Uint8Array} expectedRoot
 * @throws {MalformedError} a hash is not 32 bytes
 * @throws {VerificationError} another leaf, place, tree or proof
 */
export async function verifyInclusion(leaf, index, size, proof, expectedRoot) {
  checkHashes([leaf, expectedRoot, ...proof]);
  if (!(index >= 0 && index < size)) {
    throw new VerificationError("the leaf's index lies outside the tree");
  }
  const way = climb(index, size - 1, proof.length, "inclusion");
  let result = leaf;
  for (const [step, sibling] of proof.entries()) {
    result = way[step] ? await nodeHash(sibling, result) : await nodeHash(result, sibling);
  }
  if (!equal(result, expectedRoot)) {
    throw new VerificationError("the inclusion proof does not lead to the root");
  }
}

/**
 * Check that the tree of `old` leaves is a prefix of the one of `size` (RFC 9162, 2.1.4.2). An
 * empty old tree proves nothing and is refused; trees of one size need an empty proof.
 * @param {number} old
 * @param {number} size
 * @param {Uint8Array} oldRoot
 * @param {Uint8Array} newRoot
 * @param {readonly Uint8Array[]} proof
 * @throws {MalformedError} a hash is not 32 bytes
 * @throws {VerificationError} the proof does not connect the two roots
 */
export async function verifyConsistency(old, size, oldRoot, newRoot, proof) {
  checkHashes([oldRoot, newRoot, ...proof]);
  if (!(old > 0 && old <= size)) {
    throw new VerificationError("no consistency proof exists between trees of these sizes");
  }
  if (old === size) {
    if (proof.length || !equal(oldRoot, newRoot)) {
      throw new VerificationError("two trees of one size have different roots");
    }
    return;
  }
  const [start, last, whole] = complete(old - 1, size - 1);
  const path = whole ? [oldRoot, ...proof] : proof;
  if (!path.length) throw new VerificationError("the consistency proof is too short");
  const [oldFound, newFound] = await fold(start, last, path);
  if (!equal(oldFound, oldRoot) || !equal(newFound, newRoot)) {
    throw new VerificationError("the consistency proof does not connect the two roots");
  }
}

/**
 * Go up to the largest complete subtree that both trees share at the old one's edge; `whole` says
 * that it is the whole old tree, whose root the proof leaves out.
 * @param {number} place
 * @param {number} last
 * @returns {[number, number, boolean]}
 */
function complete(place, last) {
  while (place % 2) [place, last] = [half(place), half(last)];
  return [place, last, place === 0];
}

/**
 * Compute both roots from one path; the first hash is the subtree that they share.
 * @param {number} place
 * @param {number} last
 * @param {readonly Uint8Array[]} path
 */
async function fold(place, last, path) {
  const way = climb(place, last, path.length - 1, "consistency");
  let [oldRoot] = path;
  let newRoot = oldRoot;
  for (const [step, sibling] of path.slice(1).entries()) {
    if (way[step]) {
      oldRoot = await nodeHash(sibling, oldRoot);
      newRoot = await nodeHash(sibling, newRoot);
    } else {
      newRoot = await nodeHash(newRoot, sibling);
    }
  }
  return [oldRoot, newRoot];
}

/**
 * For each hash of a path, whether it stands on the left. Levels at which a right edge without
 * sibling is passed on unchanged are skipped.
 * @param {number} place
 * @param {number} last
 * @param {number} length
 * @param {string} kind
 * @throws {VerificationError} the path has more or fewer hashes than the tree has levels
 */
function climb(place, last, length, kind) {
  const way = [];
  while (last > 0 && way.length <= length) {
    const left = place % 2 === 1 || place === last;
    way.push(left);
    if (left) while (place && place % 2 === 0) [place, last] = [half(place), half(last)];
    [place, last] = [half(place), half(last)];
  }
  if (way.length !== length) {
    const what = way.length > length ? "short" : "long";
    throw new VerificationError(`the ${kind} proof is too ${what}`);
  }
  return way;
}

/** Numbers go to 2^53 - 1: the operators on bits would cut them to 32.  */
const half = (/** @type {number} */ number) => Math.floor(number / 2);

/** @param {readonly Uint8Array[]} hashes */
function checkHashes(hashes) {
  if (hashes.some(({ length }) => length !== HASH_LENGTH)) {
    throw new MalformedError("a hash of the tree is 32 bytes");
  }
}
