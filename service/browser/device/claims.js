/**
 * A statement that the service showed as mine when I signed in, until my keys are there to verify
 * it. What it says of the log is remembered meanwhile: on a log that it makes up the service can
 * only be the stricter held.
 */

import { openMemory } from "./memory.js";

/**
 * @typedef {{person: string, statement: any, why?: string}} Claim the statement as the API sent it;
 *   with `why` it turned out not to be mine, which nobody has read yet
 */

const [STORE, KEY] = ["checkpoint", "claim"];

/** @returns {Promise<Claim | null>} */
export async function claim() {
  return (await openMemory().get(STORE, KEY)) ?? null;
}

/** @param {Claim} shown */
export async function rememberClaim(shown) {
  await openMemory().put(STORE, KEY, shown);
}

export async function forgetClaim() {
  await openMemory().delete(STORE, KEY);
}
