/**
 * AWS's rule for a root user's password, and a generator that satisfies it. Source: AWS Account
 * Management reference guide, "Update the root user password". The comparison with the account's
 * name, e-mail address and id is wider than AWS's.
 */

import { codePoints } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { randomBelow } from "./randomness.js";

export const SYMBOLS = "!@#$%^&*()<>[]{}|_+-=";
export const MIN_LENGTH = 8;
export const MAX_LENGTH = 128;
export const DEFAULT_LENGTH = 64;
const CLASSES_NEEDED = 3;

const CLASSES = [
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "abcdefghijklmnopqrstuvwxyz",
  "0123456789",
  SYMBOLS,
];
const ALPHABET = CLASSES.join("");
const UNTYPABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * A password of letters, digits and AWS's 21 symbols. One that does not satisfy the rule is thrown
 * away whole, never mended, which would make some more likely than others.
 * @throws {RangeError} fewer than 8 or more than 128 characters
 */
export function generate(length = DEFAULT_LENGTH) {
  if (!(length >= MIN_LENGTH && length <= MAX_LENGTH)) {
    throw new RangeError(`a password has ${MIN_LENGTH} to ${MAX_LENGTH} characters`);
  }
  for (;;) {
    const drawn = Array.from({ length }, () => ALPHABET[randomBelow(ALPHABET.length)]).join("");
    if (classCount(drawn) >= CLASSES_NEEDED) return drawn;
  }
}

/**
 * Accept a password that AWS accepts for this account's root user. Characters are code points;
 * those outside the four classes count for none; what cannot be typed into one line is refused.
 * @param {string} password
 * @param {{ account: string, name: string, email: string }} owner
 * @throws {MalformedError} with the reason, which does not repeat the password
 */
export function checkPassword(password, { account, name, email }) {
  const length = codePoints(password);
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    throw new MalformedError(`a password has ${MIN_LENGTH} to ${MAX_LENGTH} characters`);
  }
  if (UNTYPABLE.test(password)) {
    throw new MalformedError("a password has no control characters and no line ends");
  }
  if (classCount(password) < CLASSES_NEEDED) {
    throw new MalformedError(
      "a password has at least three of: upper case, lower case, digits, " +
        `the symbols ${SYMBOLS}`,
    );
  }
  if ([account, name, email].some((text) => folded(text) === folded(password))) {
    throw new MalformedError("a password is not the account's id, name or e-mail address");
  }
}

/** @param {string} password */
function classCount(password) {
  return CLASSES.filter((members) => [...members].some((one) => password.includes(one))).length;
}

/**
 * One text for all that look or sound alike: width, case, composition. JavaScript has no case
 * folding; lower, upper and lower case in turn fold what it would, and ẞ, ß and ss into one. The
 * final sigma, which depends on its neighbours, is made the common one.
 * @param {string} text
 */
function folded(text) {
  const lower = text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase();
  return lower.replaceAll("ς", "σ").normalize("NFKC");
}
