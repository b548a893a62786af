/** My key slots: ways to sign in and to unlock my keys. */

import { done, send } from "./acting.js";
import { ask, get } from "../link/api.js";
import { ClientRefusal } from "../link/errors.js";
import { part } from "../link/part.js";
import { fingerprint } from "../device/memory.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {{slot: string, kind: "phrase" | "passkey" | "sign-in-only", credential: string,
 *   salt: string, created_at: string, title: string, unlocks: boolean}} Slot
 */

const TITLES = {
  phrase: "recovery phrase",
  passkey: "passkey",
  "sign-in-only": "passkey, for signing in only",
};

/**
 * All of mine.
 *
 * @returns {Promise<Slot[]>}
 */
export async function list() {
  const { slots } = await get("/slots");
  return slots.map((/** @type {Slot} */ slot) => ({
    ...slot,
    title: TITLES[slot.kind],
    unlocks: slot.kind !== "sign-in-only",
  }));
}

/**
 * Make a passkey on this device and add it.
 *
 * @param {Identity} identity
 */
export async function addPasskey(identity) {
  const { createPasskey } = await part(import("../keys/passkeys.js"));
  const { canDo, passkeySlot } = await part(import("../keys/keyslots.js"));
  const { person, email, name } = await mine(identity);
  const credentials = (await list()).map((slot) => slot.credential).filter((one) => one !== "");
  const owner = { person, email, name, credentials };
  const made = await createPasskey(await ask("/slots/passkey-options", {}), owner);
  const passkey = canDo(made);
  const body = await passkeySlot(identity, person, made);
  const there = () => has((slot) => slot.credential === made.credential);
  return send("/slots", body, async (answer) => ({ ...(await done(answer)), passkey }), there);
}

/** A new phrase to write down; nothing is posted yet. */
export async function preparePhrase() {
  const { generatePhrase } = await part(import("../keys/keyslots.js"));
  return { words: await generatePhrase() };
}

/**
 * Put the new phrase in place of the old one, which stops working.
 *
 * Refused as `ClientRefusal`: `malformed-phrase`, `another-phrase`: what was typed back is wrong.
 *
 * @param {{words: string[]}} prepared
 * @param {string} typedBack
 * @param {Identity} identity
 */
export async function replacePhrase({ words }, typedBack, identity) {
  const { checkTypedBack, phraseSlot } = await part(import("../keys/keyslots.js"));
  await checkTypedBack(words, typedBack);
  const { person } = await mine(identity);
  const old = (await list()).find((one) => one.kind === "phrase");
  if (!old) throw new ClientRefusal("wrong-slot", "the service shows no phrase of yours to replace");
  const how = { salt: old.salt, action: /** @type {const} */ ("replace") };
  const { id, slot, signInKey } = await phraseSlot(identity, person, words, how);
  signInKey.fill(0);
  return send("/slots", slot, done, () => has((one) => one.slot === id));
}

/**
 * Remove one of them; the service keeps the last one, and the phrase of a person in a roster.
 *
 * @param {Identity} identity
 * @param {string} id
 */
export async function remove(identity, id) {
  const { removal } = await part(import("../keys/keyslots.js"));
  const { person } = await mine(identity);
  const slot = (await list()).find((one) => one.slot === id);
  const statement = await removal(identity, person, {
    slot: id,
    kind: slot?.kind ?? "passkey",
    credential: slot?.credential ?? "",
  });
  const gone = async () => !(await has((one) => one.slot === id));
  return send("/slots", { statement }, done, gone);
}

/**
 * Who I am: the person under whose id this browser knows the keys that were just unlocked. A slot
 * made under another id would open nothing.
 *
 * Refused as `ClientRefusal`: `other-identity`.
 *
 * @param {Identity} identity
 * @returns {Promise<{person: string, email: string, name: string}>}
 */
async function mine(identity) {
  const me = await get("/people/me");
  if ((await fingerprint(me.person)) === identity.public.keyid) return me;
  throw new ClientRefusal(
    "other-identity",
    "the service names another person than the one whose keys you have just unlocked",
    "nothing was made or changed: do nothing here, and call the others",
  );
}

/** @param {(slot: Slot) => boolean} fits */
async function has(fits) {
  return (await list()).some(fits);
}
