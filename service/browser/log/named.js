/** The head of the log that this browser names in whatever it signs. */

import { hex } from "../crypto/encoding.js";
import { openRemembered, parsedKey } from "../trust/growth.js";
import { seenLog } from "../device/notes.js";

/** What an act names that goes on without a log. */
export const NO_HEAD = Object.freeze({ log_size: 0, log_root: "" });

/**
 * The newest checkpoint that this browser has verified and remembers; 0 and an empty text when it
 * has none. Refused: `log-not-signed`: what is remembered is not what the pinned key has signed.
 *
 * @returns {Promise<import("../crypto/signing.js").Stamp["head"]>}
 */
export async function namedHead() {
  const seen = await seenLog();
  if (!seen?.verifierKey) return NO_HEAD;
  const { size, root } = await openRemembered(seen.checkpoint, await parsedKey(seen.verifierKey));
  return { log_size: size, log_root: size === 0 ? "" : hex(root) };
}
