/** Groups, and people as a roster names them. */

import { equal } from "../crypto/encoding.js";

/**
 * @typedef {"password" | "mfa"} GroupName
 * @typedef {{person: string, name: string, encryptionKey: Uint8Array, signingKey: Uint8Array}}
 *   Member
 */

/** The two groups of an account, in SLIP-39's order. @type {readonly GroupName[]} */
export const GROUPS = Object.freeze(["password", "mfa"]);

/**
 * Whether both hold exactly the same two keys.
 *
 * @param {Member} member
 * @param {Member | undefined} other
 */
export function sameKeys(member, other) {
  return (
    other !== undefined &&
    equal(member.encryptionKey, other.encryptionKey) &&
    equal(member.signingKey, other.signingKey)
  );
}

/**
 * A name for comparing without case: full case folding, as Python's `str.casefold`. JavaScript
 * has no such function; down, up and down again folds the same, but for the dotless i.
 *
 * @param {string} name
 */
export function folded(name) {
  return [...name].map(foldedCharacter).join("");
}

/** @param {string} one a single character, so that a final sigma folds like every other */
function foldedCharacter(one) {
  if (one === "\u0131") return one;
  const upper = [...one.toLowerCase()].map((part) => part.toUpperCase()).join("");
  return [...upper].map((part) => part.toLowerCase()).join("");
}
