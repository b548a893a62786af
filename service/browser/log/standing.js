/** The log as it came with a subject, held against what this browser remembers of it. */

import { forgetReady } from "../device/readyEnvelopes.js";
import {
  keepGivenUp,
  knownEpochs,
  rememberEpochs,
  rememberLog,
  seenLog,
} from "../device/notes.js";
import { forgetUnseen, unseenEntries } from "../device/unseen.js";
import { exclusive } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { firstLook } from "./firstLook.js";
import { part } from "../link/part.js";
import { foreignIn } from "../trust/foreign.js";
import { continued } from "../trust/growth.js";

/**
 * @typedef {import("../trust/growth.js").Answer} Answer
 * @typedef {import("../trust/entries.js").ProvenLeaf} ProvenLeaf
 * @typedef {import("../trust/foreign.js").NamedHead} NamedHead
 * @typedef {object} LogNow the log as it came with a subject
 * @property {ClientRefusal | null} alarm it is not the log that this browser has seen
 * @property {string} verifierKey the key that counts here; empty where none was ever seen
 * @property {import("../crypto/checkpoint.js").Checkpoint | null} checkpoint verified; null where
 *   none could be had
 * @property {Answer | null} shown as it came, for what witnesses say; null where there is no checkpoint
 * @property {readonly ProvenLeaf[]} leaves as they came: nothing is proven of them yet
 * @property {readonly string[]} news for people, once: that it is new here, what was given up of it
 * @property {ReadonlySet<string>} foreign digests of the subject's statements that are of another log
 * @property {number} epoch place of the newest epoch's first leaf; -1 if none is known here
 */

/** @type {ReadonlySet<string>} */
const NONE = new Set();

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
    const first = Math.min(...began.map(({ size }) => size));
    await forgetUnseen(({ place }) => place >= first);
    await rememberEpochs(began);
    await rememberLog(log);
  });
}

/**
 * Remember the log as it is now, if it continues what was seen. Refused: as `continued`. The caller
 * keeps other tabs out.
 *
 * @param {Answer} answer
 * @param {import("../device/notes.js").SeenLog | null} seen
 */
export async function taken(answer, seen) {
  const found = await continued(answer, seen, await knownEpochs());
  if (found.pinned) found.news.unshift(...(await firstLook(found.verifier.vkey, seen)));
  await rememberLog(found.log);
  await rememberEpochs(found.began);
  if ((await unseenEntries()).length) found.news.push(...(await outsiders(answer, found)));
  return found;
}

/**
 * @param {Answer} answer
 * @param {Awaited<ReturnType<typeof continued>>} found
 * @returns {Promise<string[]>}
 */
async function outsiders(answer, { fresh, verifier }) {
  try {
    const { lookFor } = await import("./outsiders.js");
    return await lookFor(answer, fresh, verifier);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return []; // it could not be loaded, and an act may have been done before this
  }
}

/**
 * What is known of the log now. What is wrong with it is not thrown but told as `alarm`. The caller
 * keeps other tabs out. Refused: `successor-unproven`: what came with it to show that a requester
 * could seal leads to another checkpoint.
 *
 * @param {(Answer & {leaves: ProvenLeaf[], heads?: NamedHead[]}) | null} shown
 * @param {import("../device/notes.js").SeenLog | null} seen
 * @param {any} subject the rest of the answer
 * @returns {Promise<LogNow>}
 */
export async function standing(shown, seen, subject) {
  for (const { successor } of [subject, ...(subject.envelopes ?? [])]) {
    if (shown && successor && successor.checkpoint !== shown.checkpoint) throw otherHead();
  }
  const verifierKey = seen?.verifierKey ?? "";
  const epoch = await newestEpoch();
  const none = { alarm: null, verifierKey, checkpoint: null, shown: null, leaves: [], news: [], foreign: NONE, epoch };
  if (shown === null) return none;
  try {
    const { verifier, fresh: checkpoint, epochs, news } = await taken(shown, seen);
    const { leaves, heads = [] } = shown;
    const foreign = await foreignIn(subject, heads, checkpoint, epochs);
    const verified = { verifierKey: verifier.vkey, checkpoint, shown, leaves, news, foreign };
    return { alarm: null, ...verified, epoch: await newestEpoch() };
  } catch (error) {
    if (!(error instanceof ClientRefusal)) throw error;
    const known = error.code === "log-key-changed" && seen !== null;
    const found = known && (await (await part(import("./takingUp.js"))).takenUp(shown, seen, subject));
    if (!found) return { ...none, alarm: error };
    return { ...none, ...found, foreign: await foreignIn(subject, shown.heads ?? [], found.checkpoint, []) };
  }
}

async function newestEpoch() {
  return Math.max(-1, ...(await knownEpochs()).map(({ size }) => size));
}

function otherHead() {
  return new ClientRefusal(
    "successor-unproven",
    "what shows the release before a requester's seal is of another checkpoint",
  );
}
