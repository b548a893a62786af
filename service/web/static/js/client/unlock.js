/**
 * My keys, for one act: one ceremony proves to the service that it is me and unwraps the root here.
 */

import { b64decode, b64encode, equal } from "../crypto/encoding.js";
import { CryptoError, MalformedError } from "../crypto/errors.js";
import { ask, get } from "./api.js";
import { ApiRefusal, ClientRefusal, OtherKeys } from "./errors.js";
import { fingerprint, forgetFingerprint, rememberFingerprint } from "./memory.js";
import { part } from "./part.js";
import { askPasskey } from "./passkeys.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {{kind: "passkey"} | {kind: "phrase", phrase: string}} Way
 */

/** @type {{person: string, email: string} | null} who this page is for, once known */
let known = null;

/**
 * Run one act with my keys, which are gone afterwards whatever happens.
 *
 * @template T
 * @param {Way} way
 * @param {(identity: Identity) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withIdentity(way, run) {
  const identity = await unlock(way);
  try {
    return await run(identity);
  } finally {
    identity.destroy();
  }
}

/**
 * Freshen the session, or open a new one, and return my identity; the caller destroys it.
 *
 * Refused as `ClientRefusal`: `ceremony-cancelled` and the other codes of `passkeys`;
 * `passkey-cannot-unlock`; `passkey-unknown`; `malformed-phrase`; `wrong-slot`: the service may
 * have exchanged the slot; `other-identity`: not the keys with which this browser last worked.
 *
 * @param {Way} way
 * @returns {Promise<Identity>}
 */
export async function unlock(way) {
  const opened = way.kind === "passkey" ? await byPasskey() : await byPhrase(way.phrase);
  return checked(opened);
}

/**
 * Demand the keys that the service shows as mine, and those this browser knows; remember them.
 *
 * @param {{root: Uint8Array, person: string}} opened takes the root over
 * @param {{enrolledAnew?: boolean}} [options]
 * @returns {Promise<Identity>}
 */
export async function checked({ root, person }, { enrolledAnew = false } = {}) {
  const { Identity } = await part(import("../crypto/identity.js"));
  const identity = await Identity.fromRoot(root);
  try {
    const me = await get("/people/me");
    const keys = identity.public;
    if (
      me.person !== person ||
      !equal(b64decode(me.encryption_key), keys.encryptionKey) ||
      !equal(b64decode(me.signing_key), keys.signingKey)
    ) {
      throw new ClientRefusal(
        "other-identity",
        "the service shows other keys under your name than those that you have just unlocked",
        "nothing was signed; enrolling anew does not explain this: do nothing here, and call the others",
      );
    }
    const seen = enrolledAnew ? null : await fingerprint(person);
    if (seen !== null && seen !== keys.keyid) {
      throw new OtherKeys("your keys are not those with which this browser last worked");
    }
    if (seen === null) await rememberFingerprint(person, keys.keyid);
    known = { person, email: me.email };
    return identity;
  } catch (error) {
    identity.destroy();
    throw error;
  }
}

/** Forget my fingerprint in this browser: for somebody who says that they enrolled anew. */
export async function forgetKeys() {
  await forgetFingerprint((await get("/people/me")).person);
}

/**
 * Which ways I have to prove that it is me, and which of them unlock my keys.
 *
 * @returns {Promise<{kind: "passkey" | "phrase", unlocks: boolean}[]>}
 */
export async function ways() {
  const { slots } = await get("/slots");
  return slots.map((/** @type {any} */ slot) => ({
    kind: slot.kind === "phrase" ? "phrase" : "passkey",
    unlocks: slot.kind !== "sign-in-only",
  }));
}

async function byPasskey() {
  const given = await freshByPasskey();
  const { prf, credential } = given;
  if (prf === null) throw cannotUnlock();
  try {
    const { passkeySlotKey } = await part(import("../crypto/keyslot.js"));
    const [{ slots }, { person }] = await Promise.all([get("/slots"), get("/people/me")]);
    const slot = slots.find((/** @type {any} */ one) => one.credential === credential);
    if (!slot || slot.kind !== "passkey") throw slot ? cannotUnlock() : exchanged("passkey");
    const slotKey = await passkeySlotKey(prf);
    return await unwrap(slotKey, slot, person, "passkey");
  } finally {
    prf.fill(0);
  }
}

