/**
 * The private key of each request of mine: made in this browser, and kept wrapped twice: inside by
 * my root, outside by a key of this browser that no one can export. Beside it lie my own wrapped
 * slots as they were, so that an opening needs neither the service nor a slot that is there today.
 */

import { lp, equal } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { randomBytes } from "../crypto/randomness.js";
import { RecipientKey } from "../crypto/recipient.js";
import { unwrapRequestKey, wrapRequestKey } from "../crypto/requestKey.js";
import { environment } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { openMemory } from "./memory.js";

/**
 * @typedef {import("../crypto/recipient.js").Recipient} Recipient
 * @typedef {{slot: string, kind: "phrase" | "passkey", credential: string, wrapped_root: string,
 *   salt: string, iterations: number}} KeptSlot one of the owner's, as the API showed it
 * @typedef {object} KeptKey
 * @property {Uint8Array} publicKey
 * @property {Uint8Array} nonce
 * @property {Uint8Array} sealed the wrapped key, encrypted under `outer`
 * @property {CryptoKey} outer made for this request in this browser
 * @property {KeptSlot[]} slots
 */

const STORE = "requestKeys";
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Refuse what is no request's id: `malformed`.
 *
 * @param {string} request
 */
export function checkId(request) {
  if (!ID.test(request)) throw new ClientRefusal("malformed", "not a request's id");
}

/** @param {string} person @param {string} request */
function place(person, request) {
  checkId(request);
  return `${person}/${request}`;
}

/**
 * Make a request's key pair, keep it wrapped, and open it again before anything is posted that
 * depends on it: the same public half, and it opens what is sealed to that. Refused: `key-not-kept`.
 *
 * @param {string} person
 * @param {string} request
 * @param {{root: Uint8Array, slots: any[]}} mine my root, and my slots as the API shows them
 * @param {(key: Recipient) => Promise<boolean>} opens tries the key as it was read back
 * @returns {Promise<Uint8Array>} the public key
 */
export async function make(person, request, { root, slots }, opens) {
  checkId(request);
  const secret = randomBytes(32);
  const { publicKey } = await RecipientKey.fromPrivate(secret.slice());
  const wrapped = await wrapRequestKey(root, secret, person, request, publicKey);
  secret.fill(0);
  const kept = { ...(await wrappedOutside(wrapped, person, request)), publicKey, slots: able(slots) };
  await openMemory().put(STORE, place(person, request), kept);
  const key = await open(person, request, root).catch(() => null);
  if (key === null || !equal(key.publicKey, publicKey) || !(await opens(key))) {
    await destroy(person, request);
    throw new ClientRefusal(
      "key-not-kept",
      "the request's key could not be kept in this browser",
      "leave the private window, or use another browser",
    );
  }
  return publicKey;
}

/**
 * Those of someone's slots that unlock, with nothing beside what it takes.
 *
 * @param {any[]} slots
 * @returns {KeptSlot[]}
 */
function able(slots) {
  return slots
    .filter(({ kind }) => kind === "phrase" || kind === "passkey")
    .map(({ slot, kind, credential, wrapped_root, salt, iterations }) => ({
      slot,
      kind,
      credential,
      wrapped_root,
      salt,
      iterations,
    }));
}

/**
 * @param {Uint8Array} wrapped
 * @param {string} person
 * @param {string} request
 */
async function wrappedOutside(wrapped, person, request) {
  const use = /** @type {KeyUsage[]} */ (["encrypt", "decrypt"]);
  const algorithm = { name: "AES-GCM", length: 256 };
  const outer = /** @type {CryptoKey} */ (await crypto.subtle.generateKey(algorithm, false, use));
  const nonce = randomBytes(12); // this key encrypts once
  const data = /** @type {BufferSource} */ (wrapped);
  const sealed = await crypto.subtle.encrypt(outside(nonce, person, request), outer, data);
  return { outer, nonce, sealed: new Uint8Array(sealed) };
}

/**
 * @param {Uint8Array} nonce
 * @param {string} person
 * @param {string} request
 */
function outside(nonce, person, request) {
  const bound = lp("bg1 request key here", person, request);
  const parts = { iv: nonce, additionalData: bound, tagLength: 128 };
  return /** @type {AesGcmParams} */ ({ name: "AES-GCM", ...parts });
}

/**
 * The wrapped key of a request that was made in this browser. Refused: `no-request-key`: it was
 * made elsewhere, or is destroyed.
 *
 * @param {string} person
 * @param {string} request
 * @returns {Promise<KeptKey>}
 */
export async function load(person, request) {
  const kept = await openMemory().get(STORE, place(person, request));
  if (kept?.sealed && kept.outer && kept.nonce && kept.publicKey) return kept;
  throw new ClientRefusal(
    "no-request-key",
    "the key of this request is not in this browser",
    "open it where the request was made, or ask again from here",
  );
}

/**
 * Unwrap the key for one act, as one that no one can export. Refused: `no-request-key`;
 * `request-key-locked`: another root wrapped it, or the entry is damaged.
 *
 * @param {string} person
 * @param {string} request
 * @param {Uint8Array} root
 * @returns {Promise<Recipient>}
 */
export async function open(person, request, root) {
  const { publicKey, nonce, sealed, outer } = await load(person, request);
  try {
    const data = /** @type {BufferSource} */ (sealed);
    const parameters = outside(nonce, person, request);
    const wrapped = new Uint8Array(await crypto.subtle.decrypt(parameters, outer, data));
    return await unwrapRequestKey(root, wrapped, person, request, publicKey);
  } catch (refused) {
    if (!(refused instanceof CryptoError || refused instanceof DOMException)) throw refused;
    throw new ClientRefusal(
      "request-key-locked",
      "the keys that you unlocked are not those with which this request was made",
      "if you enrolled anew since, your old phrase or passkey opens what was fetched before; for " +
        "anything else ask again",
    );
  }
}

/**
 * Whether the key of a request is in this browser.
 *
 * @param {string} person
 * @param {string} request
 */
export async function here(person, request) {
  return (await openMemory().get(STORE, place(person, request))) !== undefined;
}

/**
 * Remove the key of a request that is over; nothing sealed to it opens any more.
 *
 * @param {string} person
 * @param {string} request
 */
export async function destroy(person, request) {
  await openMemory().delete(STORE, place(person, request));
}

/**
 * Ask the browser to keep what it keeps for us.
 *
 * @returns {Promise<string>} empty, or a sentence that says what is at stake if it does not
 */
export async function askToPersist() {
  const yes = await environment.storage?.persist?.().catch(() => false);
  if (yes) return "";
  return (
    "This browser does not promise to keep the request's key: if it runs short of space, or its " +
    "data is cleared, the request has to be made again. Do not clear its data until then."
  );
}
