/**
 * Receipts (C2SP tlog-proof, v1): a leaf's index, its audit path, and a checkpoint, as one text.
 * Whoever has the leaf and the log's verifier key can check a receipt without the service.
 */

import { openCheckpoint, parseDecimal } from "./checkpoint.js";
import { b64decode, b64encode } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { HASH_LENGTH, leafHash, verifyInclusion } from "./merkle.js";

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const INDEX = "index ";
const HASH_LIMIT = 63; // no tree here is higher

/** Says that a leaf is number `index` of the log of `checkpoint`, a signed note. */
export class Receipt {
  /**
   * @param {number} index
   * @param {readonly Uint8Array[]} hashes
   * @param {string} checkpoint
   * @throws {MalformedError} a negative index, a hash that is not 32 bytes, or more than 63 of them
   */
  constructor(index, hashes, checkpoint) {
    if (!(index >= 0) || hashes.length > HASH_LIMIT) {
      throw new MalformedError("a receipt has an index and at most 63 hashes");
    }
    if (hashes.some(({ length }) => length !== HASH_LENGTH)) {
      throw new MalformedError("a hash of the tree is 32 bytes");
    }
    this.index = index;
    this.hashes = hashes;
    this.checkpoint = checkpoint;
    Object.freeze(this);
  }

  /** The receipt as a tlog-proof, without extra data. */
  get text() {
    const lines = [FIRST_LINE, `${INDEX}${this.index}`, ...this.hashes.map(b64encode)];
    return `${lines.join("\n")}\n\n${this.checkpoint}`;
  }

  /**
   * The checkpoint, if this log signed it and `leaf` stands in it at `index`.
   * @param {Uint8Array} leaf
   * @param {import("./note.js").NoteVerifier} verifier
   * @throws {MalformedError} the checkpoint is none
   * @throws {import("./errors.js").VerificationError} leaf, proof or signature is not right
   */
  async verify(leaf, verifier) {
    const checkpoint = await openCheckpoint(this.checkpoint, verifier);
    const { size, root } = checkpoint;
    await verifyInclusion(await leafHash(leaf), this.index, size, this.hashes, root);
    return checkpoint;
  }
}

/**
 * Read a tlog-proof. Nothing is verified yet.
 * @param {string} text
 * @throws {MalformedError} not what `text` of a receipt is; extra data, which nobody signs, is
 *   refused too
 */
export function parseReceipt(text) {
  const blank = text.indexOf("\n\n");
  const [first, index, ...hashes] = text.slice(0, Math.max(blank, 0)).split("\n");
  if (first !== FIRST_LINE || index === undefined) {
    throw new MalformedError("not a receipt of a log");
  }
  if (!index.startsWith(INDEX)) {
    throw new MalformedError("a receipt names the leaf's index in its second line");
  }
  const number = parseDecimal(index.slice(INDEX.length));
  return new Receipt(number, hashes.map(b64decode), text.slice(blank + 2));
}
