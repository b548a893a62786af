/**
 * The words of a roster and of a log's key: their digests as people read them to each other. The
 * digests are of public bytes, so someone who drafts a roster, or makes a key, could search for one
 * whose words are those of another; 100,000 rounds make each try dear.
 */

import { checkHexDigest, sha256, utf8 } from "./encoding.js";
import { pbkdf2 } from "./pbkdf2.js";
import { wordsOf } from "./wordlist.js";

export const ROUNDS = 100_000;
const LENGTH = 10; // bytes: eight words

/**
 * The eight words of a roster.
 * @param {string} digest in hexadecimal
 * @throws {import("./errors.js").MalformedError} not 64 hexadecimal digits
 */
export async function rosterWords(digest) {
  return spoken(checkHexDigest(digest), "bg1 words");
}

/**
 * The eight words of a log's verifier key.
 * @param {string} verifierKey
 */
export async function logKeyWords(verifierKey) {
  return spoken(await sha256(utf8(verifierKey)), "bg1 log key words");
}

/** @param {Uint8Array} digest @param {string} salt */
async function spoken(digest, salt) {
  return wordsOf(await pbkdf2(digest, utf8(salt), ROUNDS, LENGTH));
}
