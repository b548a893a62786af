/**
 * Signed notes (C2SP signed-note, v1.0.0): a text, a blank line, and signature lines
 * `— <key name> <base64(key id || signature)>`. Only Ed25519 note keys (type 0x01) are known. A key
 * is passed on as `<name>+<key id in hex>+<base64(0x01 || public key)>`. The text means nothing
 * before `openNote` has returned it.
 */

import { b64decode, b64encode, codePoints, concat, hex, isWellFormed, sha256 } from "./encoding.js";
import { utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { checkSigningKey, verifySignature } from "./suite.js";

const KEY_ID_LENGTH = 4;
const ED25519_NOTE = 1;
const NOTE_LIMIT = 1_000_000; // code points
const SIGNATURE_LIMIT = 100;

const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE_LINE = /^\u2014 ([^ \n]+) ([^ \n]+)$/u;
const SPACE = /\p{White_Space}/u; // not \s, which takes a byte order mark for one

/** A key that one trusts, under the name by which its signatures are found. */
export class NoteVerifier {
  /**
   * Use `make` or `fromVkey`.
   * @param {string} name
   * @param {Uint8Array} publicKey
   * @param {Uint8Array} keyId
   */
  constructor(name, publicKey, keyId) {
    this.name = name;
    this.publicKey = publicKey;
    /** Four bytes that, with the name, say which key has signed. No fingerprint. */
    this.keyId = keyId;
    /** The verifier key as text. */
    this.vkey = `${name}+${hex(keyId)}+${b64encode(typed(publicKey))}`;
    Object.freeze(this);
  }

  /**
   * @param {string} name
   * @param {Uint8Array} publicKey
   * @throws {MalformedError} a name that is empty or has white space or `+`; a key that is not
   *   canonical or of small order
   */
  static async make(name, publicKey) {
    checkName(name);
    checkSigningKey(publicKey);
    const id = await sha256(concat(utf8(`${name}\n`), typed(publicKey)));
    return new NoteVerifier(name, publicKey, id.slice(0, KEY_ID_LENGTH));
  }

  /**
   * Read a verifier key.
   * @param {string} text
   * @throws {MalformedError} not exactly what `vkey` is, the key id included
   */
  static async fromVkey(text) {
    const plus = text.indexOf("+");
    const name = plus < 0 ? text : text.slice(0, plus);
    const rest = plus < 0 ? "" : text.slice(plus + 1);
    const data = b64decode(rest.slice(2 * KEY_ID_LENGTH + 1));
    const verifier = await NoteVerifier.make(name, data.slice(1));
    if (verifier.vkey !== text) {
      throw new MalformedError("not a verifier key of an Ed25519 note key");
    }
    return verifier;
  }
}

/** @param {Uint8Array} publicKey */
function typed(publicKey) {
  return concat(new Uint8Array([ED25519_NOTE]), publicKey);
}

/**
 * The text of a note that at least one known key has signed, its newline included. Signatures by
 * unknown keys are ignored, also when only their name or only their id is known.
 * @param {string} note
 * @param {...NoteVerifier} known
 * @throws {MalformedError} not a note; over 1,000,000 characters; more than 100 signatures
 * @throws {VerificationError} a signature by a known key is bad, or no known key has signed
 */
export async function openNote(note, ...known) {
  const { text, signatures } = parseNote(note);
  let verified = false;
  for (const { name, keyId, signature } of signatures) {
    const key = known.find((one) => one.name === name && hex(one.keyId) === keyId);
    if (!key) continue;
    await verifySignature(key.publicKey, signature, utf8(text));
    verified = true;
  }
  if (!verified) throw new VerificationError("no known key has signed the note");
  return text;
}

/**
 * Divide a note into text and signatures, at the last blank line: the text itself may have blank
 * lines. Nothing is verified.
 * @param {string} note
 * @throws {MalformedError} as `openNote`
 */
export function parseNote(note) {
  if (note.length > NOTE_LIMIT && codePoints(note) > NOTE_LIMIT) {
    throw new MalformedError("a note has at most 1,000,000 characters");
  }
  checkText(note);
  const blank = note.lastIndexOf("\n\n");
  const signatures = note.slice(blank + 2);
  if (blank < 0 || !signatures.endsWith("\n")) {
    throw new MalformedError("not a note: a text, a blank line, and lines of signatures");
  }
  const lines = signatures.slice(0, -1).split("\n");
  if (lines.length > SIGNATURE_LIMIT) {
    throw new MalformedError("a note has at most 100 signatures");
  }
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

/** @param {string} line */
function parseSignature(line) {
  const match = SIGNATURE_LINE.exec(line);
  if (!match) throw new MalformedError("not a signature line of a note");
  const [, name, encoded] = match;
  checkName(name);
  const data = b64decode(encoded);
  if (data.length <= KEY_ID_LENGTH) {
    throw new MalformedError("a signature of a note has a key id and then some");
  }
  const keyId = hex(data.subarray(0, KEY_ID_LENGTH));
  return { name, keyId, signature: data.subarray(KEY_ID_LENGTH) };
}

/**
 * @param {string} name
 * @throws {MalformedError} empty, or with what a signature line could not carry
 */
export function checkName(name) {
  checkText(name);
  if (!name || name.includes("+") || SPACE.test(name)) {
    throw new MalformedError("a key name is not empty and has neither white space nor a plus sign");
  }
}

/** @param {string} text */
function checkText(text) {
  if (!isWellFormed(text)) throw new MalformedError("a note is valid UTF-8");
  if (CONTROL.test(text)) throw new MalformedError("a note has no control character but newline");
}
