/**
 * One root, two key pairs. The root is 32 random bytes made on its owner's device; it never leaves
 * it unwrapped. Who only reads needs `publicKeys` alone.
 */

import { hkdf } from "./blob.js";
import { unhex } from "./encoding.js";
import { PublicKeys } from "./publicKeys.js";
import { randomBytes } from "./randomness.js";
import { recipientFrom } from "./recipient.js";

export { PublicKeys };

export const ROOT_LENGTH = 32;

const PKCS8_ED25519 = unhex("302e020100300506032b657004220420"); // RFC 8410, before the seed

/** A person's root with the keys derived from it; lives for one act, then `destroy()`. */
export class Identity {
  /** @type {CryptoKey | null} */
  #signing;

  /**
   * Use `fromRoot` or `generate`.
   * @param {Uint8Array} root
   * @param {PublicKeys} publicKeys
   * @param {import("./recipient.js").Recipient} recipient
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
    const recipient = await recipientFrom(await hkdf(root, "bg1 identity encryption"));
    const signing = await signingFrom(await hkdf(root, "bg1 identity signing"));
    const keys = await PublicKeys.make(recipient.publicKey, signing.publicKey);
    return new Identity(root, keys, recipient, signing.privateKey);
  }

  /** The fingerprint of the public keys in hexadecimal. */
  get keyid() {
    return this.public.keyid;
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
export async function signingFrom(seed) {
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
