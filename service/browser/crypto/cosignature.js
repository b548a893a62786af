/**
 * Cosignatures (C2SP tlog-cosignature, `cosignature/v1`): a witness saw a log grow, and when. A
 * line under a checkpoint with eight bytes of the witness's time (seconds since 1970, big-endian)
 * and an Ed25519 signature over a header, that time, and the checkpoint's text. The key's type is
 * 0x04, so that no log's signature passes for a witness's; the name is not signed, so a key belongs
 * to one witness alone.
 */

import { b64decode, b64encode, concat, hex, sha256, utf8 } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { checkName, parseNote } from "./note.js";
import { checkSigningKey, verifySignature } from "./suite.js";

const KEY_ID_LENGTH = 4;
const WITNESS = 4;
const TIME_LENGTH = 8;
const LENGTH = TIME_LENGTH + 64;
const LAST_TIME = 253_402_300_799; // the end of the year 9999: later ones are nobody's time

/** The key of a witness; one that counts was compared with whoever runs it. */
export class WitnessVerifier {
  /**
   * Use `fromVkey`.
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
   * Read a verifier key.
   * @param {string} text
   * @throws {MalformedError} not exactly what `vkey` is, the key id included; a key that is not
   *   canonical or of small order
   */
  static async fromVkey(text) {
    const [name, , ...rest] = text.split("+");
    const publicKey = b64decode(rest.join("+")).slice(1);
    checkName(name);
    checkSigningKey(publicKey);
    const id = await sha256(concat(utf8(`${name}\n`), typed(publicKey)));
    const verifier = new WitnessVerifier(name, publicKey, id.slice(0, KEY_ID_LENGTH));
    if (verifier.vkey !== text) throw new MalformedError("not a verifier key of a witness");
    return verifier;
  }
}

/** @param {Uint8Array} publicKey */
function typed(publicKey) {
  return concat(new Uint8Array([WITNESS]), publicKey);
}

/**
 * When this witness cosigned a note's checkpoint, in seconds since 1970 by its clock: the latest of
 * its lines, or null if it has none. Lines by unknown keys are ignored. That the log itself has
 * signed is not looked at here: see `openCheckpoint`.
 * @param {string} note
 * @param {WitnessVerifier} witness
 * @returns {Promise<number | null>}
 * @throws {MalformedError} not a note; a line of the witness is not 8 + 64 bytes, or of no time
 * @throws {VerificationError} a line of the witness is bad, whatever others of it are
 */
export async function cosignedAt(note, witness) {
  const { text, signatures } = parseNote(note);
  let latest = null;
  for (const { name, keyId, signature } of signatures) {
    if (name !== witness.name || keyId !== hex(witness.keyId)) continue;
    const at = await verify(text, signature, witness);
    latest = Math.max(at, latest ?? 0);
  }
  return latest;
}

/**
 * @param {string} text
 * @param {Uint8Array} data
 * @param {WitnessVerifier} witness
 */
async function verify(text, data, witness) {
  if (data.length !== LENGTH) {
    throw new MalformedError("a cosignature is a time of 8 bytes and a signature of 64");
  }
  const time = data.slice(0, TIME_LENGTH);
  const at = Number(new DataView(time.buffer).getBigUint64(0));
  if (at > LAST_TIME) {
    throw new MalformedError("a cosignature's time lies between 1970 and 9999");
  }
  const message = utf8(`cosignature/v1\ntime ${at}\n${text}`);
  await verifySignature(witness.publicKey, data.subarray(TIME_LENGTH), message);
  return at;
}
