/** What a custodian signs about their share: a receipt, a paper, an approval. Or a denial. */

import { hexDigest } from "../crypto/encoding.js";
import { context, drillInfo, drillPlaintext, releaseInfo } from "../crypto/envelope.js";
import { seal } from "../crypto/seal.js";
import { sign } from "../crypto/signing.js";
import { ClientRefusal } from "../link/errors.js";
import { openShare } from "./opening.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("../crypto/signing.js").Stamp} Stamp
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../trust/request.js").VerifiedRequest} VerifiedRequest
 * @typedef {import("./opening.js").Holding} Holding
 * @typedef {import("./opening.js").OpenedShare} OpenedShare
 */

/**
 * Sign that my share opens and is the one that the roster asks for: it was compared.
 *
 * @param {OpenedShare} opened
 * @param {Identity} identity
 * @param {Stamp} stamp
 */
export function receipt({ holding }, identity, stamp) {
  return sign("custody-receipt", holding.fields, { identity, ...stamp });
}

/**
 * Sign that I print my share.
 *
 * @param {OpenedShare} opened
 * @param {Identity} identity
 * @param {Stamp} stamp
 */
export function paper({ holding }, identity, stamp) {
  return sign("paper", { ...holding.fields, place: "" }, { identity, ...stamp });
}

/**
 * Seal the share to the request's own key; for a drill, what shows only that it opened.
 *
 * @param {OpenedShare} opened
 * @param {VerifiedRequest} about
 */
async function reseal({ bytes, holding }, { request }) {
  const { manifest, group, person } = holding;
  const bound = await context(manifest);
  const { digest, recipientKey } = request;
  if (request.drill) {
    return seal(recipientKey, drillInfo(digest, bound, group, person), drillPlaintext(digest));
  }
  return seal(recipientKey, releaseInfo(digest, bound, group, person), bytes);
}

/**
 * Open my share, compare it, seal it to the request, and sign for exactly that. The request is
 * verified: the caller has seen to it. `confirmed`: my receipt is there already; else it is signed
 * too. Refused: as `openShare`; `manifest-replaced`: the request names another envelope.
 *
 * @param {VerifiedRequest} about
 * @param {Holding} holding
 * @param {Uint8Array} sealed
 * @param {Identity} me
 * @param {Stamp & {confirmed: boolean}} given
 * @returns {Promise<{statement: Statement, receipt: Statement | null, resealed: Uint8Array}>}
 */
export async function approve(about, holding, sealed, me, { confirmed, ...stamp }) {
  if (about.request.manifest !== holding.envelope.digest) {
    throw new ClientRefusal(
      "manifest-replaced",
      "the request names another envelope than yours",
    );
  }
  const opened = await openShare(sealed, holding, me);
  try {
    const resealed = await reseal(opened, about);
    const fields = {
      request: about.request.digest,
      group: holding.group,
      custodian: holding.person,
      decision: "approve",
      reason: "",
      resealed_share_digest: await hexDigest(resealed),
    };
    return {
      statement: await sign("decision", fields, { identity: me, ...stamp }),
      receipt: confirmed ? null : await receipt(opened, me, stamp),
      resealed,
    };
  } finally {
    opened.wipe();
  }
}

/**
 * Sign a denial with its reason.
 *
 * @param {VerifiedRequest} about
 * @param {{group: GroupName, person: string, reason: string, identity: Identity} & Stamp} given
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
