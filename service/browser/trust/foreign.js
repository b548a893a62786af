/**
 * Heads that others' statements name: whether they are of the log that this browser has verified. A
 * device that was shown another log names that one's head in whatever it signs.
 */

import { b64decode, equal, unhex } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { verifyConsistency } from "../crypto/merkle.js";
import { fromPosted } from "../crypto/statement.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {import("../crypto/epoch.js").Epoch} Epoch
 * @typedef {{size: number, root: string, consistency: string[]}} NamedHead the API's: the log's own
 *   head at a size that a statement names, and that the next one of the list continues it
 */

/**
 * The digests of those statements in an answer that name a head which is not shown to be of this
 * log. No signature is verified here. A head above its statement's own leaf is of another log; one
 * that no checkpoint covers is not yet in the log, as its statement is. One that an epoch gives up
 * is known.
 *
 * @param {any} answer a request's, or an account's envelopes
 * @param {readonly NamedHead[]} heads as they came with it
 * @param {Checkpoint} checkpoint as verified with it
 * @param {readonly Epoch[]} epochs verified to be in the log
 * @returns {Promise<ReadonlySet<string>>}
 */
export async function foreignIn(answer, heads, checkpoint, epochs) {
  const roots = await provedRoots(heads, checkpoint);
  const found = new Set();
  for (const [dsse, place] of naming(answer)) {
    const statement = await fromPosted(dsse).catch(malformed);
    const { log_size: size = 0, log_root: named = "" } = /** @type {any} */ (statement?.payload ?? {});
    if (size === 0) continue;
    const root = unhex(named);
    const known = roots.get(size);
    if (known && equal(known, root)) continue;
    if (epochs.some((one) => one.admits({ origin: one.abandoned.origin, size, root }))) continue;
    if (size <= checkpoint.size || size > place) found.add(statement?.digest);
  }
  return found;
}

/**
 * The statements of an answer that are counted, each with its place: a receipt comes without one,
 * and the checkpoint covers it.
 *
 * @param {any} answer
 * @returns {[any, number][]}
 */
function naming({ request, decisions = [], others = [], receipts = [], envelopes = [] }) {
  const entered = [...(request ? [request] : []), ...decisions, ...others];
  const received = [...receipts, ...envelopes.flatMap((/** @type {any} */ one) => one.receipts)];
  return [
    ...entered.map(({ statement, leaf }) => /** @type {[any, number]} */ ([statement, leaf])),
    ...received.map((one) => /** @type {[any, number]} */ ([one, 0])),
  ];
}

/**
 * The roots, by size, that a chain of heads proves, followed from the checkpoint back up to the
 * first proof that is false.
 *
 * @param {readonly NamedHead[]} heads
 * @param {Checkpoint} checkpoint
 */
async function provedRoots(heads, checkpoint) {
  let { size, root } = checkpoint;
  const roots = new Map([[size, root]]);
  for (const head of [...heads].reverse()) {
    try {
      const before = b64decode(head.root);
      const proof = head.consistency.map((item) => b64decode(item));
      await verifyConsistency(head.size, size, before, root, proof);
      [size, root] = [head.size, before];
    } catch (refused) {
      if (!(refused instanceof CryptoError)) throw refused;
      break;
    }
    roots.set(size, root);
  }
  return roots;
}

/** What is no statement is refused where it is verified. @param {unknown} refused */
function malformed(refused) {
  if (!(refused instanceof CryptoError)) throw refused;
  return null;
}
