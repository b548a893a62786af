/** Asking the service for what the modules of `trust` then verify. */

import { b64decode } from "../crypto/encoding.js";
import { PublicKeys } from "../crypto/publicKeys.js";
import { get } from "../link/api.js";
import { ClientRefusal, OtherKeys } from "../link/errors.js";
import { fingerprint, rememberChain, seenRoster } from "../device/memory.js";
import { oneLine } from "../link/render.js";
import { readWithLog } from "../log/reading.js";
import { verifyChain } from "../trust/chain.js";

/**
 * @typedef {import("../log/standing.js").LogNow} LogNow
 * @typedef {import("../trust/chain.js").VerifiedChain} VerifiedChain
 * @typedef {object} Me who I am as far as this browser can tell
 * @property {string} person
 * @property {string} name
 * @property {string} email
 * @property {boolean} outsider operator or auditor, who stands in no roster
 * @property {PublicKeys} keys
 * @property {string} keyid
 * @property {boolean} proven I have unlocked these keys in this browser before
 */

/**
 * Who I am. Keys that were never unlocked here are the service's word until an act unlocks them.
 *
 * Refused as `ClientRefusal`: `other-identity`; `server-answer`.
 *
 * @returns {Promise<Me>}
 */
export async function fetchMe() {
  return meOf(await get("/people/me"));
}

/**
 * The same of what an answer says of me. Refused as `fetchMe`.
 *
 * @param {any} me
 * @returns {Promise<Me>}
 */
export async function meOf(me) {
  const keys = await PublicKeys.make(
    b64decode(me.encryption_key),
    b64decode(me.signing_key),
  ).catch(() => {
    throw new ClientRefusal("server-answer", "the service shows no good keys of mine");
  });
  const seen = await fingerprint(me.person);
  if (seen !== null && seen !== keys.keyid) {
    throw new OtherKeys("the service shows other keys under your name than this browser knows");
  }
  return {
    person: me.person,
    name: me.name,
    email: me.email,
    outsider: me.operator || me.auditor,
    keys,
    keyid: keys.keyid,
    proven: seen !== null,
  };
}

/**
 * Fetch and verify an account's rosters, anchored in my own signature, and remember them.
 * Operators and auditors have signed none: when they are only `looking`, nothing is anchored.
 *
 * @param {string} account
 * @param {Me} me
 * @param {{looking?: boolean, despite?: boolean}} [options] `despite`: as `readWithLog` has it
 * @returns {Promise<{chain: VerifiedChain, warnings: string[], log: LogNow}>}
 */
export async function fetchChain(account, me, { looking = false, despite = false } = {}) {
  const { answer: shown, log } = await readWithLog(`/accounts/${account}/rosters`, { despite });
  const { chain, warnings } = await chainOf(account, shown, me, { looking });
  return { chain, warnings: [...warnings, ...log.news], log };
}

/**
 * Verify the rosters of an answer as `fetchChain` does, and remember them.
 *
 * @param {string} account
 * @param {{chain: any[], identities: any[]}} shown
 * @param {Me} me
 * @param {{looking?: boolean}} [options]
 * @returns {Promise<{chain: VerifiedChain, warnings: string[]}>}
 */
export async function chainOf(account, shown, me, { looking = false } = {}) {
  const unanchored = looking && me.outsider;
  const chain = await verifyChain(shown.chain, shown.identities, {
    account,
    me: unanchored ? null : me.keyid,
    remembered: await seenRoster(me.person, account),
  });
  // What nobody anchored must not make this browser refuse the real chain.
  if (!unanchored && me.proven) await rememberChain(me.person, chain);
  const outside = "You are in no roster: who counts here is what the service says.";
  return { chain, warnings: unanchored ? [outside] : [] };
}

/**
 * People's names as the rosters give them, each safe to show as one line.
 *
 * @param {VerifiedChain} chain
 * @param {Iterable<string>} people
 */
export function named(chain, people) {
  return [...people].map((person) => oneLine(chain.nameOf(person)));
}
