/**
 * Building an envelope and opening its content. Runs on a person's own device only. The order of
 * sealing is the protocol's: nothing is returned for signing before sets of shares that together
 * use every share have been combined and have opened the content.
 */

import { decryptBlob, encryptBlob } from "./blob.js";
import { derive } from "./derived.js";
import { b64encode, canonical, checkText, concat, equal, formatTime } from "./encoding.js";
import { hexDigest, parseCanonical, utf8 } from "./encoding.js";
import { CONTENT_BLOCK, checkContentLength, commitment } from "./envelope.js";
import { contentAad, context as contextOf, custodyInfo } from "./envelope.js";
import { MalformedError, VerificationError } from "./errors.js";
import * as fields from "./fields.js";
import { MAX_LENGTH } from "./passwords.js";
import { randomBytes } from "./randomness.js";
import { GROUPS } from "./schema.js";
import { seal } from "./seal.js";
import { SECRET_LENGTH, checkShare, combine } from "./sharing.js";
import { expectedAt, parseShare, split } from "./sharing.js";
import { payloadBody } from "./signing.js";
import { SUITE } from "./suite.js";

/** @typedef {import("./schema.js").Payload} Payload */
/** @typedef {Readonly<{ password: string, signInEmail: string, note: string }>} Content */
/**
 * One custodian's share, sealed to them, with its published commitment and digest.
 * @typedef {Readonly<{ group: string, custodian: string, commitment: string,
 *   sealedShareDigest: string, sealed: Uint8Array }>} SealedShare
 */
/**
 * All that is posted. `at` is part of the context: a manifest that is signed with another time
 * opens nothing.
 * @typedef {Readonly<{ manifest: Payload, at: Date, content: Uint8Array,
 *   shares: readonly SealedShare[] }>} SealedEnvelope
 */

const END = 0x80;
const checkContent = fields.record({
  password: fields.text,
  sign_in_email: fields.text,
  note: fields.text,
});

/**
 * @param {{ password: string, signInEmail: string, note: string }} content
 * @returns {Content}
 * @throws {MalformedError} no password, more than 128 characters of it, more than 1,000 of the
 *   other two, or a character that no text may have
 */
export function makeContent({ password, signInEmail, note }) {
  if (!checkText(password, MAX_LENGTH)) throw new MalformedError("an envelope without a password");
  checkText(signInEmail);
  checkText(note);
  return Object.freeze({ password, signInEmail, note });
}

/**
 * Seal `content` to the custodians of `roster`, whose chain the caller has verified. `keys` are
 * the encryption keys of its people by their ids, from verified identities. `head` holds the
 * manifest's `envelope`, `version`, `previous`, `sealer`, `cause`, `after_requests`, `log_size` and
 * `log_root`. Whatever `splitter` returns is not trusted before every share of it has been tried.
 * @param {Content} content
 * @param {{ roster: import("./statement.js").Statement, keys: ReadonlyMap<string, Uint8Array>,
 *   head: Payload, at: Date, splitter?: typeof split }} place
 * @returns {Promise<SealedEnvelope>} sign it as `sign("manifest", manifest, { identity, at })`
 * @throws {MalformedError} `head` is not that, or a custodian has no key
 * @throws {VerificationError} some set of shares did not open the content, or gave other keys
 * @throws {RangeError} the roster asks a group for more shares than it has custodians
 */
export async function sealEnvelope(content, { roster, keys, head, at, splitter = split }) {
  const secret = randomBytes(SECRET_LENGTH);
  const { contentKey, opening, gate } = await derive(secret);
  try {
    const stated = {
      ...head,
      account: roster.payload.account,
      roster: roster.digest,
      content_kind: "password",
      anchor: "",
      opening_key: b64encode(opening.publicKey),
      gate_key: b64encode(gate.publicKey),
    };
    const bound = { ...stated, kind: "manifest", suite: SUITE, at: formatTime(at) };
    const context = await contextOf(bound);
    const blob = await encryptBlob(contentKey, padded(content), contentAad(context));
    const groups = GROUPS.map((group) => roster.payload.groups[group]);
    /** @type {[number, number][]} */
    const sizes = groups.map(({ threshold, custodians }) => [threshold, custodians.length]);
    const mnemonics = await splitter(secret, sizes);
    if (!sizes.every(([, all], group) => mnemonics[group].length === all)) {
      throw new RangeError("a share for each custodian, and no more");
    }
    const thresholds = sizes.map(([threshold]) => threshold);
    await checkEveryShare(mnemonics, thresholds, { blob, manifest: bound, content });
    const shares = await sealedShares(roster.payload, keys, mnemonics, context);
    const digest = await hexDigest(blob);
    const manifest = { ...stated, shares: shares.map(published), content_digest: digest };
    await payloadBody("manifest", manifest, at); // refuses here what signing would refuse later
    return Object.freeze({ manifest, at, content: blob, shares });
  } finally {
    secret.fill(0);
    contentKey.fill(0);
  }
}

/** @param {SealedShare} share The entry of the manifest's `shares`. */
function published({ group, custodian, commitment, sealedShareDigest }) {
  return { group, custodian, commitment, sealed_share_digest: sealedShareDigest };
}

/**
 * @param {Payload} roster
 * @param {ReadonlyMap<string, Uint8Array>} keys
 * @param {readonly (readonly string[])[]} mnemonics
 * @param {Uint8Array} context
 * @returns {Promise<SealedShare[]>}
 */
