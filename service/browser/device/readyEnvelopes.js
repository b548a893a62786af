/** The newest envelope of an account that this browser has verified as ready: none older is taken. */

import { openMemory } from "./memory.js";

/** @typedef {{version: number, digest: string}} Ready `digest` is that of the manifest */

/**
 * @param {string} person
 * @param {string} account
 * @returns {Promise<Ready | null>}
 */
export async function readyEnvelope(person, account) {
  return (await openMemory().get("ready", `${person}/${account}`)) ?? null;
}

/**
 * Remember a verified one; never less than before.
 *
 * @param {string} person
 * @param {{account: string, version: number, digest: string}} envelope
 */
export async function rememberReady(person, { account, version, digest }) {
  await openMemory().update("ready", `${person}/${account}`, (/** @type {Ready | undefined} */ old) =>
    old !== undefined && old.version >= version ? old : { version, digest },
  );
}

/** Forget all of them: an accepted epoch may have given up what made them ready. */
export async function forgetReady() {
  const memory = openMemory();
  for (const place of await memory.keys("ready")) await memory.delete("ready", place);
}
