/**
 * Checkpoints that left the house, found in what somebody pastes: a note, a receipt, or a mail with
 * a checkpoint in it, perhaps quoted. Only what the log's own key has signed counts; whatever else
 * stands there is ignored, since prose may name the log too.
 */

import { openCheckpoint } from "../crypto/checkpoint.js";
import { CryptoError } from "../crypto/errors.js";
import { ClientRefusal } from "../link/errors.js";

/** @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint */

const TEXT_LINES = 3;
const MOST_SIGNATURES = 16;
const MOST = 20; // each one is a question to the service
const DASH = "\u2014 ";

/**
 * The checkpoints in a text, of every size once, largest first. Refused: `not-a-checkpoint`: there
 * is none that this log signed; `too-many`: more than 20 sizes.
 *
 * @param {string} given
 * @param {import("../crypto/note.js").NoteVerifier} verifier
 * @returns {Promise<Checkpoint[]>}
 */
export async function checkpointsIn(given, verifier) {
  const lines = given.split("\n").map((line) => line.replace(/^[\s>]+|\s+$/g, ""));
  const places = [...lines.keys()].filter((place) => lines[place] === verifier.name);
  /** @type {Map<string, Checkpoint>} */
  const found = new Map();
  for (const place of places) {
    const checkpoint = await opened(noteAt(lines, place), verifier);
    if (checkpoint) found.set(checkpoint.text, checkpoint);
  }
  if (found.size === 0) throw none(lines, places.length > 0, verifier.name);
  if (found.size > MOST) {
    throw new ClientRefusal(
      "too-many",
      `there are ${found.size} checkpoints in this text, and this page checks ${MOST} at once`,
      "paste fewer, or give the whole file to `breakglass audit verify --mail`",
    );
  }
  return [...found.values()].sort((one, other) => other.size - one.size);
}

/**
 * @param {string} note
 * @param {import("../crypto/note.js").NoteVerifier} verifier
 */
async function opened(note, verifier) {
  try {
    return await openCheckpoint(note, verifier);
  } catch (error) {
    if (error instanceof CryptoError) return null; // no evidence for or against anything
    throw error;
  }
}

/** @param {string[]} lines @param {number} place */
function noteAt(lines, place) {
  const below = lines.slice(place + TEXT_LINES + 1, place + TEXT_LINES + 1 + MOST_SIGNATURES);
  const end = below.findIndex((line) => !line.startsWith(DASH));
  const signatures = end < 0 ? below : below.slice(0, end);
  return `${[...lines.slice(place, place + TEXT_LINES), "", ...signatures].join("\n")}\n`;
}

/** @param {string[]} lines @param {boolean} named @param {string} log */
function none(lines, named, log) {
  const signed = lines.some((line) => line.startsWith(DASH));
  const why = named
    ? `this text names the log ${log}, but what follows is not what its key has signed`
    : signed
      ? `what is signed in this text is not of the log ${log}`
      : "there is no checkpoint in this text";
  const hint = named
    ? "it proves nothing, for or against: copy all lines of it again from where you kept it, down " +
      "to the one that begins with a long dash; if that does not help, show the original to an auditor"
    : `it proves nothing, for or against: a checkpoint begins with the line ${log}, and ends with a ` +
      "line that begins with a long dash; notices carry one at their end";
  return new ClientRefusal("not-a-checkpoint", why, hint);
}
