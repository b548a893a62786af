/**
 * What this browser notes when somebody acts: which rosters were compared by voice, the log's head
 * (the same for all who use this browser), and to which requests a share has gone.
 */

import { openMemory } from "./memory.js";

/**
 * @typedef {{verifierKey: string, checkpoint: string}} SeenLog a log's pinned verifier key and its
 *   newest checkpoint note. Before the first look at it the key is empty, and `checkpoint` is the
 *   head in a statement of mine: a checkpoint's text without its origin
 * @typedef {{note: string, size: number}} KnownEpoch an epoch that is in the log as seen here: the
 *   checkpoint that it gave up, as signed, and the place of its first leaf
 */

const LOG = "log";
const EPOCHS = "epochs";
const GIVEN_UP = "given up";

/**
 * Digests of the rosters of an account that were compared by voice in this browser. What it merely
 * read does not count: it may have been shown an old roster.
 *
 * @param {string} person
 * @param {string} account
 * @returns {Promise<Set<string>>}
 */
export async function comparedDigests(person, account) {
  return new Set((await openMemory().get("compared", `${person}/${account}`)) ?? []);
}

/**
 * Whether one of these rosters was.
 *
 * @param {string} person
 * @param {string} account
 * @param {Iterable<string>} digests
 */
export async function comparedByVoice(person, account, digests) {
  const known = await comparedDigests(person, account);
  return [...digests].some((digest) => known.has(digest));
}

/**
 * Remember that a roster, perhaps still a draft, was compared by voice.
 *
 * @param {string} person
 * @param {string} account
 * @param {string} digest
 */
export async function rememberCompared(person, account, digest) {
  await openMemory().update("compared", `${person}/${account}`, (known = []) =>
    known.includes(digest) ? known : [...known, digest].sort(),
  );
}

/** @returns {Promise<SeenLog | null>} */
export async function seenLog() {
  return (await openMemory().get("checkpoint", LOG)) ?? null;
}

/** @param {SeenLog} log a verified one */
export async function rememberLog({ verifierKey, checkpoint }) {
  await openMemory().put("checkpoint", LOG, { verifierKey, checkpoint });
}

/** Forget the head of a log that was never looked at: nothing verified it. */
export async function forgetLog() {
  await openMemory().delete("checkpoint", LOG);
}

/** @returns {Promise<KnownEpoch[]>} */
export async function knownEpochs() {
  return (await openMemory().get("checkpoint", EPOCHS)) ?? [];
}

/** @param {readonly KnownEpoch[]} began */
export async function rememberEpochs(began) {
  if (began.length === 0) return;
  await openMemory().update("checkpoint", EPOCHS, (/** @type {KnownEpoch[]} */ known = []) => {
    const notes = new Set(known.map(({ note }) => note));
    return [...known, ...began.filter(({ note }) => !notes.has(note))];
  });
}

/**
 * Keep a checkpoint that an accepted epoch gave up: it proves that there was more.
 *
 * @param {string} checkpoint
 */
export async function keepGivenUp(checkpoint) {
  await openMemory().update("checkpoint", GIVEN_UP, (/** @type {string[]} */ kept = []) =>
    kept.includes(checkpoint) ? kept : [...kept, checkpoint],
  );
}

/**
 * Note, before it is posted, that my share of an envelope goes to a request.
 *
 * @param {string} person
 * @param {{id: string, manifest: string, reason: string}} request
 */
export async function rememberGone(person, { id, manifest, reason }) {
  await openMemory().update("gone", `${person}/${manifest}`, (noted = {}) => ({
    ...noted,
    [id]: reason,
  }));
}

/**
 * The requests on this envelope to which my share went from this browser.
 *
 * @param {string} person
 * @param {string} manifest digest
 * @returns {Promise<{request: string, reason: string}[]>}
 */
export async function goneOn(person, manifest) {
  const noted = (await openMemory().get("gone", `${person}/${manifest}`)) ?? {};
  return Object.entries(noted).map(([request, reason]) => ({ request, reason }));
}
