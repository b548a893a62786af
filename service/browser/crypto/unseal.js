/** Opening what was sealed: the recipient's half of HPKE. Runs on a person's own device only. */

import { decryptAt } from "./blob.js";
import { MalformedError, VerificationError } from "./errors.js";
import { agree, keySchedule } from "./hpke.js";
import { ENCAPSULATED_LENGTH, SEAL_OVERHEAD, checkEncryptionKey } from "./suite.js";

/** @typedef {import("./recipient.js").Recipient} Recipient */

/**
 * What was sealed to this key's owner under exactly this `info`.
 * @param {Recipient} recipient
 * @param {Uint8Array} info
 * @param {Uint8Array} sealed
 * @throws {MalformedError} too short, or its ephemeral key is not canonical or of small order
 * @throws {VerificationError} sealed to another key or under another `info`, or changed
 */
export async function unseal({ privateKey, publicKey }, info, sealed) {
  if (sealed.length < SEAL_OVERHEAD) throw new MalformedError("a sealed message is too short");
  const enc = sealed.slice(0, ENCAPSULATED_LENGTH);
  checkEncryptionKey(enc); // with a small-order key, anybody could have sealed it to everybody
  const { key, nonce } = await keySchedule(await agree(privateKey, enc), enc, publicKey, info);
  const rest = sealed.subarray(ENCAPSULATED_LENGTH);
  const opened = await decryptAt(key, nonce, rest, new Uint8Array(0));
  key.fill(0);
  if (!opened) {
    throw new VerificationError("a sealed message does not open with this key here");
  }
  return opened;
}
