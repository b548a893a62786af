/**
 * Witnesses whom a roster names: whether enough of them have seen an entry, and afterwards whether
 * they ever did.
 */

import { forgetUnseen, rememberUnseen, unseenEntries } from "../device/unseen.js";
import { get, isUnreachable } from "../link/api.js";
import { now } from "../link/environment.js";
import { ApiRefusal, ClientRefusal } from "../link/errors.js";
import { duration } from "../link/render.js";
import { parsedKey } from "../trust/growth.js";
import { seenIn, witnessed } from "../trust/outsiders.js";

/**
 * @typedef {import("../device/unseen.js").Unseen} Unseen
 * @typedef {import("../trust/outsiders.js").Seen} Seen
 */

const A_DAY = 24 * 3600_000; // milliseconds
const KEPT_FOR = 90 * A_DAY;
const SILENT = ["silent", "waiting"];

/**
 * Whether too few of the roster's witnesses have seen an entry that some of these logs prove; then
 * it is remembered.
 *
 * @param {readonly import("./standing.js").LogNow[]} logs
 * @param {{witnesses: readonly string[], cosignedBy: number}} roster that wants one or more
 * @param {{place: number, request: string}} entry
 */
export async function isUnseen(logs, { witnesses: keys, cosignedBy: wanted }, entry) {
  for (const { checkpoint, shown, verifierKey } of logs) {
    if (!checkpoint || !shown) continue;
    const seen = await seenIn(shown, checkpoint, await parsedKey(verifierKey));
    if ((await witnessed(seen, { keys, wanted })) > entry.place) return false;
  }
  await rememberUnseen({ ...entry, since: now().getTime(), keys, wanted });
  return true;
}

/**
 * Forget what witnesses have seen by now; what they have not after a day is said. The log has only
 * grown since, so a checkpoint that covers an entry covers the one that this browser knows.
 *
 * @param {import("../trust/growth.js").Answer} answer
 * @param {import("../crypto/checkpoint.js").Checkpoint} newest verified
 * @param {import("../crypto/note.js").NoteVerifier} verifier
 * @returns {Promise<string[]>}
 */
export async function lookFor(answer, newest, verifier) {
  const seen = await seenIn(answer, newest, verifier);
  const gone = new Set();
  /** @type {Unseen[]} */
  const late = [];
  for (const one of await unseenEntries()) {
    const age = now().getTime() - one.since;
    const covered = (await witnessed(seen, one)) > one.place;
    if (covered || age >= KEPT_FOR) gone.add(one.place);
    if (!covered && age >= A_DAY) late.push(one);
  }
  if (gone.size) await forgetUnseen(({ place }) => gone.has(place));
  if (late.length === 0) return [];
  const speaking = await speakingWitnesses();
  return late.map((one) => neverSeen(one, speaking));
}

/** @param {Unseen} one @param {ReadonlySet<string> | null} speaking */
function neverSeen({ keys, place, request, since, wanted }, speaking) {
  const ago = duration(Math.floor((now().getTime() - since) / 1000));
  const said =
    `No outsider has seen entry ${place} of the log (request ${request}), which this browser was ` +
    `shown ${ago} ago: too few of the witnesses that its roster named have cosigned it.`;
  if (speaking && keys.filter((key) => speaking.has(key)).length < wanted) {
    return `${said} The service says that they do not answer: ask the operator why.`;
  }
  return (
    `${said} This browser may have been shown another log than the others: keep it as it is, and ` +
    "tell the auditor and the other custodians."
  );
}

/** The witnesses that answer, by the service's word; null where there is none. */
async function speakingWitnesses() {
  try {
    const { witnesses } = await get("/witnesses");
    const speaking = witnesses.filter((/** @type {any} */ one) => !SILENT.includes(one.state));
    return witnesses.length ? new Set(speaking.map((/** @type {any} */ one) => one.key)) : null;
  } catch (error) {
    const refused = error instanceof ApiRefusal || error instanceof ClientRefusal;
    if (!refused && !isUnreachable(error)) throw error;
    return null; // whatever is wrong with it blocks nothing
  }
}
