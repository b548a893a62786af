/**
 * The log's head as this browser saw it: it may grow, and nothing else. After an act the client
 * asks for the newest checkpoint and for a proof that the one it remembers is its beginning. The
 * log's key is pinned at first sight.
 */

import { openCheckpoint, parseCheckpoint } from "../crypto/checkpoint.js";
import { b64decode } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { parseLeaf } from "../crypto/leaf.js";
import { leafHash, verifyConsistency, verifyInclusion } from "../crypto/merkle.js";
import { NoteVerifier } from "../crypto/note.js";
import { parseReceipt } from "../crypto/proof.js";
import { ClientRefusal, EpochBegan } from "../link/errors.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {import("../device/notes.js").SeenLog} SeenLog
 * @typedef {{leaf: string, path: string[]}} EpochLeaf the API's: an epoch's first leaf
 * @typedef {{checkpoint: string, verifier_key: string, consistency: string[],
 *   epochs?: EpochLeaf[], cosigned?: {note: string, consistency: string[]}[]}} Answer the API's
 * @typedef {import("../device/notes.js").KnownEpoch} KnownEpoch
 */

const ALARM = "keep this browser as it is, and tell the auditor and the other custodians";

/**
 * Demand that the log has only grown since this browser saw it. Refused: `log-key-changed`,
 * `log-not-signed`, `log-rewound`, `log-forked`, or `malformed`: no key at all; `log-epoch-began`:
 * an epoch that was not known here gives up what this browser saw, and a person has to accept it.
 *
 * @param {Answer} answer
 * @param {SeenLog | null} seen
 * @param {readonly KnownEpoch[]} [known] epochs that this browser has seen in the log
 * @returns {Promise<{verifier: NoteVerifier, log: SeenLog, pinned: boolean, fresh: Checkpoint,
 *   began: KnownEpoch[], epochs: import("../crypto/epoch.js").Epoch[], news: string[]}>} `log` and `began` are what to remember; `pinned`: the key
 *   is trusted at first sight; `news` says what epochs gave up that this browser had not seen
 */
export async function continued(answer, seen, known = []) {
  const verifier = await parsedKey(seen?.verifierKey || answer.verifier_key);
  if (answer.verifier_key !== verifier.vkey) {
    throw keyChanged();
  }
  const old = seen && (await toContinue(seen, verifier));
  const fresh = await openRemembered(answer.checkpoint, verifier);
  const log = { verifierKey: verifier.vkey, checkpoint: answer.checkpoint };
  const epochs = await verifiedEpochs(answer.epochs ?? [], verifier, fresh);
  const began = epochs.map(({ note, size }) => ({ note, size }));
  const notes = new Set(known.map(({ note }) => note));
  const unknown = epochs.filter(({ note }) => !notes.has(note));
  try {
    await checkContinues(answer.consistency, fresh, old);
  } catch (refused) {
    // One that was known is part of the log that `old` is of, and cannot have lost it.
    const epoch = unknown.find((one) => old !== null && one.admits(old));
    if (seen === null || old === null || epoch === undefined) throw refused;
    throw new EpochBegan(
      `${epoch.sentence}; this browser has seen ${old.size} entries. ${epoch.by} says why: ${epoch.why}`,
      { seen, log, began },
    );
  }
  const news = unknown.map((one) => `${one.sentence}. ${one.by} says why: ${one.why}`);
  return { verifier, log, pinned: !seen?.verifierKey, fresh, began, epochs, news };
}

/**
 * What this log has to continue: a checkpoint of its own, or a head before the first look at it.
 *
 * @param {SeenLog} seen
 * @param {NoteVerifier} verifier
 */
async function toContinue({ verifierKey, checkpoint }, verifier) {
  if (verifierKey) return openRemembered(checkpoint, verifier);
  return parseCheckpoint(verifier.name + checkpoint);
}

/**
 * Those epochs, of all that the service shows, that are proven to be in `fresh`. A false one
 * explains nothing.
 *
 * @param {readonly EpochLeaf[]} shown
 * @param {NoteVerifier} verifier
 * @param {Checkpoint} fresh
 */
