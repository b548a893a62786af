/**
 * Enrolling: my keys are made on this device, and a recovery phrase for them, and a passkey if
 * the person wants one. Nothing is posted before the phrase was typed back whole.
 */

import { b64encode } from "../crypto/encoding.js";
import { Identity } from "../crypto/identity.js";
import { sortedStatementDsse } from "../crypto/statement.js";
import { done, send, signed } from "./acting.js";
import { ask } from "../link/api.js";
import { ApiRefusal, ClientRefusal } from "../link/errors.js";
import {
  canDo,
  checkTypedBack,
  generatePhrase,
  passkeySlot,
  phraseSlot,
} from "../keys/keyslots.js";
import { keptRequests } from "../device/keeping.js";
import { rememberFingerprint } from "../device/memory.js";
import { createPasskey } from "../keys/passkeys.js";

/**
 * @typedef {{person: string, name: string, email: string, operator: boolean, auditor: boolean,
 *   replaces: boolean, expires_at: string, salt: string}} Invitee
 * @typedef {object} State an enrolment under way
 * @property {readonly string[]} words the phrase to write down
 * @property {"unlocks" | "sign-in-only" | "none"} passkey what the passkey can do
 * @property {string} said the same as a sentence
 * @property {string} token
 * @property {Invitee} invitee
 * @property {Identity} identity
 * @property {import("../keys/keyslots.js").Passkey | null} made
 * @property {{body: unknown, signInKey: string} | null} ready what is posted, once signed
 */

const SAID = {
  unlocks: "This passkey signs you in and unlocks your keys.",
  "sign-in-only":
    "This passkey signs you in. It cannot unlock your keys: whenever you sign or open something, " +
    "you will be asked for your recovery phrase.",
  none: "Without a passkey you use your recovery phrase for everything.",
};

/**
 * Whom a link is for.
 *
 * @param {string} token
 * @returns {Promise<Invitee>}
 */
export async function look(token) {
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) {
    throw new ClientRefusal(
      "malformed-link",
      "that is no enrolment link",
      "copy all of it, also what follows the #",
    );
  }
  return ask("/enrolments/look", { token });
}

/**
 * What someone has to know before they take a link in this browser; mostly nothing.
 *
 * @param {string} person
 * @returns {Promise<string[]>}
 */
export async function beforeTaking(person) {
  const kept = await keptRequests(person);
  if (!kept.length) return [];
  return [
    `This browser still keeps ${kept.length} of your requests, under your present keys. With new ` +
      "keys you can fetch nothing more for them; what was fetched before opens with your present " +
      "phrase or passkey only: keep them until those requests are over.",
  ];
}

/**
 * Make a passkey if it is wanted, then keys and phrase. A new try after a cancelled ceremony
 * starts from nothing.
 *
 * @param {string} token
 * @param {Invitee} invitee
 * @param {{passkey: boolean}} wanted
 * @returns {Promise<State>}
 */
export async function create(token, invitee, { passkey }) {
  let made = null;
  if (passkey) {
    made = await createPasskey(await ask("/enrolments/passkey-options", { token }), invitee);
  }
  const can = made === null ? "none" : canDo(made);
  return {
    words: await generatePhrase(),
    passkey: can,
    said: SAID[can],
    token,
    invitee,
    identity: await Identity.generate(),
    made,
    ready: null,
  };
}

/**
 * Post the enrolment and sign in. May be called again after a failure: it posts the same bytes.
 *
 * Refused as `ClientRefusal`: `malformed-phrase`, `another-phrase`: what was typed back is wrong.
 *
 * @param {State} state
 * @param {string} typedPhrase
 */
export async function finish(state, typedPhrase) {
  await checkTypedBack(state.words, typedPhrase);
  const repeated = state.ready !== null;
  state.ready ??= await prepared(state);
  const { body, signInKey } = state.ready;
  const credentials = { email: state.invitee.email, sign_in_key: signInKey, cookie: true };
  const signIn = () => ask("/sessions", credentials);
  // A link that is used up was used by us exactly if our new phrase signs in.
  const landed = () => signIn().then(() => true, onRefusal(false));
  return send("/identities", body, (answer) => settled(state, answer, signIn), landed, repeated);
}

/**
 * @param {State} state
 * @param {any} answer
 * @param {() => Promise<any>} signIn
 */
async function settled(state, answer, signIn) {
  const { invitee, identity } = state;
  await signIn();
  await rememberFingerprint(invitee.person, identity.public.keyid);
  const words = await identity.public.words();
  const outcome = await done(answer);
  discard(state);
  const { person, name } = invitee;
  return { done: outcome, words, person, name, warnings: outcome.warnings };
}

/** @param {State} state */
async function prepared({ token, invitee, identity, words, made }) {
  const { person } = invitee;
  const keys = {
    person,
    encryption_key: b64encode(identity.public.encryptionKey),
    signing_key: b64encode(identity.public.signingKey),
  };
  const statement = sortedStatementDsse(await signed("identity", keys, identity, null));
  const { slot, signInKey } = await phraseSlot(identity, person, words, {
    salt: invitee.salt,
    action: "add",
  });
  const passkey = made === null ? null : await passkeySlot(identity, person, made);
  return { body: { token, statement, slot, passkey }, signInKey: b64encode(signInKey) };
}

/**
 * Wipe what an enrolment holds, finished or given up.
 *
 * @param {State} state
 */
export function discard(state) {
  state.identity.destroy();
  state.made?.prf?.fill(0);
  state.words = [];
  state.ready = null;
}

/**
 * @template T
 * @param {T} value
 * @returns {(error: unknown) => T}
 */
function onRefusal(value) {
  return (error) => {
    if (error instanceof ApiRefusal) return value;
    throw error;
  };
}
