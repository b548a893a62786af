/**
 * Recovery phrases: ten generated words, an eleventh that tells a typing slip, and their keys. Runs
 * on a person's own device only. A phrase is generated and never chosen.
 */

import { sha256, utf8 } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { pbkdf2 } from "./pbkdf2.js";
import { randomBelow } from "./randomness.js";
import { typedWords } from "./typedWords.js";
import { WORDS, wordsOf } from "./wordlist.js";

export const ITERATIONS = 600_000;
export const SALT_LENGTH = 16;
export const WORD_COUNT = 10;
const KEY_LENGTH = 32;

/** Ten random words and the check word. */
export async function generatePhrase() {
  const words = Array.from({ length: WORD_COUNT }, () => WORDS[randomBelow(WORDS.length)]);
  return [...words, await checkWord(words)];
}

/**
 * The eleven words of a phrase as a person has it (`typedWords`).
 * @param {string} text
 * @throws {MalformedError} a typing slip: not eleven words, a word that is not in the list (named
 *   by its place, never repeated), or a check word that does not fit
 */
export async function checkPhrase(text) {
  const words = typedWords(text, WORD_COUNT + 1, "a recovery phrase");
  if ((await checkWord(words.slice(0, WORD_COUNT))) !== words[WORD_COUNT]) {
    throw new MalformedError("mistyped: the last word does not fit the ten before it");
  }
  return words;
}

/**
 * Derive both keys with PBKDF2-HMAC-SHA-256 (RFC 8018) from the words without the check. The
 * service stores SHA-256 of the sign-in key and never sees the slot key. A server that asks for
 * fewer iterations is fishing for a phrase that is cheap to guess.
 * @param {readonly string[]} words
 * @param {Uint8Array} salt
 * @param {number} iterations
 * @throws {MalformedError} not a phrase, not a 16-byte salt, or not exactly 600,000 iterations
 */
export async function phraseKeys(words, salt, iterations) {
  const checked = await checkPhrase(words.join(" "));
  if (iterations !== ITERATIONS || salt.length !== SALT_LENGTH) {
    throw new MalformedError(
      `a phrase is used with ${ITERATIONS} iterations and a salt of ${SALT_LENGTH} bytes`,
    );
  }
  const password = joined(checked.slice(0, WORD_COUNT));
  const derived = await pbkdf2(password, salt, iterations, 2 * KEY_LENGTH);
  password.fill(0);
  const keys = { signInKey: derived.slice(0, KEY_LENGTH), slotKey: derived.slice(KEY_LENGTH) };
  derived.fill(0);
  return keys;
}

/** @param {readonly string[]} words */
async function checkWord(words) {
  return wordsOf(await sha256(joined(words)), 1)[0];
}

/** @param {readonly string[]} words */
function joined(words) {
  return utf8(words.join(" "));
}
