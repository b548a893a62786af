/** The first look of a browser at a log: nothing that was verified says which log it should be. */

import { claim, forgetClaim } from "../device/claims.js";

/**
 * What is said once, unless a statement that its owner verified told what the log has to continue.
 *
 * @param {string} verifierKey
 * @param {import("../device/notes.js").SeenLog | null} seen
 * @returns {Promise<string[]>}
 */
export async function firstLook(verifierKey, seen) {
  const shown = await claim();
  if (seen !== null && shown === null) return [];
  const words = await wordsOf(verifierKey);
  if (shown?.why) await forgetClaim();
  return [
    ...(shown?.why ? [`${shown.why}.`] : []),
    "This browser has not seen this log before, and trusts its key from now on. Compare the eight " +
      "words of that key with someone whose device knows the log (`breakglass whoami` shows " +
      `them): ${words}.`,
  ];
}

/** @param {string} verifierKey */
async function wordsOf(verifierKey) {
  try {
    const { logKeyWords } = await import("../crypto/spoken.js");
    return (await logKeyWords(verifierKey)).join(" ");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return verifierKey; // they could not be loaded, and an act may have been done before this
  }
}
