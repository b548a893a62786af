/**
 * The private key of each request of mine: made in this browser, kept here where not even this page
 * can export it, destroyed with the request.
 */

import { equal } from "../crypto/encoding.js";
import { RecipientKey } from "../crypto/recipient.js";
import { environment } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { openMemory } from "./memory.js";

/** @typedef {import("../crypto/recipient.js").Recipient} Recipient */

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
 * Make a request's key pair, keep it, and read it back before anything is posted that depends on
 * it: the same public half, and it opens what is sealed to that. Refused: `key-not-kept`.
 *
 * @param {string} person
 * @param {string} request
 * @param {(key: Recipient) => Promise<boolean>} opens tries the key as it was read back
 * @returns {Promise<Uint8Array>} the public key
 */
export async function make(person, request, opens) {
  const made = await RecipientKey.generate();
  await openMemory().put(STORE, place(person, request), made);
  const kept = await load(person, request).catch(() => null);
  if (kept === null || !equal(kept.publicKey, made.publicKey) || !(await opens(kept))) {
    await destroy(person, request);
    throw new ClientRefusal(
      "key-not-kept",
      "the request's key could not be kept in this browser",
      "leave the private window, or use another browser",
    );
  }
  return kept.publicKey;
}

/**
 * The key of a request that was made in this browser. Refused: `no-request-key`: it was made
 * elsewhere, or is destroyed.
 *
 * @param {string} person
 * @param {string} request
 * @returns {Promise<Recipient>}
 */
export async function load(person, request) {
  const key = await openMemory().get(STORE, place(person, request));
  if (key?.privateKey && key.publicKey) return key;
  throw new ClientRefusal(
    "no-request-key",
    "the key of this request is not in this browser",
    "open it where the request was made, or ask again from here",
  );
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
