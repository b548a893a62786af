/**
 * My keys, for one act: one ceremony proves to the service that it is me and unwraps the root here.
 */

import { b64decode, b64encode, equal } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { Identity } from "../crypto/identity.js";
import { passkeySlotKey } from "../crypto/keyslot.js";
import { unwrapRoot } from "../crypto/unlock.js";
import { after, ask, get, proved } from "../link/api.js";
import { checkClock } from "../link/clocks.js";
import { ApiRefusal, ClientRefusal, OtherKeys } from "../link/errors.js";
import { claim } from "../device/claims.js";
import { fingerprint, forgetFingerprint, rememberFingerprint } from "../device/memory.js";
import { part } from "../link/part.js";
import { askPasskey } from "./passkeys.js";
import { cannotUnlock, exchanged, typed } from "./slips.js";

/** @typedef {{kind: "passkey"} | {kind: "phrase", phrase: string}} Way */

const GOOD_FOR = 4 * 60_000; // milliseconds; a challenge lives a minute longer

/** @typedef {{slots: any[], me: any}} Facts what the service says of me */
/** @type {Promise<Facts> | null} asked for an act or ahead of one, and gone with it */
let facts = null;
/** @type {{options: any, until: number} | null} a challenge that was asked for ahead */
let challenge = null;
/** @type {{person: string, email: string} | null} who this page is for, once known */
let known = null;

/** Ask ahead of an act what does not depend on it: then it begins with the ceremony. */
export async function prepare() {
  const [options] = await Promise.all([ask("/sessions/fresh/options", {}), ofMe()]);
  await fingerprint((await ofMe()).me.person); // opens the database
  challenge = { options, until: Date.now() + GOOD_FOR };
}

/** @returns {Promise<Facts>} */
function ofMe() {
  facts ??= Promise.all([get("/slots"), get("/people/me")]).then(
    ([{ slots }, me]) => ({ slots, me }),
    (error) => {
      facts = null;
      throw error;
    },
  );
  return facts;
}

/**
 * Run one act with my keys, gone afterwards whatever happens. Refused first: `own-clock`.
 *
 * @template T
 * @param {Way} way
 * @param {(identity: Identity) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withIdentity(way, run) {
  checkClock();
  try {
    const identity = await unlock(way);
    try {
      return await run(identity);
    } finally {
      identity.destroy();
    }
  } finally {
    after(Promise.resolve());
    facts = challenge = null;
  }
}

/**
 * Prove who I am and return my identity; the caller destroys it. While the proof is on its way, the
 * root is unwrapped and the act prepared, and every call waits for the answer.
 *
 * Refused as `ClientRefusal`: `ceremony-cancelled` and the other codes of `passkeys`;
 * `passkey-cannot-unlock`; `passkey-unknown`; `malformed-phrase`; `wrong-slot`: the service may
 * have exchanged the slot; `other-identity`: not the keys with which this browser last worked; as
 * `SecondPress` with a code of `ownHead`.
 *
 * @param {Way} way
 * @returns {Promise<Identity>}
 */
async function unlock(way) {
  try {
    const opened = way.kind === "passkey" ? await byPasskey() : await byPhrase(way.phrase);
    const identity = await checked(opened, (await ofMe()).me);
    await settle(opened.person, identity);
    return identity;
  } catch (error) {
    await proved(); // first of all: what a wrong phrase does not open was not exchanged
    throw error;
  }
}

/**
 * What was claimed to be mine before my keys were there, if anything was.
 *
 * @param {string} person
 * @param {Identity} identity destroyed if it was not
 */
async function settle(person, identity) {
  if ((await claim())?.person !== person) return;
  try {
    await (await part(import("./ownHead.js"))).settled(person, identity);
  } catch (refused) {
    identity.destroy();
    throw refused;
  }
}

/**
 * Demand the keys that the service shows as mine, and those this browser knows; remember them.
 *
 * @param {{root: Uint8Array, person: string}} opened takes the root over
 * @param {any} me as the service shows me
 * @param {{enrolledAnew?: boolean}} [options]
 * @returns {Promise<Identity>}
 */
