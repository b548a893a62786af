/**
 * My root for opening what this browser kept: from the slots kept beside it first, so that a slot
 * withdrawn since and a dead service stop no opening; and only then from those that stand today.
 */

import { b64decode, b64encode } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { passkeySlotKey } from "../crypto/keyslot.js";
import { randomBytes } from "../crypto/randomness.js";
import { unwrapRoot } from "../crypto/unlock.js";
import { get } from "../link/api.js";
import { environment } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { part } from "../link/part.js";
import { askPasskey } from "./passkeys.js";
import { typed } from "./slips.js";
import { withIdentity } from "./unlock.js";

/** @typedef {import("../device/requestKeys.js").KeptSlot} KeptSlot */
/** @typedef {import("./unlock.js").Way} Way */

const PATIENCE = 3000; // ms for a service that is not needed

/**
 * Run one act with my root, which is wiped afterwards whatever happens. One unlocking, with the
 * phrase or passkey of then or of today.
 *
 * Refused as `ClientRefusal`: as `withIdentity`.
 *
 * @template T
 * @param {Way} way
 * @param {{person: string, slots: KeptSlot[]}} kept
 * @param {(root: Uint8Array) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withKeptRoot(way, { person, slots }, run) {
  const root =
    way.kind === "passkey" ? await byPasskey(person, slots) : await byPhrase(way.phrase, person, slots);
  if (root === null) return withIdentity(way, (identity) => run(identity.root));
  try {
    return await run(root);
  } finally {
    root.fill(0);
  }
}

/**
 * @param {string} phrase
 * @param {string} person
 * @param {KeptSlot[]} slots
 */
async function byPhrase(phrase, person, slots) {
  const { checkPhrase, phraseKeys } = await part(import("../crypto/phrase.js"));
  const words = await typed(() => checkPhrase(phrase));
  for (const slot of slots.filter(({ kind }) => kind === "phrase")) {
    const keys = await phraseKeys(words, b64decode(slot.salt), slot.iterations);
    keys.signInKey.fill(0);
    const root = await unwrapped(keys.slotKey, slot, person);
    if (root !== null) return root;
  }
  return null;
}

/**
 * One ceremony for kept slots and today's alike; its challenge is our own, since nothing is posted.
 *
 * @param {string} person
 * @param {KeptSlot[]} kept
 */
async function byPasskey(person, kept) {
  const all = [...kept, ...(await todays())].filter(({ kind }) => kind === "passkey");
  if (!all.length) return null;
  const credentials = [...new Set(all.map(({ credential }) => credential))];
  const options = {
    challenge: b64encode(randomBytes(32)),
    rp_id: environment.host(),
    credentials: credentials.map((id) => ({ id, transports: [] })),
  };
  const { prf, credential } = await askPasskey(options, { prf: true });
  if (prf === null) throw cannotUnlock();
  try {
    for (const slot of all.filter((one) => one.credential === credential)) {
      const root = await unwrapped(await passkeySlotKey(prf), slot, person);
      if (root !== null) return root;
    }
  } finally {
    prf.fill(0);
  }
  throw cannotUnlock();
}

/** My slots as the service shows them, if it answers soon. @returns {Promise<KeptSlot[]>} */
async function todays() {
  const none = new Promise((resolve) => setTimeout(() => resolve([]), PATIENCE));
  const asked = get("/slots").then(({ slots }) => slots, () => []);
  return /** @type {Promise<KeptSlot[]>} */ (Promise.race([asked, none]));
}

/**
 * @param {Uint8Array} slotKey wiped
 * @param {KeptSlot} slot
 * @param {string} person
 */
async function unwrapped(slotKey, slot, person) {
  try {
    return await unwrapRoot(slotKey, b64decode(slot.wrapped_root), person, slot.slot);
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    return null;
  } finally {
    slotKey.fill(0);
  }
}

function cannotUnlock() {
  return new ClientRefusal(
    "passkey-cannot-unlock",
    "this passkey opens nothing that is kept here",
    "use your recovery phrase",
  );
}
