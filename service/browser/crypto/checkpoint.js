/**
 * Checkpoints (C2SP tlog-checkpoint, v1.0.0): the size and root of a log, signed as a note. The
 * text is three lines, the origin, the size and the root in base64, and no more. The key that signs
 * bears the origin as its name.
 */

import { MAX_INTEGER, b64decode, b64encode, equal } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { HASH_LENGTH, emptyRoot } from "./merkle.js";
import { openNote } from "./note.js";

/**
 * @typedef {Readonly<{ origin: string, size: number, root: Uint8Array, text: string }>} Checkpoint
 */
/** @typedef {import("./note.js").NoteVerifier} NoteVerifier */

/**
 * An ASCII decimal without leading zero, at most 2^53 - 1.
 * @param {string} text
 * @throws {MalformedError} any other spelling, or too large
 */
export function parseDecimal(text) {
  const number = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  if (!(number <= MAX_INTEGER)) {
    throw new MalformedError("not a decimal number from 0 to 2^53 - 1");
  }
  return number;
}

/**
 * Read the text of a checkpoint. Nothing says yet that a log has signed it.
 * @param {string} text
 * @returns {Promise<Checkpoint>}
 * @throws {MalformedError} not exactly three lines; an empty origin; a size or root out of range;
 *   an empty log with another root than the empty tree's
 */
export async function parseCheckpoint(text) {
  const [origin, decimal, encoded, end, ...more] = text.split("\n");
  if (end !== "" || more.length) {
    throw new MalformedError("a checkpoint has an origin, a size and a root, one line each");
  }
  const [size, root] = [parseDecimal(decimal), b64decode(encoded)];
  if (!origin) throw new MalformedError("a log's origin is one line");
  if (root.length !== HASH_LENGTH) {
    throw new MalformedError("a checkpoint has a size and a root of 32 bytes");
  }
  if (size === 0 && !equal(root, await emptyRoot())) {
    throw new MalformedError("an empty log has another root");
  }
  return Object.freeze({ origin, size, root, text: `${origin}\n${size}\n${b64encode(root)}\n` });
}

/**
 * The checkpoint of a note that this log's key has signed.
 * @param {string} note
 * @param {NoteVerifier} verifier
 * @throws {MalformedError} not a note, or its text is no checkpoint
 * @throws {VerificationError} not signed by this key, or signed for another origin
 */
export async function openCheckpoint(note, verifier) {
  const checkpoint = await parseCheckpoint(await openNote(note, verifier));
  if (checkpoint.origin !== verifier.name) {
    throw new VerificationError("the checkpoint is of another log");
  }
  return checkpoint;
}