async function sealedShares(roster, keys, mnemonics, context) {
  const shares = GROUPS.flatMap((group, index) => {
    /** @type {string[]} */
    const custodians = roster.groups[group].custodians;
    return custodians.map(async (custodian, place) => {
      const key = keys.get(custodian);
      if (!key) throw new MalformedError("a custodian has no key");
      const mnemonic = mnemonics[index][place];
      const sealed = await seal(key, custodyInfo(context, group, custodian), utf8(mnemonic));
      return Object.freeze({
        group,
        custodian,
        commitment: await commitment(context, group, custodian, mnemonic),
        sealedShareDigest: await hexDigest(sealed),
        sealed,
      });
    });
  });
  return Promise.all(shares);
}

/**
 * Combine sets that together use every share; each must open the content sealed, and give the
 * public keys that `manifest` states; its shares and content digest are not looked at. A share that
 * was never tried might be the one that an emergency depends on, and one that says something else
 * than the roster asks for would be refused by its custodian.
 * @param {readonly (readonly string[])[]} mnemonics
 * @param {readonly number[]} thresholds
 * @param {{ blob: Uint8Array, manifest: Payload, content: Content }} sealed
 * @throws {VerificationError} a share says something else than its place in `mnemonics` asks for,
 *   or a set does not combine, does not decrypt, or gives another content or another key
 * @throws {import("./errors.js").NotEnoughSharesError} a group has fewer shares than its threshold
 */
export async function checkEveryShare(mnemonics, thresholds, { blob, manifest, content }) {
  for (const [index, group] of GROUPS.entries()) {
    for (const [place, mnemonic] of mnemonics[index].entries()) {
      checkShare(parseShare(mnemonic), expectedAt(group, place, thresholds[index]));
    }
  }
  const sets = mnemonics.map((group, index) => covering(group, thresholds[index]));
  const rows = Math.max(...sets.map(({ length }) => length));
  for (let row = 0; row < rows; row++) {
    const secret = await combine(sets.flatMap((group) => group[row % group.length] ?? []));
    const opened = await openEnvelope(secret, manifest, blob);
    secret.fill(0);
    if (!equal(padded(opened.content), padded(content))) {
      throw new VerificationError("a set of shares opens another content");
    }
    if (!opened.keysFit) {
      throw new VerificationError("a set of shares gives another key than the manifest states");
    }
  }
}

/**
 * As few sets of exactly `threshold` as use every mnemonic; the last may overlap.
 * @param {readonly string[]} mnemonics
 * @param {number} threshold
 */
function covering(mnemonics, threshold) {
  const last = Math.max(mnemonics.length - threshold, 0);
  const count = Math.ceil(mnemonics.length / threshold);
  return Array.from({ length: count }, (_, place) => {
    const start = Math.min(place * threshold, last);
    return mnemonics.slice(start, start + threshold);
  });
}

/**
 * What a secret opened. `keysFit`: it gives the two public keys that the manifest states. Where
 * they do not fit, the sealer made a manifest that no report can be signed for later. The content
 * is given all the same: someone needs it now.
 * @typedef {Readonly<{ content: Content, keysFit: boolean }>} Opened
 */

/**
 * Decrypt an envelope's content with the secret that its shares combine to.
 * @param {Uint8Array} secret
 * @param {Payload} manifest
 * @param {Uint8Array} blob
 * @returns {Promise<Opened>}
 * @throws {MalformedError} not a content blob's length, or what it holds is no content
 * @throws {VerificationError} another secret or envelope, or the blob was changed
 */
export async function openEnvelope(secret, manifest, blob) {
  const { contentKey, opening, gate } = await derive(secret);
  try {
    return Object.freeze({
      content: await openContent(contentKey, blob, await contextOf(manifest)),
      keysFit:
        manifest.opening_key === b64encode(opening.publicKey) &&
        manifest.gate_key === b64encode(gate.publicKey),
    });
  } finally {
    contentKey.fill(0);
  }
}

/**
 * Decrypt and parse an envelope's content with its content key.
 * @param {Uint8Array} key
 * @param {Uint8Array} blob
 * @param {Uint8Array} context
 * @throws {MalformedError} not a content blob's length, or what it holds is no content
 * @throws {VerificationError} another key or envelope, or the blob was changed
 */
export async function openContent(key, blob, context) {
  checkContentLength(blob.length);
  const opened = await decryptBlob(key, blob, contentAad(context));
  const value = parseCanonical(unpadded(opened));
  opened.fill(0);
  checkContent(value);
  return makeContent({ ...value, signInEmail: value.sign_in_email });
}

/**
 * Canonical JSON, 0x80, and zero bytes to a multiple of 512: hides the length.
 * @param {Content} content
 */
function padded({ password, signInEmail, note }) {
  const data = canonical({ password, sign_in_email: signInEmail, note });
  const length = Math.ceil((data.length + 1) / CONTENT_BLOCK) * CONTENT_BLOCK;
  return concat(data, new Uint8Array([END]), new Uint8Array(length - data.length - 1));
}

/**
 * Undo the padding, and refuse a block of padding too many.
 * @param {Uint8Array} padded
 */
function unpadded(padded) {
  const end = padded.lastIndexOf(END);
  const zeros = padded.subarray(end + 1);
  if (end < 0 || zeros.some((byte) => byte) || zeros.length >= CONTENT_BLOCK) {
    throw new MalformedError("an envelope's content is not padded as it must be");
  }
  return padded.subarray(0, end);
}
