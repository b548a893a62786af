/** Signing in and out. The session travels in a cookie that no script can read. */

import { b64encode } from "../crypto/encoding.js";
import { ask, del, get } from "../link/api.js";
import { part } from "../link/part.js";
import { claimed, settled } from "./ownHead.js";
import { askPasskey } from "./passkeys.js";
import { typed } from "./slips.js";
import { checked, phraseRoot, stretched } from "./unlock.js";

/**
 * Sign in with whichever passkey of this service the person picks. Unlocks nothing.
 *
 * @returns {Promise<{person: string, name: string}>}
 */
export async function signInWithPasskey() {
  const options = await ask("/sessions/passkey/options", {});
  const { assertion } = await askPasskey(options, { prf: false });
  const { person, name, own_statement: own } = await ask("/sessions/passkey", { assertion });
  await claimed(person, own);
  return { person, name };
}

/**
 * Sign in with the recovery phrase, and compare the keys that it unwraps with those shown as mine.
 *
 * Refused as `ClientRefusal`: `malformed-phrase`, `wrong-slot`, `other-identity`.
 *
 * @param {string} email
 * @param {string} phrase
 * @param {{enrolledAnew?: boolean}} [options] the person says that their keys are new
 * @returns {Promise<{person: string, name: string}>}
 */
export async function signInWithPhrase(email, phrase, { enrolledAnew = false } = {}) {
  const { checkPhrase } = await part(import("../crypto/phrase.js"));
  const words = await typed(() => checkPhrase(phrase));
  const { salt, keys } = await stretched(email, words);
  try {
    const body = { email, sign_in_key: b64encode(keys.signInKey), cookie: true };
    const { person, name, own_statement: own } = await ask("/sessions", body);
    const [{ slots }, me] = await Promise.all([get("/slots"), get("/people/me")]);
    const opened = await phraseRoot(slots, person, salt, keys.slotKey);
    const identity = await checked(opened, me, { enrolledAnew });
    try {
      await claimed(person, own);
      await settled(person, identity);
    } finally {
      identity.destroy();
    }
    return { person, name };
  } finally {
    keys.signInKey.fill(0);
    keys.slotKey.fill(0);
  }
}

/** End this session. */
export async function signOut() {
  const { sessions } = await get("/sessions");
  const current = sessions.find((/** @type {any} */ one) => one.current);
  if (current) await del(`/sessions/${current.session}`);
}
