/**
 * Sealing to a person: the sender's half of HPKE, which needs a public key alone. There is no
 * associated data: whatever a sealed message is bound to stands in `info`.
 */

import { encryptAt } from "./blob.js";
import { concat } from "./encoding.js";
import { agree, keySchedule } from "./hpke.js";
import { checkEncryptionKey } from "./suite.js";

export { ENCAPSULATED_LENGTH, SEAL_OVERHEAD } from "./suite.js";

/**
 * `enc || ct`, 48 bytes longer than `plaintext`, under a fresh ephemeral key.
 * @param {Uint8Array} encryptionKey
 * @param {Uint8Array} info
 * @param {Uint8Array} plaintext
 * @throws {import("./errors.js").MalformedError} the key is not canonical, or of small order
 */
export async function seal(encryptionKey, info, plaintext) {
  checkEncryptionKey(encryptionKey);
  const made = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
  const ephemeral = /** @type {CryptoKeyPair} */ (made);
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", ephemeral.publicKey));
  const agreed = await agree(ephemeral.privateKey, encryptionKey);
  const { key, nonce } = await keySchedule(agreed, enc, encryptionKey, info);
  const sealed = concat(enc, await encryptAt(key, nonce, plaintext, new Uint8Array(0)));
  key.fill(0);
  return sealed;
}
