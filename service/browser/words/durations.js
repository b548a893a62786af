/** Lengths of time to choose from, within what a roster's policy permits. Pure. */

import { span } from "./times.js";

const LIFETIMES = [900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];
const WINDOWS = [300, 900, 1800, 3600, 7200, 14_400];

/**
 * How long a request may wait for decisions: seconds and words, shortest first; `limit` comes last.
 *
 * @param {number} limit seconds, the policy's
 * @returns {{seconds: number, words: string}[]}
 */
export function lifetimes(limit) {
  return choices(LIFETIMES, limit);
}

/**
 * How long a release may be used; `limit` comes last.
 *
 * @param {number} limit seconds, the policy's
 * @returns {{seconds: number, words: string}[]}
 */
export function windows(limit) {
  return choices(WINDOWS, limit);
}

/**
 * The choices with the length that is in force, if it is none of them: a form must not change what it
 * was not asked to change.
 *
 * @param {readonly {seconds: number, words: string}[]} offered
 * @param {number} inForce seconds
 */
export function withInForce(offered, inForce) {
  if (offered.some(({ seconds }) => seconds === inForce)) return [...offered];
  return [...offered, choice(inForce)].sort((a, b) => a.seconds - b.seconds);
}

/** @param {readonly number[]} offered @param {number} limit */
function choices(offered, limit) {
  return [...offered.filter((seconds) => seconds < limit), limit].map(choice);
}

/** @param {number} seconds */
function choice(seconds) {
  return { seconds, words: span(seconds) };
}
