/**
 * What an envelope's secret gives: the content key, and two public keys that prove a holder.
 * SLIP-39 splits the secret of 32 random bytes. The infos contain no context, because the context
 * contains the public keys.
 */

import { hkdf } from "./blob.js";
import { hexDigest, lp } from "./encoding.js";
import { signingFrom } from "./identity.js";
import { recipientFrom } from "./recipient.js";

/**
 * @typedef {object} Derived the keys of one envelope; `gate` is for later releases
 * @property {Uint8Array} contentKey for the caller to wipe
 * @property {OpeningKey} opening
 * @property {import("./recipient.js").Recipient} gate
 */

/**
 * The key id of a manifest's `opening_key`, in hexadecimal.
 * @param {Uint8Array} openingKey
 */
export async function openingKeyid(openingKey) {
  return hexDigest(lp("bg1 opening fingerprint", openingKey));
}

/** Signs what only a holder of the secret can sign: the sealer, and anyone who has opened. */
export class OpeningKey {
  #signing;

  /**
   * Made by `derive` only.
   * @param {CryptoKey} signing
   * @param {Uint8Array} publicKey
   * @param {string} keyid
   */
  constructor(signing, publicKey, keyid) {
    this.#signing = signing;
    this.publicKey = publicKey;
    this.keyid = keyid;
    Object.freeze(this);
  }

  /**
   * The Ed25519 signature of `message`, 64 bytes.
   * @param {Uint8Array} message
   */
  async sign(message) {
    const data = /** @type {BufferSource} */ (message);
    return new Uint8Array(await crypto.subtle.sign("Ed25519", this.#signing, data));
  }
}

/**
 * Derive an envelope's keys from the secret that its shares combine to.
 * @param {Uint8Array} secret
 * @returns {Promise<Derived>}
 */
export async function derive(secret) {
  const { privateKey, publicKey } = await signingFrom(await hkdf(secret, "bg1 opening"));
  return {
    contentKey: await hkdf(secret, "bg1 content key"),
    opening: new OpeningKey(privateKey, publicKey, await openingKeyid(publicKey)),
    gate: await recipientFrom(await hkdf(secret, "bg1 code gate")),
  };
}
