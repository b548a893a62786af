/**
 * One root, two key pairs, and the fingerprint by which people know them. The root is 32 random
 * bytes made on its owner's device; it never leaves it unwrapped.
 */

import { hex, lp, sha256, unhex } from "./encoding.js";
import { randomBytes } from "./randomness.js";
import { checkEncryptionKey, checkSigningKey, hkdf } from "./suite.js";

export const ROOT_LENGTH = 32;

const PKCS8_ED25519 = unhex("302e020100300506032b657004220420"); // RFC 8410, before the seed

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

/** A person's root with the keys derived from it; lives for one act, then `destroy()`. */
export class Identity {
  /** @type {CryptoKey | null} */
  #signing;

  /**
   * Use `fromRoot` or `generate`.
   * @param {Uint8Array} root
   * @param {PublicKeys} publicKeys
   * @param {import("./unseal.js").Recipient} recipient
   * @param {CryptoKey} signing
   */
  constructor(root, publicKeys, recipient, signing) {
    this.root = root;
    this.public = publicKeys;
    /** What `unseal` takes. */
    this.recipient = recipient;
    this.#signing = signing;
  }

  /** Make a new identity from 32 random bytes. */
  static async generate() {
    return Identity.fromRoot(randomBytes(ROOT_LENGTH));
  }

  /**
   * Derive the identity again. It takes the array over: `destroy()` wipes it.
   * @param {Uint8Array} root
   * @throws {RangeError} not 32 bytes
   */
  static async fromRoot(root) {
    if (root.length !== ROOT_LENGTH) throw new RangeError(`a root is ${ROOT_LENGTH} bytes`);
    // Only who acts needs HPKE: pages that read do not load it.
    const { recipientFrom } = await import("./unseal.js");
    const recipient = await recipientFrom(await hkdf(root, "bg1 identity encryption"));
    const signing = await signingFrom(await hkdf(root, "bg1 identity signing"));
    const keys = await PublicKeys.make(recipient.publicKey, signing.publicKey);
    return new Identity(root, keys, recipient, signing.privateKey);
  }

  /** The X25519 private key, not extractable. */
  get encryptionPrivate() {
    return this.recipient.privateKey;
  }

  /**
   * The Ed25519 signature of `message`, 64 bytes.
   * @param {Uint8Array} message
   * @throws {Error} the identity was destroyed
   */
  async sign(message) {
    if (!this.#signing) throw new Error("the identity was destroyed");
    const data = /** @type {BufferSource} */ (message);
    return new Uint8Array(await crypto.subtle.sign("Ed25519", this.#signing, data));
  }

  /** Wipe the root and let go of the signing key; nothing can be signed any more. */
  destroy() {
    this.root.fill(0);
    this.#signing = null;
  }
}

/**
 * Import a seed, wipe it, and give the public key with a private one that cannot be exported. Only
 * a JWK shows the public key of a private one, so the seed is exported once, into text that lives
 * as long as this call.
 * @param {Uint8Array} seed
 */
async function signingFrom(seed) {
  const pkcs8 = new Uint8Array([...PKCS8_ED25519, ...seed]);
  try {
    const readable = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
    const { x } = await crypto.subtle.exportKey("jwk", readable);
    const publicKey = fromBase64Url(/** @type {string} */ (x));
    const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
    return { privateKey, publicKey };
  } finally {
    pkcs8.fill(0);
    seed.fill(0);
  }
}

/** @param {string} text */
function fromBase64Url(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
