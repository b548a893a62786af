/**
 * An envelope's public side: what anybody may compute and compare, without any key. `context` binds
 * everything to one manifest: content, shares, commitments and reseals of one envelope are
 * worthless in another, in another group and for another person.
 */

import { canonical, checkHexDigest, concat, equal, hexDigest, lp, sha256 } from "./encoding.js";
import { utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { randomBytes } from "./randomness.js";
import { BLOB_OVERHEAD, SEAL_OVERHEAD } from "./suite.js";

/** @typedef {import("./schema.js").Payload} Payload */

export const MNEMONIC_WORDS = 33; // SLIP-39 for 256 bits
export const RESEAL_MIN_LENGTH = 5 * MNEMONIC_WORDS - 1 + SEAL_OVERHEAD; // words of four letters
export const RESEAL_MAX_LENGTH = 9 * MNEMONIC_WORDS - 1 + SEAL_OVERHEAD; // words of eight letters
export const DRILL_RANDOM_LENGTH = 32;
export const DRILL_PLAINTEXT_LENGTH = 85; // three fields framed: 9, 32 and 32 bytes
export const DRILL_RESEAL_LENGTH = DRILL_PLAINTEXT_LENGTH + SEAL_OVERHEAD;
export const CONTENT_BLOCK = 512;
export const CONTENT_MAX_BLOCKS = 17; // three texts of the greatest length, four bytes a character

/**
 * SHA-256 of the manifest's payload without its shares and content digest. The sealer needs it
 * before those exist; everything else that the manifest says is in it.
 * @param {Payload} manifest
 */
export async function context(manifest) {
  const { shares, content_digest, ...bound } = manifest;
  return sha256(canonical(bound));
}

/** @param {Uint8Array} context */
export function contentAad(context) {
  return lp("bg1 content", context);
}

/**
 * Accept 1 to 17 blocks of 512 bytes, with nonce and tag.
 * @param {number} length
 * @throws {MalformedError} no content has this length
 */
export function checkContentLength(length) {
  const blocks = (length - BLOB_OVERHEAD) / CONTENT_BLOCK;
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > CONTENT_MAX_BLOCKS) {
    throw new MalformedError("an envelope's content does not have a content's length");
  }
}

/**
 * The published digest of one custodian's share. A share has at least 192 bits that nobody else
 * knows, so the digest tells nothing about it.
 * @param {Uint8Array} context
 * @param {string} group
 * @param {string} person
 * @param {string} mnemonic
 */
export async function commitment(context, group, person, mnemonic) {
  return hexDigest(lp("bg1 share", context, group, person, mnemonic));
}

/**
 * Compare a share with the commitment that the manifest publishes for this custodian.
 * @param {string} published
 * @param {{ context: Uint8Array, group: string, person: string, mnemonic: string }} share
 * @throws {VerificationError} another share; the custodian named here answers for that
 */
export async function checkCommitment(published, { context, group, person, mnemonic }) {
  const own = await commitment(context, group, person, mnemonic);
  if (!equal(utf8(own), utf8(published))) {
    throw new VerificationError("a share does not match its commitment");
  }
}

/**
 * The HPKE info of a share that is sealed to its custodian.
 * @param {Uint8Array} context
 * @param {string} group
 * @param {string} person
 */
export function custodyInfo(context, group, person) {
  return lp("bg1 custody", context, group, person);
}

/**
 * The HPKE info of a share that is resealed to a request's recipient key.
 * @param {string} requestDigest
 * @param {Uint8Array} context
 * @param {string} group
 * @param {string} custodian
 * @throws {MalformedError} the request's digest is not 64 hexadecimal digits
 */
export function releaseInfo(requestDigest, context, group, custodian) {
  return lp("bg1 release", checkHexDigest(requestDigest), context, group, custodian);
}

/**
 * The HPKE info of what is resealed for a drill.
 * @param {string} requestDigest
 * @param {Uint8Array} context
 * @param {string} group
 * @param {string} custodian
 * @throws {MalformedError} the request's digest is not 64 hexadecimal digits
 */
export function drillInfo(requestDigest, context, group, custodian) {
  return lp("bg1 drill", checkHexDigest(requestDigest), context, group, custodian);
}

/**
 * What a custodian reseals for a drill instead of a share: 85 bytes, 32 of them random.
 * @param {string} requestDigest
 * @throws {MalformedError} the request's digest is not 64 hexadecimal digits
 */
export function drillPlaintext(requestDigest) {
  return concat(drillPrefix(requestDigest), randomBytes(DRILL_RANDOM_LENGTH));
}

/**
 * Accept what `drillPlaintext` made for this request.
 * @param {Uint8Array} plaintext
 * @param {string} requestDigest
 * @throws {VerificationError} anything else, above all a share
 */
export function checkDrillPlaintext(plaintext, requestDigest) {
  const prefix = drillPrefix(requestDigest);
  const start = plaintext.subarray(0, prefix.length);
  if (plaintext.length !== DRILL_PLAINTEXT_LENGTH || !equal(start, prefix)) {
    throw new VerificationError("what a custodian resealed is not this drill's");
  }
}

/** @param {string} requestDigest */
function drillPrefix(requestDigest) {
  const random = new Uint8Array(DRILL_RANDOM_LENGTH);
  const whole = lp("bg1 drill", checkHexDigest(requestDigest), random);
  return whole.subarray(0, -DRILL_RANDOM_LENGTH);
}

/**
 * Accept a share sealed to its custodian: 212 to 344 bytes.
 * @param {number} length
 * @throws {MalformedError} no sealed mnemonic of 33 words has this length
 */
export function checkSealedShareLength(length) {
  if (!(length >= RESEAL_MIN_LENGTH && length <= RESEAL_MAX_LENGTH)) {
    throw new MalformedError("a sealed share does not have a share's length");
  }
}

/**
 * Accept what a custodian resealed; a drill's is exactly 133 bytes. The two ranges do not meet, so
 * no share can leave under the name of a drill.
 * @param {number} length
 * @param {{ drill: boolean }} request
 * @throws {MalformedError} any other length
 */
export function checkResealLength(length, { drill }) {
  if (!drill) checkSealedShareLength(length);
  else if (length !== DRILL_RESEAL_LENGTH) {
    throw new MalformedError(`what is resealed for a drill is ${DRILL_RESEAL_LENGTH} bytes`);
  }
}