/** Prove with a passkey; when the session is over, the same ceremony opens a new one. */
async function freshByPasskey() {
  let options;
  try {
    options = await ask("/sessions/fresh/options", {});
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== "not-signed-in") throw error;
    const wanted = await ask("/sessions/passkey/options", {});
    const given = await askPasskey(wanted, { prf: true });
    await ask("/sessions/passkey", { assertion: given.assertion });
    return given;
  }
  const { credentials } = options;
  if (!credentials.some((/** @type {any} */ one) => one.unlocks)) throw cannotUnlock();
  const able = credentials.filter((/** @type {any} */ one) => one.unlocks);
  const given = await askPasskey({ ...options, credentials: able }, { prf: true });
  await ask("/sessions/fresh", { assertion: given.assertion });
  return given;
}

/** @param {string} phrase */
async function byPhrase(phrase) {
  const { checkPhrase } = await part(import("../crypto/phrase.js"));
  const words = await typed(() => checkPhrase(phrase));
  const who = await whoIs();
  const { salt, keys } = await stretched(who.email, words);
  const key = b64encode(keys.signInKey);
  try {
    await ask("/sessions/fresh", { sign_in_key: key }).catch((error) => {
      if (!(error instanceof ApiRefusal) || error.code !== "not-signed-in") throw error;
      return ask("/sessions", { email: who.email, sign_in_key: key, cookie: true });
    });
    return await phraseRoot(who.person, salt, keys.slotKey);
  } finally {
    keys.signInKey.fill(0);
    keys.slotKey.fill(0);
  }
}

/** Who I am; kept for when the session has ended since. */
async function whoIs() {
  try {
    const { person, email } = await get("/people/me");
    known = { person, email };
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== "not-signed-in" || !known) throw error;
  }
  return known;
}

/**
 * The salt of an address, and both keys of a phrase; takes a moment.
 *
 * @param {string} email
 * @param {string[]} words
 */
export async function stretched(email, words) {
  const { phraseKeys } = await part(import("../crypto/phrase.js"));
  const { salt, iterations } = await ask("/sessions/parameters", { email });
  return { salt, keys: await phraseKeys(words, b64decode(salt), iterations) };
}

/**
 * @param {string} person
 * @param {string} salt base64, with which the slot key was derived
 * @param {Uint8Array} slotKey
 */
export async function phraseRoot(person, salt, slotKey) {
  const { slots } = await get("/slots");
  const found = slots.filter((/** @type {any} */ one) => one.kind === "phrase");
  if (found.length !== 1 || found[0].salt !== salt) throw exchanged("phrase");
  return unwrap(slotKey, found[0], person, "phrase");
}

/**
 * @param {Uint8Array} slotKey wiped
 * @param {any} slot
 * @param {string} person
 * @param {string} what
 */
async function unwrap(slotKey, slot, person, what) {
  const { unwrapRoot } = await part(import("../crypto/unlock.js"));
  try {
    const wrapped = b64decode(slot.wrapped_root);
    return { root: await unwrapRoot(slotKey, wrapped, person, slot.slot), person };
  } catch (error) {
    throw error instanceof CryptoError ? exchanged(what) : error;
  } finally {
    slotKey.fill(0);
  }
}

/**
 * A typing slip becomes a refusal for people; it never repeats what was typed.
 *
 * @template T
 * @param {() => Promise<T>} check
 * @returns {Promise<T>}
 */
export async function typed(check) {
  try {
    return await check();
  } catch (error) {
    if (error instanceof MalformedError) throw new ClientRefusal("malformed-phrase", error.message);
    throw error;
  }
}

/** @param {string} what */
function exchanged(what) {
  return new ClientRefusal(
    "wrong-slot",
    `the key slot that the service shows does not open with this ${what}`,
    "the service may have exchanged it: tell the others",
  );
}

function cannotUnlock() {
  return new ClientRefusal(
    "passkey-cannot-unlock",
    "this passkey signs you in and does not unlock your keys",
    "use your recovery phrase for this",
  );
}
