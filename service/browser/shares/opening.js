/**
 * The one place where a share is opened or shares are combined: nothing passes it uncompared.
 *
 * A sealer splits as they please, and each custodian sees one share alone. One who splits 1 of 1 in
 * each group, and gives both SLIP-39 groups to people of one group of the roster, lets that group
 * open the password by itself. So a share is opened only for a place in a roster (`Holding`), and
 * must say exactly what that place asks for. No other module may unseal or parse one.
 *
 * Codes: `content-replaced` (not the ciphertext that the sealer signed), `share-does-not-open` (not
 * a share at all, or another one than the manifest commits to), `share-differs` (it is, but for
 * another group, place or threshold than the roster says). Nothing is signed after any of them.
 */

import { checkCommitment, checkDrillPlaintext, context } from "../crypto/envelope.js";
import { custodyInfo, drillInfo, releaseInfo } from "../crypto/envelope.js";
import { CryptoError, VerificationError } from "../crypto/errors.js";
import { checkShare, combine, expectedAt, readShare } from "../crypto/sharing.js";
import { unseal } from "../crypto/unseal.js";
import { ClientRefusal } from "../link/errors.js";
import { checkSealedShare } from "../trust/custody.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("../crypto/recipient.js").Recipient} Recipient
 * @typedef {import("../crypto/sharing.js").Share} Share
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {{envelope: Envelope, manifest: any, roster: Roster, group: GroupName,
 *   person: string}} Place `roster` is the one that the manifest names, `manifest` its payload
 */

const SEAL_ANEW =
  "nothing was signed; tell the other custodians: the password has to be sealed anew";

/** One custodian's place in a verified envelope, and so what their share must be. */
export class Holding {
  /** So that no other object passes for a place that was made here. */
  #made = true;

  /**
   * @param {Place} place
   * @throws {TypeError} another roster, or the manifest gives the person no share in this group
   */
  constructor({ envelope, manifest, roster, group, person }) {
    const { custodians, threshold } = roster.groups[group];
    const place = custodians.indexOf(person);
    const line = envelope.shareOf(person);
    if (roster.digest !== envelope.roster || place < 0 || line?.group !== group) {
      throw new TypeError("a place in an envelope is one of the roster that it was sealed for");
    }
    this.envelope = envelope;
    this.manifest = manifest;
    this.group = group;
    this.person = person;
    this.commitment = line.commitment;
    this.expected = expectedAt(group, place, threshold);
    this.sealerName = roster.members.get(envelope.sealer)?.name;
    /** What a receipt, and the statement about paper, say of it. */
    this.fields = { manifest: envelope.digest, group, custodian: person };
    Object.freeze(this);
  }

  /** @param {unknown} holding */
  static check(holding) {
    if (!(holding instanceof Holding && holding.#made)) throw new TypeError("not a place");
  }
}

/** A share that was opened and compared at its place; for the caller to wipe. */
export class OpenedShare {
  /**
   * @param {Holding} holding
   * @param {Share} share
   * @param {Uint8Array} bytes
   */
  constructor(holding, share, bytes) {
    Holding.check(holding);
    this.holding = holding;
    this.share = share;
    this.bytes = bytes;
  }

  /** Its 33 words, as they go on paper. */
  get words() {
    return this.share.mnemonic.split(" ");
  }

  wipe() {
    this.bytes.fill(0);
  }
}

/**
 * Open the share that was sealed to me. Refused: one of the codes above.
 *
 * @param {Uint8Array} sealed
 * @param {Holding} holding
 * @param {Identity} me
 */
export async function openShare(sealed, holding, me) {
  const { envelope, manifest, group, person } = holding;
  // First, so that a ciphertext which the service exchanged is not blamed on the sealer.
  await checkSealedShare(sealed, envelope, group, person);
  const info = custodyInfo(await context(manifest), group, person);
  return opened(me.recipient, info, sealed, holding);
}

/**
 * Open a share that its custodian sealed to the key of the request with this digest. Refused:
 * `share-does-not-open`, `share-differs`.
 *
 * @param {Uint8Array} resealed
 * @param {Holding} holding
 * @param {string} request
 * @param {Recipient} key
 */
export async function openDelivered(resealed, holding, request, key) {
  const { manifest, group, person } = holding;
  const info = releaseInfo(request, await context(manifest), group, person);
  return opened(key, info, resealed, holding);
}

/**
 * @param {Recipient} key
 * @param {Uint8Array} info
 * @param {Uint8Array} sealed
 * @param {Holding} holding
 */
async function opened(key, info, sealed, holding) {
  const { manifest, group, person, commitment } = holding;
  let bytes;
  let code = "share-does-not-open";
  try {
    bytes = await unseal(key, info, sealed);
    const share = readShare(bytes);
    const { mnemonic } = share;
    const bound = await context(manifest);
    await checkCommitment(commitment, { context: bound, group, person, mnemonic });
    code = "share-differs";
    checkShare(share, holding.expected);
    return new OpenedShare(holding, share, bytes);
  } catch (refused) {
    bytes?.fill(0);
    if (!(refused instanceof CryptoError)) throw refused;
    const does = code === "share-differs" ? "opens, but" : "does not open:";
    const cause = `the probable cause is ${holding.sealerName}, who sealed it, or their device`;
    const message = `the share of this envelope ${does} ${refused.message}; ${cause}`;
    throw new ClientRefusal(code, message, SEAL_ANEW);
  }
}

/**
 * Open what came instead of a share in a drill, which holds none.
 *
 * @param {Uint8Array} resealed
 * @param {Holding} holding
 * @param {string} request
 * @param {Recipient} key
 * @throws {CryptoError} it does not open, or it is anything else
 */
export async function openDrillReply(resealed, { manifest, group, person }, request, key) {
  const info = drillInfo(request, await context(manifest), group, person);
  checkDrillPlaintext(await unseal(key, info, resealed), request);
}

/**
 * Combine exactly as many shares as each group needs, each compared once more.
 *
 * @param {readonly OpenedShare[]} shares
 * @throws {CryptoError} one says something else than its place asks for, they are of several
 *   envelopes or splits, or too few
 */
export async function combineShares(shares) {
  if (new Set(shares.map(({ holding }) => holding.envelope.digest)).size > 1) {
    throw new VerificationError("the shares are of different envelopes");
  }
  for (const { share, holding } of shares) checkShare(share, holding.expected);
  return combine(shares.map(({ share }) => share.mnemonic));
}
