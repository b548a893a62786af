/**
 * One log that continues both what this browser remembers and another checkpoint: one that somebody
 * kept, one under a receipt, one that a witness has cosigned. What a service can do is show two
 * logs; what it cannot do is show one that continues both.
 */

import { CryptoError } from "../crypto/errors.js";
import { equal } from "../crypto/encoding.js";
import { NoteVerifier } from "../crypto/note.js";
import { get } from "../link/api.js";
import { checkGrowth, openRemembered } from "../trust/growth.js";
import { ClientRefusal } from "../link/errors.js";
import { UNCHECKED, checkLog } from "./watch.js";
import { seenLog } from "../device/notes.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {object} Head the newest checkpoint that this browser has verified, and remembers
 * @property {NoteVerifier} verifier the pinned key
 * @property {string} note
 * @property {Checkpoint} checkpoint
 * @property {readonly string[]} news for people, once
 */

const TRIES = 5; // the log may grow between two questions

/**
 * Look at the log now. Refused: as `checkLog`, and `unreachable`: nothing is verified without an
 * answer.
 *
 * @returns {Promise<Head>}
 */
export async function verifiedHead() {
  const news = await checkLog();
  const seen = await seenLog();
  if (news.includes(UNCHECKED) || seen === null) {
    throw new ClientRefusal(
      "unreachable",
      "the service does not show its log at the moment, so nothing was verified",
      "look at your connection, and load the page again",
    );
  }
  const verifier = await NoteVerifier.fromVkey(seen.verifierKey);
  return { verifier, note: seen.checkpoint, checkpoint: await openRemembered(seen.checkpoint, verifier), news };
}

/**
 * The head of a log that begins with `old`, and the proof of that. Refused: as `verifiedHead`;
 * `log-rewound`: the log is shorter than `old`; `log-forked`: it is no continuation of it.
 *
 * @param {Checkpoint} old one that the log's key has signed
 * @param {string} whose how the refusal calls it: "the checkpoint that you kept"
 * @returns {Promise<Head & { proof: string[] }>}
 */
export async function headAfter(old, whose) {
  for (let left = TRIES; left > 0; left--) {
    const head = await verifiedHead();
    if (old.size === head.checkpoint.size) {
      if (!equal(old.root, head.checkpoint.root)) throw forked(old, whose);
      return { ...head, proof: [] };
    }
    const answer = await get(`/checkpoint?seen=${old.size}`);
    const fresh = await checkGrowth(answer, head.verifier, old).catch((error) => {
      throw named(error, old, whose, answer.epochs ?? []);
    });
    if (fresh.size !== head.checkpoint.size) continue;
    if (!equal(fresh.root, head.checkpoint.root)) throw forked(old, whose);
    return { ...head, proof: answer.consistency };
  }
  throw new ClientRefusal(
    "busy",
    "the log grows faster than this page can ask",
    "load the page again in a minute",
  );
}

/**
 * What the formats refuse is a refusal with this code; anything else stays what it is.
 *
 * @template T
 * @param {Promise<T>} found
 * @param {string} code
 * @param {string} what
 * @returns {Promise<T>}
 */
export function refusedAs(found, code, what) {
  return found.catch((error) => {
    throw error instanceof CryptoError ? new ClientRefusal(code, `${what}: ${error.message}`) : error;
  });
}

/**
 * @param {unknown} error
 * @param {Checkpoint} old
 * @param {string} whose
 * @param {readonly unknown[]} epochs what the log says that it gave up; nothing is excused by it
 */
function named(error, old, whose, epochs) {
  if (!(error instanceof ClientRefusal)) return error;
  if (error.code === "log-forked") return forked(old, whose, epochs);
  if (error.code !== "log-rewound") return error;
  const message = `${whose} has ${old.size} entries: ${error.message}${owned(epochs)}`;
  return new ClientRefusal(error.code, message, error.hint);
}

/** @param {Checkpoint} old @param {string} whose @param {readonly unknown[]} [epochs] */
function forked(old, whose, epochs = []) {
  const message = `the log that is shown now does not begin with the ${old.size} entries of ${whose}`;
  return new ClientRefusal("log-forked", message + owned(epochs));
}

/** @param {readonly unknown[]} epochs */
function owned(epochs) {
  if (epochs.length === 0) return "";
  return (
    "; it has an entry that says it gave up some of them after a restore, so ask who ordered that, " +
    "and why: `breakglass audit verify --accept-epoch` lists what it admits"
  );
}
