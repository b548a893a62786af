/** What goes wrong with a phrase or a passkey, as refusals for people. */

import { MalformedError } from "../crypto/errors.js";
import { ClientRefusal } from "../link/errors.js";

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
    if (error instanceof MalformedError) {
      throw new ClientRefusal("malformed-phrase", error.message, "look at your sheet; nothing was sent");
    }
    throw error;
  }
}

/**
 * Two causes look the same from here, and a device that answers wrongly is no attack.
 *
 * @param {"phrase" | "passkey"} what
 */
export function exchanged(what) {
  return new ClientRefusal(
    "wrong-slot",
    `the key slot that the service shows does not open with this ${what}`,
    what === "passkey"
      ? "either this passkey answered otherwise than when it was added, or the service shows " +
          "another slot: use your recovery phrase. If that opens, remove this passkey and add it " +
          "anew; if it does not, do nothing more here, and call the others"
      : "the service may have exchanged it: do nothing more here, and call the others",
  );
}

export function cannotUnlock() {
  return new ClientRefusal(
    "passkey-cannot-unlock",
    "this passkey signs you in and does not unlock your keys",
    "use your recovery phrase for this",
  );
}
