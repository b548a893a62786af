/**
 * The log before and after an act: it may have grown, and nothing else (protocol, "Checkpoints and
 * receipts"). The log's key is pinned at first sight.
 */

import { get, isUnreachable } from "../link/api.js";
import { checkReceipt, continued, seenSize } from "../trust/growth.js";
import { exclusive } from "../link/environment.js";
import { ApiRefusal, ClientRefusal } from "../link/errors.js";
import { forgetReady } from "../device/readyEnvelopes.js";
import {
  keepGivenUp,
  knownEpochs,
  rememberEpochs,
  rememberLog,
  seenLog,
} from "../device/notes.js";

/**
 * @typedef {import("../trust/growth.js").Answer} Answer
 * @typedef {import("../trust/log.js").ProvenLeaf} ProvenLeaf
 * @typedef {object} LogNow the log as it came with a subject
 * @property {ClientRefusal | null} alarm it is not the log that this browser has seen
 * @property {string} verifierKey the key that counts here; empty where none was ever seen
 * @property {import("../crypto/checkpoint.js").Checkpoint | null} checkpoint verified; null where
 *   none could be had
 * @property {readonly ProvenLeaf[]} leaves as they came: nothing is proven of them yet
 * @property {number} epoch place of the newest epoch's first leaf; -1 if none is known here
 */

/**
 * Demand that the log has only grown, and that an act's receipt is of this log. A service that
 * cannot answer at the moment is a warning: an act is not undone by it.
 *
 * Refused as `ClientRefusal`: `log-key-changed`, `log-not-signed`, `log-rewound`, `log-forked`,
 * `log-epoch-began`, `log-receipt-forged`.
 *
 * @param {{leaf: number, receipt: string}} [done] the API's answer to an act
 * @returns {Promise<string[]>} warnings
 */
export async function checkLog(done) {
  // One tab after the other: each compares with what the one before it remembered.
  return exclusive("log", async () => {
    const seen = await seenLog();
    let answer;
    try {
      answer = await get(`/checkpoint?seen=${await seenSize(seen)}`);
    } catch (error) {
      if (!(error instanceof ApiRefusal || isUnreachable(error))) throw error;
      return ["The log could not be checked now; it will be with your next act."];
    }
    const { verifier } = await taken(answer, seen);
    if (done?.receipt) await checkReceipt(done, verifier);
    return [];
  });
}

/**
 * Read a subject together with the log, in one answer: what its acts rely on is proved from there.
 * Refused: a code of `trust/growth`; with `despite` that is handed on as `alarm`, since some acts go
 * on.
 *
 * @param {string} path
 * @param {{despite?: boolean}} [options]
 * @returns {Promise<{answer: any, log: LogNow}>}
 */
export async function readWithLog(path, { despite = false } = {}) {
  return exclusive("log", async () => {
    const seen = await seenLog();
    const { log: shown = null, ...answer } = await get(`${path}?seen=${await seenSize(seen)}`);
    const log = await standing(shown, seen);
    if (log.alarm !== null && !despite) throw log.alarm;
    return { answer, log };
  });
}

/**
 * A person accepts what an epoch gave up: this browser goes on with the log that contains it. What
 * it had seen is kept.
 *
 * @param {import("../link/errors.js").EpochBegan} refusal
 */
export async function acceptEpoch({ accepted: { seen, log, began } }) {
  await exclusive("log", async () => {
    if ((await seenLog())?.checkpoint !== seen.checkpoint) return; // another tab was faster
    await keepGivenUp(seen.checkpoint);
    await forgetReady();
    await rememberEpochs(began);
    await rememberLog(log);
  });
}

/**
 * @param {Answer} answer
 * @param {import("../device/notes.js").SeenLog | null} seen
 */
async function taken(answer, seen) {
  const found = await continued(answer, seen, await knownEpochs());
  await rememberLog(found.log);
  await rememberEpochs(found.began);
  return found;
}

/**
 * @param {(Answer & {leaves: ProvenLeaf[]}) | null} shown
 * @param {import("../device/notes.js").SeenLog | null} seen
 * @returns {Promise<LogNow>}
 */
async function standing(shown, seen) {
  const verifierKey = seen?.verifierKey ?? "";
  const none = { alarm: null, verifierKey, checkpoint: null, leaves: [], epoch: await newestEpoch() };
  if (shown === null) return none;
  try {
    const { verifier, fresh } = await taken(shown, seen);
    const { leaves } = shown;
    const epoch = await newestEpoch();
    return { alarm: null, verifierKey: verifier.vkey, checkpoint: fresh, leaves, epoch };
  } catch (error) {
    if (!(error instanceof ClientRefusal)) throw error;
    return { ...none, alarm: error };
  }
}

async function newestEpoch() {
  return Math.max(-1, ...(await knownEpochs()).map(({ size }) => size));
}
