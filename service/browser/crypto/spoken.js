/**
 * A roster's words: its digest as people read it to each other. The digest is of public bytes, so
 * someone who drafts a roster could search for one whose words are those of another; 100,000 rounds
 * make each try dear.
 */

import { checkHexDigest, utf8 } from "./encoding.js";
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
  return wordsOf(await pbkdf2(checkHexDigest(digest), utf8("bg1 words"), ROUNDS, LENGTH));
}
