/**
 * What a client believes of a receipt: that the log holds exactly this act, at this place. Codes of
 * lies: `log-receipt-forged` (it does not prove the leaf shown, or not under the pinned key),
 * `log-receipt-wrong-leaf` (it proves another event). That the log only ever grows is checked in
 * `trust/growth`.
 */

import { equal } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { parseLeaf } from "../crypto/leaf.js";
import { parseReceipt } from "../crypto/proof.js";
import { ClientRefusal } from "../link/errors.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {import("../crypto/note.js").NoteVerifier} NoteVerifier
 * @typedef {object} Expected what a leaf must say for a receipt to be about this act
 * @property {number} index
 * @property {string} action
 * @property {string} actor
 * @property {string} subject
 * @property {string} request
 * @property {import("../crypto/statement.js").Statement} statement
 */

/**
 * Verify that the log holds exactly this act at the leaf index that the service named.
 *
 * @param {string} receipt
 * @param {Uint8Array} leaf its bytes
 * @param {{verifier: NoteVerifier, expected: Expected}} given
 * @returns {Promise<Checkpoint>}
 */
export async function verifyLogReceipt(receipt, leaf, { verifier, expected }) {
  let proof;
  let checkpoint;
  let said;
  try {
    proof = parseReceipt(receipt);
    checkpoint = await proof.verify(leaf, verifier);
    said = parseLeaf(leaf);
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    throw new ClientRefusal("log-receipt-forged", `the log's receipt: ${refused.message}`);
  }
  if (
    proof.index !== expected.index ||
    said.seq !== expected.index ||
    said.action !== expected.action ||
    said.actor !== expected.actor ||
    said.subject !== expected.subject ||
    said.request !== expected.request ||
    !equal(said.statement, expected.statement.raw)
  ) {
    throw new ClientRefusal(
      "log-receipt-wrong-leaf",
      "the log's receipt is for another event than this one",
    );
  }
  return checkpoint;
}
