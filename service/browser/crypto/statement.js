/**
 * Signed statements: a DSSE envelope around a canonical payload, parsed strictly. What is signed is
 * DSSE's pre-authentication encoding (PAE), so a statement of one kind never passes for another. A
 * statement that parses may still be forged: nothing is believed before `verify` or
 * `verifySignatureOf` has returned. Making statements is in `signing`.
 */

import { b64decode, b64encode, canonical, concat, hexDigest } from "./encoding.js";
import { parseCanonical, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import * as fields from "./fields.js";
import { KINDS, checkPayload } from "./schema.js";
import { verifySignature } from "./suite.js";

/** @typedef {import("./schema.js").Payload} Payload */
/** @typedef {import("./publicKeys.js").PublicKeys} PublicKeys */
/** @typedef {{ keyid: string, sig: Uint8Array }} Signature keyid finds a key, proves nothing */
/**
 * @typedef {{ payload: string, payloadType: string,
 *   signatures: { keyid: string, sig: string }[] }} Dsse
 */

export const SIZE_LIMIT = 32 * 1024;
export const ROSTER_LIMIT = 46 * 1024; // in base64 it leaves room in a leaf of the log
const MANY_SIGNED = "roster"; // the one kind that several people sign

/** @param {string} kind */
const payloadType = (kind) => `application/vnd.breakglass.${kind}.v2+json`;
const KIND_OF = new Map(KINDS.map((kind) => [payloadType(kind), kind]));

const checkEnvelope = fields.record({
  payload: fields.binary,
  payloadType: fields.oneOf(...KIND_OF.keys()),
  signatures: fields.records({ keyid: fields.digest, sig: fields.signature }),
});

/**
 * A well-formed statement. `raw` are the bytes to keep and to pass on, `pae` those that are signed,
 * `digest` is SHA-256 of the PAE and does not depend on who has signed.
 */
export class Statement {
  /**
   * Made by this module's functions only.
   * @param {string} kind
   * @param {Payload} payload
   * @param {Uint8Array} body
   * @param {readonly Signature[]} signatures
   * @param {string} digest
   */
  constructor(kind, payload, body, signatures, digest) {
    this.kind = kind;
    this.payload = payload;
    this.body = body;
    this.signatures = Object.freeze([...signatures]);
    this.digest = digest;
    this.raw = canonical(sortedStatementDsse(this));
    this.pae = paeOf(kind, body);
    Object.freeze(this);
  }
}

/**
 * The DSSE envelope as the API takes it: exactly the texts that were signed.
 * @param {{ kind: string, body: Uint8Array, signatures: readonly Signature[] }} statement
 * @returns {Dsse}
 */
export function sortedStatementDsse({ kind, body, signatures }) {
  return {
    payload: b64encode(body),
    payloadType: payloadType(kind),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: b64encode(sig) })),
  };
}

/** @param {string} kind @param {Uint8Array} body */
function paeOf(kind, body) {
  const type = payloadType(kind);
  return concat(utf8(`DSSEv1 ${type.length} ${type} ${body.length} `), body);
}

/**
 * Parse a payload that nobody has signed yet; its digest is the one it will have.
 * @param {string} kind
 * @param {Uint8Array} body
 * @throws {MalformedError} no payload of this kind
 */
export async function unsigned(kind, body) {
  return made(kind, body, []);
}

/**
 * Parse a statement; whatever parses has exactly these bytes as its `raw`.
 * @param {Uint8Array} raw
 * @throws {MalformedError} over 32 KiB (a roster: 46), not canonical, of an unknown kind, with other fields than
 *   those of its kind, or with signatures that are not as its kind has them
 */
export async function parse(raw) {
  if (raw.length > ROSTER_LIMIT) throw new MalformedError("a statement is at most 46 KiB");
  const envelope = parseCanonical(raw);
  checkEnvelope(envelope);
  /** @type {Dsse["signatures"]} */
  const posted = envelope.signatures;
  const signatures = posted.map(({ keyid, sig }) => ({ keyid, sig: b64decode(sig) }));
  const kind = /** @type {string} */ (KIND_OF.get(envelope.payloadType));
  if (raw.length > sizeLimit(kind)) throw new MalformedError(`a ${kind} is at most 32 KiB`);
  return assemble(kind, b64decode(envelope.payload), signatures);
}

/**
 * How many bytes a statement of this kind has at most, with its signatures.
 * @param {string} kind
 */
export function sizeLimit(kind) {
  return kind === MANY_SIGNED ? ROSTER_LIMIT : SIZE_LIMIT;
}

/**
 * Parse a statement that came as an object in the API's JSON.
 * @param {unknown} dsse
 * @throws {MalformedError} as `parse`
 */
export async function fromPosted(dsse) {
  return parse(canonical(dsse));
}

/**
 * Put signatures under a payload; whose they are is not verified.
 * @param {string} kind
 * @param {Uint8Array} body
 * @param {Signature[]} signatures
 * @throws {MalformedError} no payload of this kind, or signatures that are not as its kind has them
 */
export async function assemble(kind, body, signatures) {
  if (signatures.some(({ keyid }, place) => place > 0 && signatures[place - 1].keyid >= keyid)) {
    throw new MalformedError("signatures: not sorted by key, or a key stands twice");
  }
  if (!signatures.length || (signatures.length > 1 && kind !== MANY_SIGNED)) {
    throw new MalformedError("signatures: one, and only a roster has more");
  }
  return made(kind, body, signatures);
}

/** @param {string} kind @param {Uint8Array} body @param {Signature[]} signatures */
async function made(kind, body, signatures) {
  const payload = parseCanonical(body);
  await checkPayload(kind, payload);
  return new Statement(kind, payload, body, signatures, await hexDigest(paeOf(kind, body)));
}

/**
 * Verify a statement that one person signed; return only if it is good. The caller takes
 * `signingKey` from a roster, by the person whom the payload names.
 * @param {Statement} statement
 * @param {Uint8Array} signingKey
 * @throws {VerificationError} not exactly one signature, or not made with this key
 */
export async function verify({ signatures, pae }, signingKey) {
  if (signatures.length !== 1) {
    throw new VerificationError("a statement of one person has exactly one signature");
  }
  await verifySignature(signingKey, signatures[0].sig, pae);
}

/**
 * Verify this person's signature among those of a statement that several sign.
 * @param {Statement} statement
 * @param {PublicKeys} keys
 * @throws {VerificationError} the person has not signed, or the signature is not good
 */
export async function verifySignatureOf({ signatures, pae }, keys) {
  const own = signatures.find(({ keyid }) => keyid === keys.keyid);
  if (!own) throw new VerificationError("this person has not signed the statement");
  await verifySignature(keys.signingKey, own.sig, pae);
}
