/** A person's public half, and the fingerprint by which people know it. */

import { hex, lp, sha256 } from "./encoding.js";
import { checkEncryptionKey, checkSigningKey } from "./suite.js";

/** A person's two public keys, both canonical and of large order. */
export class PublicKeys {
  /**
   * Use `make`, which checks.
   * @param {Uint8Array} encryptionKey
   * @param {Uint8Array} signingKey
   * @param {Uint8Array} fingerprint
   */
  constructor(encryptionKey, signingKey, fingerprint) {
    this.encryptionKey = encryptionKey;
    this.signingKey = signingKey;
    /** SHA-256 over both keys under their own label. */
    this.fingerprint = fingerprint;
    /** The fingerprint in hexadecimal: finds a key in a roster, vouches for nothing. */
    this.keyid = hex(fingerprint);
    Object.freeze(this);
  }

  /**
   * @param {Uint8Array} encryptionKey
   * @param {Uint8Array} signingKey
   * @throws {import("./errors.js").MalformedError} a key that nobody may have
   */
  static async make(encryptionKey, signingKey) {
    checkEncryptionKey(encryptionKey);
    checkSigningKey(signingKey);
    const fingerprint = await sha256(lp("bg1 fingerprint", encryptionKey, signingKey));
    return new PublicKeys(encryptionKey.slice(), signingKey.slice(), fingerprint);
  }

  /** The fingerprint's first 80 bits as eight words, to be compared by voice. */
  async words() {
    const { wordsOf } = await import("./wordlist.js");
    return wordsOf(this.fingerprint);
  }

  /** @param {PublicKeys} other */
  equals(other) {
    return this.keyid === other.keyid;
  }
}
