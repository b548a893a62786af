/**
 * The head of the log in my newest statement: a browser that remembers no log takes it as
 * remembered. It was verified when I signed it, on whatever device.
 */

import { b64encode, unhex } from "../crypto/encoding.js";
import { CryptoError, VerificationError } from "../crypto/errors.js";
import { fromPosted, verify } from "../crypto/statement.js";
import { claim, forgetClaim, rememberClaim } from "../device/claims.js";
import { forgetLog, rememberLog, seenLog } from "../device/notes.js";
import { exclusive } from "../link/environment.js";
import { ClientRefusal, SecondPress } from "../link/errors.js";

/**
 * Take what the service shows as my newest statement, when I have signed in and my keys are not
 * there yet. Nothing is verified: `settled` does that once they are.
 *
 * @param {string} person who has signed in
 * @param {any} statement as the API sent it, or null
 */
export async function claimed(person, statement) {
  if (!statement) return;
  await exclusive("log", async () => {
    if ((await seenLog()) !== null) return;
    const head = await headIn(statement).catch(unless);
    await rememberClaim({ person, statement });
    if (head) await rememberLog(head);
  }).catch(unless); // a browser that keeps nothing signs in all the same, to read
}

/**
 * Verify what was taken when I signed in, now that my keys are there; once. If it is not mine it is
 * forgotten, which is said with the first look at the log.
 *
 * Refused as `SecondPress`: `own-statement-forged`: that first look was before.
 *
 * @param {string} person who has unlocked
 * @param {import("../crypto/identity.js").Identity} identity theirs
 */
export async function settled(person, { public: { signingKey } }) {
  await exclusive("log", async () => {
    const shown = await claim();
    if (shown?.person !== person || shown.why) return;
    try {
      await headIn(shown.statement, signingKey);
      await forgetClaim();
    } catch (refused) {
      if (!(refused instanceof ClientRefusal)) throw refused;
      await forgetClaim();
      if ((await seenLog())?.verifierKey) throw new SecondPress(refused.code, refused.message, { press() {} });
      await forgetLog();
      await rememberClaim({ ...shown, why: refused.message });
    }
  });
}

/**
 * @param {any} shown
 * @param {Uint8Array} [signingKey] verified with it, where it is given
 * @returns {Promise<import("../device/notes.js").SeenLog>}
 */
async function headIn(shown, signingKey) {
  try {
    const statement = await fromPosted(shown);
    if (signingKey) await verify(statement, signingKey);
    const { log_size: size = 0, log_root: root } = /** @type {any} */ (statement.payload);
    if (size === 0) throw notMine("says nothing of the log");
    return { verifierKey: "", checkpoint: `\n${size}\n${b64encode(unhex(root))}\n` };
  } catch (refused) {
    if (refused instanceof VerificationError) throw notMine("was not signed with the keys that you have now");
    throw refused instanceof CryptoError ? notMine(`cannot be read: ${refused.message}`) : refused;
  }
}

/** Nothing is taken from it then; it is named once my keys are there. @param {unknown} refused */
function unless(refused) {
  if (!(refused instanceof ClientRefusal)) throw refused;
  return null;
}

/** @param {string} why */
function notMine(why) {
  return new ClientRefusal(
    "own-statement-forged",
    `What the service showed as your newest statement when you signed in ${why}, so this browser ` +
      "does not know the log from before; if you have not enrolled anew, call the others",
  );
}
