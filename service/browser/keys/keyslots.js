/** New key slots: made and wrapped on this device, signed with the person's own key. */

import { b64decode, b64encode, equal, hexDigest } from "../crypto/encoding.js";
import { passkeySlotKey, wrapRoot } from "../crypto/keyslot.js";
import { checkPhrase, ITERATIONS, phraseKeys } from "../crypto/phrase.js";
import { randomUuid } from "../crypto/randomness.js";
import { sign } from "../crypto/signing.js";
import { sortedStatementDsse } from "../crypto/statement.js";
import { unwrapRoot } from "../crypto/unlock.js";
import { now } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { typed } from "./slips.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {Awaited<ReturnType<typeof import("./passkeys.js").createPasskey>>} Passkey
 */

// Acts take it from here: no other room reaches the phrase itself.
export { generatePhrase } from "../crypto/phrase.js";

/**
 * Demand that a new phrase was written down: typed back, it is the same.
 *
 * Refused as `ClientRefusal`: `malformed-phrase`; `another-phrase`.
 *
 * @param {readonly string[]} words
 * @param {string} typedBack
 */
export async function checkTypedBack(words, typedBack) {
  const said = await typed(() => checkPhrase(typedBack));
  if (said.join(" ") !== words.join(" ")) {
    throw new ClientRefusal("another-phrase", "that is another phrase than the one shown");
  }
}

/**
 * Wrap the root under a phrase, and sign for it. `signInKey` is the caller's to wipe. The salt is
 * that of the person's address; another of 16 bytes gains the service nothing, since the phrase is
 * new and is guessed anew with each.
 *
 * @param {Identity} identity
 * @param {string} person
 * @param {readonly string[]} words
 * @param {{salt: string, action: "add" | "replace"}} how the salt in base64
 */
export async function phraseSlot(identity, person, words, { salt, action }) {
  const slot = randomUuid();
  const keys = await phraseKeys([...words], b64decode(salt), ITERATIONS);
  const wrapped = await wrapRoot(keys.slotKey, identity.root, person, slot);
  keys.slotKey.fill(0);
  const about = { person, slot, action, slot_kind: "phrase", credential: "" };
  return {
    id: slot,
    signInKey: keys.signInKey,
    slot: {
      statement: await slotStatement(about, wrapped, identity),
      wrapped_root: b64encode(wrapped),
      salt,
      iterations: ITERATIONS,
      sign_in_digest: await hexDigest(keys.signInKey),
    },
  };
}

/**
 * Wrap the root under what a passkey gave, or sign that it only signs in. Wipes that output.
 *
 * @param {Identity} identity
 * @param {string} person
 * @param {Passkey} passkey
 */
export async function passkeySlot(identity, person, { attestation, credential, prf }) {
  const slot = randomUuid();
  const slotKind = prf === null ? "sign-in-only" : "passkey";
  let wrapped = new Uint8Array();
  if (prf !== null) {
    const slotKey = await passkeySlotKey(prf);
    wrapped = await wrapRoot(slotKey, identity.root, person, slot);
    await tryOut(slotKey, wrapped, identity.root, { person, slot });
    prf.fill(0);
  }
  const about = { person, slot, action: "add", slot_kind: slotKind, credential };
  const statement = await slotStatement(about, wrapped, identity);
  return { statement, wrapped_root: b64encode(wrapped), attestation };
}

/**
 * Unwrap once what was just wrapped: what was never seen to open is not announced as unlocking.
 *
 * @param {Uint8Array} slotKey wiped
 * @param {Uint8Array} wrapped
 * @param {Uint8Array} root
 * @param {{person: string, slot: string}} of
 */
async function tryOut(slotKey, wrapped, root, { person, slot }) {
  const opened = await unwrapRoot(slotKey, wrapped, person, slot);
  slotKey.fill(0);
  const same = equal(opened, root);
  opened.fill(0);
  if (!same) throw new Error("a wrapped root opened as another");
}

/**
 * Sign that a slot is removed.
 *
 * @param {Identity} identity
 * @param {string} person
 * @param {{slot: string, kind: string, credential: string}} slot
 */
export function removal(identity, person, { slot, kind, credential }) {
  const about = { person, slot, action: "remove", slot_kind: kind, credential };
  return slotStatement(about, new Uint8Array(), identity);
}

/**
 * @param {Record<string, string>} about
 * @param {Uint8Array} wrapped
 * @param {Identity} identity
 */
async function slotStatement(about, wrapped, identity) {
  const digest = wrapped.length ? await hexDigest(wrapped) : "";
  const fields = { ...about, wrapped_root_digest: digest };
  const statement = await sign("slot", fields, { identity, at: now() });
  return sortedStatementDsse(statement);
}

/** @param {Passkey} passkey */
export function canDo({ prf }) {
  return prf === null ? /** @type {const} */ ("sign-in-only") : /** @type {const} */ ("unlocks");
}
