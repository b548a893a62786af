/** Going on under the log's new key, once the log proves a roster in force that names it. */

import { fingerprint, openMemory, seenRoster } from "../device/memory.js";
import { rememberLog } from "../device/notes.js";
import { parseCanonical, b64decode } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { get, isUnreachable } from "../link/api.js";
import { ApiRefusal, ClientRefusal } from "../link/errors.js";
import { verifyChain } from "../trust/chain.js";
import { openRemembered, parsedKey } from "../trust/growth.js";
import { continuedUnder, isAccepted } from "../trust/newKey.js";

/**
 * @typedef {import("../device/notes.js").SeenLog} SeenLog
 * @typedef {import("../trust/growth.js").Answer & {leaves: any[]}} Shown
 */

/**
 * What is verified of a log under another key, and remembered, if an account's people, as known
 * here, have accepted that key; else null, and nothing is remembered. The caller keeps other tabs
 * out.
 *
 * @param {Shown} shown
 * @param {SeenLog} seen
 * @param {any} subject what it came with: a request, or an account's rosters
 */
export async function takenUp(shown, seen, subject) {
  try {
    return await accepted(shown, seen, subject);
  } catch (refused) {
    const known = [ClientRefusal, ApiRefusal, CryptoError].some((kind) => refused instanceof kind);
    if (!known && !isUnreachable(refused)) throw refused;
    return null; // what is wrong with it is no reason to go by it
  }
}

/**
 * The same where nothing says which account it is about: any that this browser knows.
 *
 * @param {import("../trust/growth.js").Answer} answer
 * @param {SeenLog} seen
 */
export async function takenUpAnywhere(answer, seen) {
  const accounts = (await openMemory().keys("rosters")).map((key) => key.split("/")[1]);
  for (const account of new Set(accounts)) {
    const found = await takenUp({ ...answer, leaves: [] }, seen, { account });
    if (found) return found;
  }
  return null;
}

/** @param {Shown} shown @param {SeenLog} seen @param {any} subject */
async function accepted(shown, seen, subject) {
  const { person } = await get("/people/me");
  const me = await fingerprint(person);
  if (me === null) return null; // no keys were unlocked here, so no chain is anchored in them
  if (subject.chain?.length === 0) return null; // no one has signed a roster there
  const account = subject.chain ? accountOf(subject.chain) : subject.account;
  const { size } = await openRemembered(seen.checkpoint, await parsedKey(seen.verifierKey));
  const path = `/accounts/${account}/rosters?seen=${size}`;
  const { log, chain: posted, identities } = subject.chain ? { ...subject, log: shown } : await get(path);
  // Two checkpoints at once could be of two logs: it is asked once more with the next look.
  if (log?.checkpoint !== shown.checkpoint || log.verifier_key !== shown.verifier_key) return null;
  const fresh = await continuedUnder(log, seen);
  const remembered = await seenRoster(person, account);
  const chain = await verifyChain(posted, identities, { account, me, remembered });
  const keys = { known: seen.verifierKey, shown: log.verifier_key };
  if (!(await isAccepted(chain, log.leaves, fresh, keys))) return null;
  await rememberLog({ verifierKey: log.verifier_key, checkpoint: log.checkpoint });
  const news = [
    `Version ${chain.newest.version} of the roster of account ${account} names another key for the ` +
      "log, and is in force: this browser goes by that key from now on.",
  ];
  return { verifierKey: log.verifier_key, checkpoint: fresh, shown: log, leaves: shown.leaves, news };
}

/**
 * The account of a chain as it came; the chain is verified for it.
 *
 * @param {any[]} posted
 */
function accountOf(posted) {
  return /** @type {any} */ (parseCanonical(b64decode(posted[0].payload))).account;
}