export async function checked({ root, person }, me, { enrolledAnew = false } = {}) {
  const identity = await Identity.fromRoot(root);
  try {
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
 * @param {{acting?: boolean}} [options] an act follows at once, for which the answer holds
 * @returns {Promise<{kind: "passkey" | "phrase", unlocks: boolean}[]>}
 */
export async function ways({ acting = false } = {}) {
  const { slots } = await (acting ? ofMe() : get("/slots"));
  return slots.map((/** @type {any} */ slot) => ({
    kind: slot.kind === "phrase" ? "phrase" : "passkey",
    unlocks: slot.kind !== "sign-in-only",
  }));
}

async function byPasskey() {
  const { prf, credential } = await proveByPasskey();
  if (prf === null) throw cannotUnlock();
  try {
    const { slots, me } = await ofMe();
    const slot = slots.find((/** @type {any} */ one) => one.credential === credential);
    if (!slot || slot.kind !== "passkey") throw slot ? cannotUnlock() : exchanged("passkey");
    const slotKey = await passkeySlotKey(prf);
    return await unwrap(slotKey, slot, me.person, "passkey");
  } finally {
    prf.fill(0);
  }
}

/** Prove with a passkey; when the session is over, the same ceremony opens a new one. */
async function proveByPasskey() {
  let options;
  try {
    options = await freshOptions();
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== "not-signed-in") throw error;
    facts = null; // whoever answers may be somebody else
    const wanted = await ask("/sessions/passkey/options", {});
    const given = await askPasskey(wanted, { prf: true });
    await ask("/sessions/passkey", { assertion: given.assertion });
    return given;
  }
  const { credentials } = options;
  if (!credentials.some((/** @type {any} */ one) => one.unlocks)) throw cannotUnlock();
  const able = credentials.filter((/** @type {any} */ one) => one.unlocks);
  const given = await askPasskey({ ...options, credentials: able }, { prf: true });
  await ofMe(); // if it was not asked ahead; it needs no proof, and would wait for this one
  after(ask("/sessions/fresh", { assertion: given.assertion }));
  return given;
}

/** A challenge for this session, used once. */
async function freshOptions() {
  const ahead = challenge;
  challenge = null;
  if (ahead !== null && Date.now() < ahead.until) return ahead.options;
  const [options] = await Promise.all([ask("/sessions/fresh/options", {}), ofMe()]);
  return options;
}

/** @param {string} phrase */
async function byPhrase(phrase) {
  const { checkPhrase } = await part(import("../crypto/phrase.js"));
  const words = await typed(() => checkPhrase(phrase));
  const who = await whoIs();
  const { salt, keys } = await stretched(who.email, words);
  const key = b64encode(keys.signInKey);
  try {
    after(
      ask("/sessions/fresh", { sign_in_key: key }).catch((error) => {
        if (!(error instanceof ApiRefusal) || error.code !== "not-signed-in") throw error;
        return ask("/sessions", { email: who.email, sign_in_key: key, cookie: true });
      }),
    );
    const { slots } = await ofMe();
    return await phraseRoot(slots, who.person, salt, keys.slotKey);
  } finally {
    keys.signInKey.fill(0);
    keys.slotKey.fill(0);
  }
}

/** Who I am; kept for when the session has ended since. */
async function whoIs() {
  try {
    const { person, email } = (await ofMe()).me;
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
 * @param {any[]} slots mine
 * @param {string} person
 * @param {string} salt base64, with which the slot key was derived
 * @param {Uint8Array} slotKey
 */
export async function phraseRoot(slots, person, salt, slotKey) {
  const found = slots.filter((/** @type {any} */ one) => one.kind === "phrase");
  if (found.length !== 1 || found[0].salt !== salt) throw exchanged("phrase");
  return unwrap(slotKey, found[0], person, "phrase");
}

/**
 * @param {Uint8Array} slotKey wiped
 * @param {any} slot
 * @param {string} person
 * @param {"phrase" | "passkey"} what
 */
async function unwrap(slotKey, slot, person, what) {
  try {
    const wrapped = b64decode(slot.wrapped_root);
    return { root: await unwrapRoot(slotKey, wrapped, person, slot.slot), person };
  } catch (error) {
    throw error instanceof CryptoError ? exchanged(what) : error;
  } finally {
    slotKey.fill(0);
  }
}
