/**
 * Words of the list as people have them: typed, pasted, scanned. Numbers, commas, bullets, quotes,
 * capitals, odd spaces, full-width letters and invisible characters pass: strictness there protects
 * nothing. A word is a whole word of the list or a slip: one that is abbreviated or completed would
 * be guessed, and a secret is not guessed.
 */

import { IGNORABLE } from "./codePoints.js";
import { MalformedError } from "./errors.js";
import { WORDS } from "./wordlist.js";

const KNOWN = new Set(WORDS);

/**
 * The runs of a to z in a text, known or not. NFKC first, then A to Z become a to z. No other
 * letter is folded: the lower case of some would fall among ours.
 * @param {string} text
 * @returns {string[]}
 */
function wordsIn(text) {
  const plain = text.normalize("NFKC").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return plain.replace(IGNORABLE, "").match(/[a-z]+/g) ?? [];
}

/**
 * The list's own words for a text that holds exactly `count` of them.
 * @param {string} text
 * @param {number} count
 * @param {string} what has so many words
 * @throws {MalformedError} another number of words, or words that are not in the list; places are
 *   named, never a word
 */
export function typedWords(text, count, what) {
  const words = wordsIn(text);
  const slips = words.flatMap((word, place) => (KNOWN.has(word) ? [] : [place + 1]));
  const where = `word ${slips.slice(0, count).join(", ")} is not in the list`;
  if (words.length !== count) {
    const further = slips.length ? `; ${where}` : "";
    throw new MalformedError(`${what} has ${count} words, not ${words.length}${further}`);
  }
  if (slips.length) throw new MalformedError(`mistyped: ${where}`);
  return words;
}
