/**
 * What witnesses whom a roster names have seen of the log. A witness cosigns a checkpoint if it
 * continues all that it has cosigned, so an entry that enough of them have seen is in the log that
 * everyone else sees; one that they have not may be in a fork made for this browser. A witness never
 * blocks.
 */

import { openCheckpoint } from "../crypto/checkpoint.js";
import { WitnessVerifier, cosignedAt } from "../crypto/cosignature.js";
import { b64decode } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { verifyConsistency } from "../crypto/merkle.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {{note: string, consistency: string[]}} Cosigned the API's
 * @typedef {{size: number, note: string}} Seen a checkpoint that the verified log begins with
 * @typedef {{keys: readonly string[], wanted: number}} Outsiders verifier keys of witnesses, and how
 *   many of them are wanted, one or more
 */

/**
 * The answer's own checkpoint, verified as `newest`, and those that it continues. What the log did
 * not sign, or does not continue, is left out: it says nothing of this log.
 *
 * @param {{checkpoint: string, cosigned?: readonly Cosigned[]}} answer
 * @param {Checkpoint} newest
 * @param {import("../crypto/note.js").NoteVerifier} verifier
 * @returns {Promise<Seen[]>}
 */
export async function seenIn({ checkpoint, cosigned = [] }, newest, verifier) {
  const seen = [{ size: newest.size, note: checkpoint }];
  for (const { note, consistency } of cosigned) {
    const size = await formal(beginning(note, consistency, newest, verifier));
    if (size !== null) seen.push({ size, note });
  }
  return seen;
}

/**
 * How many of the log's entries as many of the witnesses as are wanted have seen; 0 if they have
 * seen none. A line that is not the witness's own says nothing.
 *
 * @param {readonly Seen[]} seen
 * @param {Outsiders} outsiders
 */
export async function witnessed(seen, { keys, wanted }) {
  const sizes = await Promise.all(keys.map((key) => most(seen, key)));
  sizes.sort((one, other) => other - one);
  return sizes[wanted - 1] ?? 0;
}

/** @param {readonly Seen[]} seen @param {string} key */
async function most(seen, key) {
  const witness = await WitnessVerifier.fromVkey(key);
  let size = 0;
  for (const one of seen) {
    if ((await formal(cosignedAt(one.note, witness))) !== null) size = Math.max(size, one.size);
  }
  return size;
}

/**
 * @param {string} note
 * @param {readonly string[]} consistency
 * @param {Checkpoint} newest
 * @param {import("../crypto/note.js").NoteVerifier} verifier
 */
async function beginning(note, consistency, newest, verifier) {
  const old = await openCheckpoint(note, verifier);
  const proof = consistency.map((item) => b64decode(item));
  await verifyConsistency(old.size, newest.size, old.root, newest.root, proof);
  return old.size;
}

/**
 * What comes of it; null where the formats or a signature refuse it.
 *
 * @template T
 * @param {Promise<T>} reading
 * @returns {Promise<T | null>}
 */
async function formal(reading) {
  try {
    return await reading;
  } catch (refused) {
    if (refused instanceof CryptoError) return null;
    throw refused;
  }
}
