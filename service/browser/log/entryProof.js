/** One entry of the log, verified: these bytes stand at this place in the log that we watch. */

import { b64decode, b64encode } from "../crypto/encoding.js";
import { parseLeaf } from "../crypto/leaf.js";
import { leafHash } from "../crypto/merkle.js";
import { parseReceipt } from "../crypto/proof.js";
import { get } from "../link/api.js";
import { ClientRefusal } from "../link/errors.js";
import { headAfter, refusedAs, verifiedHead } from "./head.js";

/**
 * @typedef {import("./head.js").Head} Head
 * @typedef {object} ProvenEntry
 * @property {Uint8Array} bytes the leaf as it was hashed
 * @property {import("../crypto/leaf.js").Leaf} leaf
 * @property {string} hash base64
 * @property {import("../crypto/proof.js").Receipt} receipt
 * @property {number} size how many entries the log of the receipt has
 * @property {Head} head of the log that continues it
 */

/**
 * Fetch and verify. Refused: as `headAfter`; `log-receipt-forged`: the proof does not lead from
 * this leaf to a checkpoint of this log; `log-receipt-wrong-leaf`: it is for another place, or the
 * leaf says that it is; `server-answer`.
 *
 * @param {number} seq
 * @returns {Promise<ProvenEntry>}
 */
export async function provenEntry(seq) {
  const { verifier, news } = await verifiedHead();
  const { proof } = await get(`/events/${seq}/proof`);
  const { start, leaves } = await get(`/leaves?start=${seq}&count=1`);
  if (start !== seq || leaves?.length !== 1) {
    throw new ClientRefusal("server-answer", "the service sent another entry than asked for");
  }
  const found = verified(proof, leaves[0], verifier);
  const { bytes, leaf, receipt, checkpoint } = await refusedAs(
    found,
    "log-receipt-forged",
    `the proof of entry ${seq}`,
  );
  if (receipt.index !== seq || leaf.seq !== seq) {
    throw new ClientRefusal("log-receipt-wrong-leaf", `what is shown as entry ${seq} is another one`);
  }
  const head = { ...(await headAfter(checkpoint, "the log of its proof")), news };
  return { bytes, leaf, hash: b64encode(await leafHash(bytes)), receipt, size: checkpoint.size, head };
}

/**
 * @param {string} proof
 * @param {string} encoded
 * @param {import("../crypto/note.js").NoteVerifier} verifier
 */
async function verified(proof, encoded, verifier) {
  const bytes = b64decode(encoded);
  const receipt = parseReceipt(proof);
  const checkpoint = await receipt.verify(bytes, verifier);
  return { bytes, leaf: parseLeaf(bytes), receipt, checkpoint };
}
