/** What the service handed out for my request, held against what this browser signed and keeps. */

import { b64decode } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { parseLeaf } from "../crypto/leaf.js";
import { ownStatement, signedAs } from "../device/keeping.js";
import { seenLog } from "../device/notes.js";
import { load } from "../device/requestKeys.js";
import { parsedKey } from "../trust/growth.js";
import { verifyLogReceipt } from "../trust/log.js";
import { verifyRelease } from "../trust/release.js";

/** @typedef {import("./requests.js").Shown} Shown */

/**
 * My request as I signed it in this browser, and what is kept of its key, still wrapped.
 *
 * @param {Shown} shown
 */
export async function ownOf({ me, about }) {
  const { id } = about.request;
  const entered = await signedAs(me.person, id, about.statement.raw);
  const statement = entered ?? (await ownStatement(me.person, id));
  const { publicKey, slots } = await load(me.person, id);
  return { statement, publicKey, slots };
}

/** @typedef {Awaited<ReturnType<typeof ownOf>>} Own */
/** @typedef {Awaited<ReturnType<typeof verifyRelease>>} VerifiedRelease */

/**
 * Verify what was handed out, all but the log's receipt.
 *
 * @param {Own} own
 * @param {any} answer
 * @param {import("../trust/chain.js").Remembered | null} remembered null for what was verified and
 *   kept: a roster that came into force since is no reason to refuse it
 */
export async function verified({ statement, publicKey }, answer, remembered) {
  // The keys with which I made the request, also when I have enrolled anew since.
  const me = statement.signatures[0].keyid;
  const given = { mine: statement, recipientKey: publicKey, me, remembered };
  return verifyRelease(answer, given);
}

/**
 * The release as the log proves it: its window counts from the time of the proved leaf. `lacks` are
 * sentences about what is not proved. Refused: as `verifyLogReceipt`.
 *
 * @param {any} answer
 * @param {VerifiedRelease} release
 * @returns {Promise<{release: VerifiedRelease, lacks: string[]}>}
 */
export async function proved(answer, release) {
  const { at, lacks } = await checkReceipt(answer, release);
  if (at === null) return { release, lacks };
  const windowEndsAt = new Date(at.getTime() + release.about.request.window * 1000);
  return { release: Object.freeze({ ...release, releasedAt: at, windowEndsAt }), lacks };
}

/**
 * The time of the release's leaf, once it is proved to be in the log. A missing receipt is a
 * warning, since an emergency goes on; a wrong one is a refusal.
 *
 * @param {any} answer
 * @param {VerifiedRelease} release
 * @returns {Promise<{at: Date | null, lacks: string[]}>}
 */
async function checkReceipt(answer, release) {
  const seen = await seenLog();
  if (!answer.receipt || !seen?.verifierKey) {
    return { at: null, lacks: ["The log gave no receipt for this release; tell the auditor."] };
  }
  let leaf;
  try {
    leaf = b64decode(answer.entry ?? "");
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    leaf = new Uint8Array();
  }
  if (leaf.length === 0) {
    return { at: null, lacks: ["The log did not show the release's entry; tell the auditor."] };
  }
  const verifier = await parsedKey(seen.verifierKey); // as it was pinned
  await verifyLogReceipt(answer.receipt, leaf, { verifier, expected: release.expectedLeaf });
  return { at: parseLeaf(leaf).at, lacks: [] };
}
