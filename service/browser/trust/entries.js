/**
 * What a client believes of an entry that comes with its proof. Codes of lies:
 * `log-receipt-forged`, `log-receipt-wrong-leaf`, as `trust/log` has them.
 */

import { b64decode, b64encode, canonical, parseCanonical } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { parseLeaf } from "../crypto/leaf.js";
import { leafHash, verifyInclusion } from "../crypto/merkle.js";
import { ClientRefusal } from "../link/errors.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {import("../crypto/leaf.js").Leaf} Leaf
 * @typedef {{seq: number, leaf: string, path: string[]}} ProvenLeaf the API's: a leaf without its
 *   statement, and its audit path
 * @typedef {object} Wanted an entry that an act relies on
 * @property {readonly string[]} actions any of these
 * @property {string} subject
 * @property {string} request
 * @property {string} [actor] where a statement's signer and no one else enters it
 * @property {Record<string, unknown>} [details] what tells it from others of its action
 * @property {number} [seq] its place, where the service has named one
 * @property {import("../crypto/statement.js").Statement | null} statement verified; null where the
 *   entry has none
 */

/**
 * The entry that an act relies on, as a verified checkpoint has it: the leaf travels without its
 * statement, and the verified statement's own bytes are put in. Null where no such entry came: the
 * checkpoint does not cover it yet, or the service withholds it. Refused: `log-receipt-forged`: it
 * does not lead to the checkpoint; `log-receipt-wrong-leaf`: at its place is another entry.
 *
 * @param {readonly ProvenLeaf[]} leaves
 * @param {Wanted} wanted
 * @param {Checkpoint} checkpoint
 * @returns {Promise<Leaf | null>}
 */
export async function entryOf(leaves, wanted, checkpoint) {
  for (const { seq, leaf, path } of leaves) {
    if (wanted.seq !== undefined && seq !== wanted.seq) continue;
    try {
      const data = filled(b64decode(leaf), wanted.statement);
      const said = parseLeaf(data);
      if (!isWanted(said, wanted)) {
        if (wanted.seq === undefined) continue;
        throw wrongLeaf();
      }
      const proof = path.map((item) => b64decode(item));
      await verifyInclusion(await leafHash(data), seq, checkpoint.size, proof, checkpoint.root);
      if (said.seq !== seq) throw wrongLeaf();
      return said;
    } catch (refused) {
      if (!(refused instanceof CryptoError)) throw refused;
      const message = `the log does not prove an entry that is shown: ${refused.message}`;
      throw new ClientRefusal("log-receipt-forged", message);
    }
  }
  return null;
}

/**
 * @param {Uint8Array} data
 * @param {import("../crypto/statement.js").Statement | null} statement
 */
function filled(data, statement) {
  if (statement === null) return data;
  const value = /** @type {Record<string, unknown>} */ (parseCanonical(data));
  return canonical({ ...value, statement: b64encode(statement.raw) });
}

/** @param {Leaf} said @param {Wanted} wanted */
function isWanted(said, { actions, actor, subject, request, details = {} }) {
  return (
    actions.includes(said.action) &&
    (actor === undefined || said.actor === actor) &&
    said.subject === subject &&
    said.request === request &&
    Object.entries(details).every(([name, value]) => said.details[name] === value)
  );
}

function wrongLeaf() {
  return new ClientRefusal(
    "log-receipt-wrong-leaf",
    "the log has another entry at this place than the one that is shown",
  );
}
