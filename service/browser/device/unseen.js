/**
 * Entries of the log that this browser relied on before enough witnesses had seen them. They are
 * kept until witnesses have: an entry that no outsider ever sees may be in a fork made for this
 * browser.
 */

import { openMemory } from "./memory.js";

/**
 * @typedef {object} Unseen
 * @property {number} place of the entry in the log
 * @property {string} request whose entry it is
 * @property {number} since by this device's clock, in milliseconds since 1970
 * @property {readonly string[]} keys of the witnesses that its roster names
 * @property {number} wanted how many of them
 */

const UNSEEN = "unseen";
export const MOST = 200; // more are not kept, and the oldest stay

/** @returns {Promise<Unseen[]>} */
export async function unseenEntries() {
  return (await openMemory().get("checkpoint", UNSEEN)) ?? [];
}

/** Keep an entry, from the first time that it was relied on. @param {Unseen} entry */
export async function rememberUnseen(entry) {
  await openMemory().update("checkpoint", UNSEEN, (/** @type {Unseen[]} */ known = []) =>
    known.length >= MOST || known.some(({ place }) => place === entry.place) ? known : [...known, entry],
  );
}

/**
 * Forget those that witnesses have seen, that are too old, or that an accepted epoch gives up.
 *
 * @param {(entry: Unseen) => boolean} gone
 */
export async function forgetUnseen(gone) {
  await openMemory().update("checkpoint", UNSEEN, (/** @type {Unseen[]} */ known = []) =>
    known.filter((one) => !gone(one)),
  );
}
