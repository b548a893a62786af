/** Who cannot act, in words. */

import { listing } from "../link/render.js";

const NAMES = { password: "password", mfa: "MFA" };

/**
 * One group that cannot act.
 *
 * @param {"password" | "mfa"} group
 * @param {{able: readonly string[], size: number, needed: number}} count
 */
export function cannotAct(group, { able, size, needed }) {
  return `The ${NAMES[group]} group cannot act: ${able.length} of ${size} can, and it takes ${needed}.`;
}

/**
 * What a sealer hears of those whom the roster names with keys that they do not have any more.
 *
 * @param {readonly string[]} names
 */
export function sealedToOldKeys(names) {
  return (
    `${listing(names)} will not be able to open what you seal: the roster names old keys. ` +
    "Have a roster with the new ones signed first."
  );
}
