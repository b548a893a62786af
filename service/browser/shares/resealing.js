/** A custodian's share: opened for one act, compared with its commitment, and sealed anew. */

import { hexDigest } from "../crypto/encoding.js";
import {
  checkCommitment,
  context,
  custodyInfo,
  drillInfo,
  drillPlaintext,
  releaseInfo,
} from "../crypto/envelope.js";
import { CryptoError } from "../crypto/errors.js";
import { seal } from "../crypto/seal.js";
import { readShare } from "../crypto/sharing.js";
import { sign } from "../crypto/signing.js";
import { unseal } from "../crypto/unseal.js";
import { ClientRefusal } from "../link/errors.js";
import { checkSealedShare } from "../trust/envelope.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../trust/request.js").VerifiedRequest} VerifiedRequest
 * @typedef {{envelope: Envelope, manifest: any, group: GroupName, person: string}} Holding one
 *   custodian's place in a verified envelope; `manifest` is the payload
 */

/**
 * My share, which is a mnemonic and matches the commitment in the manifest. Refused:
 * `content-replaced`: not what the sealer signed; `share-does-not-open`.
 *
 * @param {Holding} holding
 * @param {Uint8Array} sealed
 * @param {Identity} me
 * @returns {Promise<{bytes: Uint8Array, share: import("../crypto/sharing.js").Share}>} `bytes` is
 *   for the caller to wipe
 */
export async function openShare({ envelope, manifest, group, person }, sealed, me) {
  await checkSealedShare(sealed, envelope, group, person);
  const published = /** @type {{commitment: string}} */ (envelope.shareOf(person)).commitment;
  const bound = await context(manifest);
  let bytes;
  try {
    bytes = await unseal(me.recipient, custodyInfo(bound, group, person), sealed);
    const share = readShare(bytes);
    const { mnemonic } = share;
    await checkCommitment(published, { context: bound, group, person, mnemonic });
    return { bytes, share };
  } catch (refused) {
    bytes?.fill(0);
    if (!(refused instanceof CryptoError)) throw refused;
    throw new ClientRefusal(
      "share-does-not-open",
      `your share of this envelope: ${refused.message}`,
      "tell the sealer and the other custodians: the password has to be sealed anew",
    );
  }
}

/**
 * Seal the share to the request's own key; for a drill, what shows only that it opened.
 *
 * @param {Uint8Array} share the opened bytes
 * @param {VerifiedRequest} about
 * @param {Holding} holding
 */
export async function reseal(share, { request }, { manifest, group, person }) {
  const bound = await context(manifest);
  const { digest, recipientKey } = request;
  if (request.drill) {
    return seal(recipientKey, drillInfo(digest, bound, group, person), drillPlaintext(digest));
  }
  return seal(recipientKey, releaseInfo(digest, bound, group, person), share);
}

/**
 * Open my share, compare it, seal it to the request, and sign for exactly that. The request is
 * verified: the caller has seen to it. Refused: as `openShare`; `manifest-replaced`: the request
 * names another envelope.
 *
 * @param {VerifiedRequest} about
 * @param {Holding} holding
 * @param {Uint8Array} sealed
 * @param {Identity} me
 * @param {import("../crypto/signing.js").Stamp} stamp
 * @returns {Promise<{statement: Statement, resealed: Uint8Array}>}
 */
export async function approve(about, holding, sealed, me, stamp) {
  if (about.request.manifest !== holding.envelope.digest) {
    throw new ClientRefusal(
      "manifest-replaced",
      "the request names another envelope than yours",
    );
  }
  const { bytes } = await openShare(holding, sealed, me);
  try {
    const resealed = await reseal(bytes, about, holding);
    const fields = {
      request: about.request.digest,
      group: holding.group,
      custodian: holding.person,
      decision: "approve",
      reason: "",
      resealed_share_digest: await hexDigest(resealed),
    };
    return { statement: await sign("decision", fields, { identity: me, ...stamp }), resealed };
  } finally {
    bytes.fill(0);
  }
}

/**
 * Sign a denial with its reason.
 *
 * @param {VerifiedRequest} about
 * @param {{group: GroupName, person: string, reason: string, identity: Identity} &
 *   import("../crypto/signing.js").Stamp} given
 * @returns {Promise<Statement>}
 */
export async function deny(about, { group, person, reason, identity, at, head }) {
  const fields = {
    request: about.request.digest,
    group,
    custodian: person,
    decision: "deny",
    reason,
    resealed_share_digest: "",
  };
  return sign("decision", fields, { identity, at, head });
}
