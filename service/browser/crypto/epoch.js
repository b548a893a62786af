/**
 * A new epoch of the log: the leaf with which it continues after an older copy was restored. It
 * contains the checkpoint that is given up, as it was signed (protocol, "Epochs").
 */

import { openCheckpoint } from "./checkpoint.js";
import { b64decode, checkText, equal } from "./encoding.js";
import { MalformedError } from "./errors.js";

const ACTION = "log:epoch-began";
const WHY_LIMIT = 500; // characters
const TEXTS = ["abandoned", "root", "why"];
const NUMBERS = ["abandoned_size", "continues", "expired", "size"];

/** @typedef {import("./checkpoint.js").Checkpoint} Checkpoint */

/** What the first leaf of an epoch says; `size` is its own place, `note` what is given up as signed. */
export class Epoch {
  /**
   * @param {{size: number, continues: number, abandoned: Checkpoint, note: string, why: string,
   *   by: string}} said the first `continues` leaves are as they were signed
   */
  constructor({ size, continues, abandoned, note, why, by }) {
    this.size = size;
    this.continues = continues;
    this.abandoned = abandoned;
    this.note = note;
    this.why = why;
    this.by = by;
    Object.freeze(this);
  }

  /**
   * Whether this epoch gives up a checkpoint that the log does not continue.
   * @param {Pick<Checkpoint, "origin" | "size" | "root">} seen
   */
  admits(seen) {
    const { size, root, origin } = this.abandoned;
    if (seen.size === size) return seen.origin === origin && equal(seen.root, root);
    return this.continues < seen.size && seen.size < size;
  }

  /** What happened, for people who have seen some of what is gone. */
  get sentence() {
    return (
      `an older copy of the log was restored: its first ${this.continues} entries are those that ` +
      `were signed, but the entries signed after them, up to entry ${this.abandoned.size - 1}, ` +
      "are abandoned"
    );
  }
}

/**
 * Read the first leaf of an epoch.
 * @param {import("./leaf.js").Leaf} leaf
 * @param {import("./note.js").NoteVerifier} verifier
 * @returns {Promise<Epoch>}
 * @throws {MalformedError} it is no such leaf, or its parts contradict each other
 * @throws {import("./errors.js").VerificationError} this log did not sign what it gives up
 */
export async function readEpoch(leaf, verifier) {
  const said = leaf.details;
  const names = Object.keys(said).sort().join();
  if (leaf.action !== ACTION || names !== [...TEXTS, ...NUMBERS].sort().join()) {
    throw new MalformedError("it does not have the fields of an epoch's first leaf");
  }
  if (
    TEXTS.some((name) => typeof said[name] !== "string") ||
    NUMBERS.some((name) => !Number.isSafeInteger(said[name]))
  ) {
    throw new MalformedError("a detail of an epoch's first leaf has the wrong type");
  }
  b64decode(said.root);
  checkText(said.why, WHY_LIMIT);
  if (said.why.trim() === "") throw new MalformedError("an epoch's first leaf gives no reason");
  const abandoned = await openCheckpoint(said.abandoned, verifier);
  const { size, continues, why } = said;
  if (size !== leaf.seq || said.abandoned_size !== abandoned.size) {
    throw new MalformedError("the sizes in an epoch's first leaf contradict each other");
  }
  if (!(continues >= 0 && continues <= size && continues < abandoned.size)) {
    throw new MalformedError("an epoch's first leaf gives nothing up");
  }
  return new Epoch({ size, continues, abandoned, note: said.abandoned, why, by: leaf.actor });
}
