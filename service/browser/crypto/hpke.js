/**
 * What both halves of HPKE derive: RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
 * AES-256-GCM. Every output here is at most one block of HKDF.
 */

import { hmac } from "./blob.js";
import { concat, utf8 } from "./encoding.js";

const KEM_SUITE = concat(utf8("KEM"), new Uint8Array([0x00, 0x20]));
const HPKE_SUITE = concat(utf8("HPKE"), new Uint8Array([0x00, 0x20, 0x00, 0x01, 0x00, 0x02]));
const VERSION = utf8("HPKE-v1");
const NONE = new Uint8Array(0);
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;

/**
 * Diffie-Hellman, 32 bytes. Callers have refused public keys of small order.
 * @param {CryptoKey} privateKey
 * @param {Uint8Array} publicKey
 */
export async function agree(privateKey, publicKey) {
  const point = /** @type {BufferSource} */ (publicKey);
  const other = await crypto.subtle.importKey("raw", point, "X25519", false, []);
  const parameters = { name: "X25519", public: other };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, privateKey, 256));
}

/**
 * The key and nonce of the first message (sections 4.1 and 5.1).
 * @param {Uint8Array} agreed what `agree` returned; it is wiped
 * @param {Uint8Array} enc the ephemeral public key
 * @param {Uint8Array} recipient the recipient's public key
 * @param {Uint8Array} info
 */
export async function keySchedule(agreed, enc, recipient, info) {
  const material = await extract(KEM_SUITE, NONE, "eae_prk", agreed);
  agreed.fill(0);
  const kemContext = concat(enc, recipient);
  const shared = await expand(KEM_SUITE, material, "shared_secret", kemContext, KEY_LENGTH);
  const idHash = await extract(HPKE_SUITE, NONE, "psk_id_hash", NONE);
  const infoHash = await extract(HPKE_SUITE, NONE, "info_hash", info);
  const context = concat(new Uint8Array([0]), idHash, infoHash);
  const secret = await extract(HPKE_SUITE, shared, "secret", NONE);
  return {
    key: await expand(HPKE_SUITE, secret, "key", context, KEY_LENGTH),
    nonce: await expand(HPKE_SUITE, secret, "base_nonce", context, NONCE_LENGTH),
  };
}

/**
 * @param {Uint8Array} suite
 * @param {Uint8Array} salt
 * @param {string} label
 * @param {Uint8Array} material
 */
function extract(suite, salt, label, material) {
  return hmac(salt, concat(VERSION, suite, utf8(label), material));
}

/**
 * @param {Uint8Array} suite
 * @param {Uint8Array} secret
 * @param {string} label
 * @param {Uint8Array} info
 * @param {number} length at most 32
 */
async function expand(suite, secret, label, info, length) {
  const head = concat(new Uint8Array([0, length]), VERSION, suite, utf8(label), info);
  return (await hmac(secret, concat(head, new Uint8Array([1])))).slice(0, length);
}