async function verifiedEpochs(shown, verifier, fresh) {
  /** @type {import("../crypto/epoch.js").Epoch[]} */
  const found = [];
  if (shown.length === 0) return found;
  const { readEpoch } = await import("../crypto/epoch.js");
  for (const { leaf, path } of shown) {
    try {
      const data = b64decode(leaf);
      const epoch = await readEpoch(parseLeaf(data), verifier);
      const proof = path.map((item) => b64decode(item));
      await verifyInclusion(await leafHash(data), epoch.size, fresh.size, proof, fresh.root);
      found.push(epoch);
    } catch (refused) {
      if (!(refused instanceof CryptoError)) throw refused;
    }
  }
  return found;
}

/**
 * The answer's checkpoint if this log signed it and `old` is its beginning. Refused:
 * `log-not-signed`; `log-rewound`: shorter than `old`; `log-forked`: no continuation of it.
 *
 * @param {Answer} answer
 * @param {NoteVerifier} verifier
 * @param {Checkpoint | null} old
 * @returns {Promise<Checkpoint>}
 */
export async function checkGrowth(answer, verifier, old) {
  const fresh = await openRemembered(answer.checkpoint, verifier);
  await checkContinues(answer.consistency, fresh, old);
  return fresh;
}

/**
 * @param {readonly string[]} consistency hashes in base64
 * @param {Checkpoint} fresh
 * @param {Checkpoint | null} old
 */
async function checkContinues(consistency, fresh, old) {
  if (old === null || old.size === 0) return;
  if (fresh.size < old.size) {
    throw refusal(
      "log-rewound",
      `the log had ${old.size} entries and now shows ${fresh.size}`,
    );
  }
  try {
    const proof = consistency.map((item) => b64decode(item));
    await verifyConsistency(old.size, fresh.size, old.root, fresh.root, proof);
  } catch (refused) {
    throw told(refused, "log-forked", () => {
      return "the log does not continue the one that this browser has seen";
    });
  }
}

/**
 * Check that a receipt is signed by this log and names the act's own leaf; refused:
 * `log-receipt-forged`.
 *
 * @param {{receipt: string, leaf: number}} done
 * @param {NoteVerifier} verifier
 */
export async function checkReceipt(done, verifier) {
  let receipt;
  let checkpoint;
  try {
    receipt = parseReceipt(done.receipt);
    checkpoint = await openCheckpoint(receipt.checkpoint, verifier);
  } catch (refused) {
    throw told(refused, "log-receipt-forged", (why) => `the act's receipt: ${why}`);
  }
  if (receipt.index !== done.leaf || checkpoint.size <= done.leaf) {
    throw refusal("log-receipt-forged", "the act's receipt is for another entry of the log");
  }
}

/**
 * A verifier key in words; refused: `malformed`.
 *
 * @param {string} text
 */
export async function parsedKey(text) {
  try {
    return await NoteVerifier.fromVkey(text);
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    throw new ClientRefusal("malformed", "that is no verifier key of a log");
  }
}

/**
 * A checkpoint that this log signed; refused: `log-not-signed`.
 *
 * @param {string} note
 * @param {NoteVerifier} verifier
 */
export async function openRemembered(note, verifier) {
  try {
    return await openCheckpoint(note, verifier);
  } catch (refused) {
    throw told(refused, "log-not-signed", (why) => `the log's checkpoint: ${why}`);
  }
}

/**
 * The refusal for what the formats refuse; anything else stays what it is.
 *
 * @param {unknown} error
 * @param {string} code
 * @param {(why: string) => string} say
 */
function told(error, code, say) {
  return error instanceof CryptoError ? refusal(code, say(error.message)) : error;
}

/** @param {string} code @param {string} message */
function refusal(code, message) {
  return new ClientRefusal(code, message, ALARM);
}

/** The refusal for a log under another key, with the way without the service. */
export function keyChanged() {
  return new ClientRefusal(
    "log-key-changed",
    "the service shows another key for its log than before; if its operator lost the key, only a " +
      "roster that names the new one is signed, and until it is in force act without the service, " +
      "with the command line: breakglass offline",
  );
}
