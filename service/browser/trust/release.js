/**
 * What a requester's browser believes of a release, before it opens a single share. Codes of lies,
 * beside those of rosters, manifests, requests and decisions: `not-my-request` (another request
 * than the one this browser signed), `release-forged` (not the requester's own statement, or not
 * in time), `manifest-replaced`, `content-replaced`, `no-quorum`, `foreign-share` (a share that no
 * counted approval has signed for), `shares-withheld` (fewer than needed). The log's receipt is
 * checked in `trust/log`.
 */

import { b64decode, equal, hexDigest } from "../crypto/encoding.js";
import { checkResealLength } from "../crypto/envelope.js";
import { CryptoError } from "../crypto/errors.js";
import { Refusal } from "../domain/errors.js";
import { GROUPS } from "../domain/people.js";
import { EVER, lastWords, quorum } from "../domain/quorum.js";
import { commonCustodians } from "../domain/roster.js";
import { ClientRefusal } from "../link/errors.js";
import { verifyChain } from "./chain.js";
import { checkContent } from "./custody.js";
import { verifyManifest } from "./envelope.js";
import { entryTime, leafOf, verifyDecisions, verifyRequest } from "./request.js";
import { verifyWord } from "./furtherWords.js";
import { malformed } from "./statements.js";

/**
 * @typedef {import("../crypto/identity.js").PublicKeys} PublicKeys
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../domain/quorum.js").Decision} Decision
 * @typedef {import("../domain/quorum.js").Quorum} Quorum
 * @typedef {import("./chain.js").Remembered} Remembered
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 * @typedef {import("./log.js").Expected} Expected
 * @typedef {import("./request.js").Entered} Entered
 * @typedef {import("./request.js").VerifiedRequest} VerifiedRequest
 * @typedef {{group: GroupName, custodian: string, blob: Uint8Array, seq: number, at: Date}}
 *   DeliveredShare one custodian's reseal, as they signed for it; `seq` and `at` are the log's
 * @typedef {object} VerifiedRelease every signature, digest and count is verified. `shares` are in
 *   the order of entry, those that the quorum counted first; `windowEndsAt` follows from the
 *   signed window, whatever the service says, and is the first instant at which nothing is used
 * @property {VerifiedChain} chain
 * @property {Envelope} envelope
 * @property {Statement} manifest
 * @property {VerifiedRequest} about
 * @property {readonly Decision[]} decisions
 * @property {Quorum} count
 * @property {readonly DeliveredShare[]} shares
 * @property {Uint8Array} content
 * @property {Statement} release
 * @property {number} leaf
 * @property {Date} releasedAt
 * @property {Date} windowEndsAt
 * @property {Expected} expectedLeaf what the log must hold of this release
 */

/**
 * Verify what the service handed out for the request `mine`, which this browser signed.
 *
 * @param {any} released the API's answer
 * @param {object} given
 * @param {Statement} given.mine
 * @param {Uint8Array} given.recipientKey
 * @param {PublicKeys | string | null} given.me
 * @param {Remembered | null} given.remembered
 * @returns {Promise<VerifiedRelease>}
 */
export async function verifyRelease(released, { mine, recipientKey, me, remembered }) {
  const account = /** @type {string} */ (mine.payload.account);
  const chain = await verifyChain(released.chain, released.identities, {
    account,
    me,
    remembered,
  });
  const about = await verifyRequest(released.request, chain);
  checkMine(about, mine, recipientKey);
  const { envelope, statement: manifest } = await verifyManifest(
    released.manifest,
    chain,
    released.successor,
  );
  const decisions = await verifyDecisions(released.decisions, about);
  const { release, releasedAt } = await verifyReleaseStatement(released.release, about);
  const leaf = leafOf(released.release); // a later fetch has a leaf of its own
  const count = countQuorum(chain, about, envelope, decisions, { untilSeq: leaf });
  const content = blobOf(released.content);
  await checkContent(content, envelope);
  const parts = { chain, about, envelope, decisions, count };
  const shares = await verifyShares(released.resealed_shares, parts);
  const { request } = about;
  return Object.freeze({
    ...parts,
    manifest,
    shares,
    content,
    release,
    leaf,
    releasedAt,
    windowEndsAt: new Date(releasedAt.getTime() + request.window * 1000),
    expectedLeaf: {
      index: leaf,
      action: "request:released",
      actor: request.requester,
      subject: request.account,
      request: request.id,
      statement: release,
    },
  });
}

/** @param {VerifiedRequest} about @param {Statement} mine @param {Uint8Array} recipientKey */
function checkMine(about, mine, recipientKey) {
  if (!equal(about.statement.raw, mine.raw)) {
    throw new ClientRefusal(
      "not-my-request",
      "this is not the request that this browser has signed",
    );
  }
  if (!equal(about.request.recipientKey, recipientKey)) {
    throw new ClientRefusal("not-my-request", "the key of this request is not in this browser");
  }
}

/** @param {Entered} entered @param {VerifiedRequest} about */
async function verifyReleaseStatement(entered, about) {
  const release = await verifyWord(entered.statement, "release", about).catch((refused) => {
    if (!(refused instanceof ClientRefusal)) throw refused;
    throw new ClientRefusal("release-forged", refused.message);
  });
  const releasedAt = entryTime(entered.at);
  const { enteredAt, expiresAt } = about.request;
  if (!(enteredAt <= releasedAt && releasedAt < expiresAt)) {
    throw new ClientRefusal(
      "release-forged",
      "the release does not lie in the request's lifetime",
    );
  }
  return { release, releasedAt };
}

/**
 * Count verified decisions; return only if both groups have enough. Refused: `no-quorum`,
 * `roster-unknown`, `manifest-replaced`.
 *
 * @param {VerifiedChain} chain
 * @param {VerifiedRequest} about
 * @param {Envelope} envelope
 * @param {Iterable<Decision>} decisions
 * @param {{untilSeq: number}} given
 */
export function countQuorum(chain, about, envelope, decisions, { untilSeq }) {
  const manifestRoster = chain.named(envelope.roster);
  const { roster, request } = about;
  const { enteredAt } = request;
  let count;
  try {
    const given = { roster, manifestRoster, manifest: envelope, request, enteredAt };
    count = quorum({ ...given, decisions, untilSeq });
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    throw new ClientRefusal("manifest-replaced", refused.message);
  }
  for (const group of GROUPS) {
    if (!count.metIn(group)) {
      throw new ClientRefusal(
        "no-quorum",
        `the ${group} group has ${count.counted[group].size} of ${count.needed[group]} approvals`,
      );
    }
  }
  return count;
}

/**
 * @param {readonly any[]} resealed
 * @param {{chain: VerifiedChain, about: VerifiedRequest, envelope: Envelope,
 *   decisions: readonly Decision[], count: Quorum}} parts
 */
async function verifyShares(resealed, { chain, about, envelope, decisions, count }) {
  const words = [...lastWords(decisions, { untilSeq: EVER }).values()];
  const approvals = new Map(words.filter((one) => one.approves).map((one) => [one.digest, one]));
  const roster = chain.named(envelope.roster);
  /** @type {Map<string, DeliveredShare>} */
  const shares = new Map();
  for (const item of resealed) {
    const share = await verifyShare(item, approvals, { drill: about.request.drill });
    if (!commonCustodians(about.roster, roster, share.group).has(share.custodian)) {
      throw new ClientRefusal("foreign-share", "a share is of somebody who holds none");
    }
    shares.set(share.custodian, share);
  }
  const all = [...shares.values()];
  for (const group of GROUPS) {
    if (all.filter((share) => share.group === group).length < count.needed[group]) {
      throw new ClientRefusal(
        "shares-withheld",
        `the service holds back shares of the ${group} group`,
      );
    }
  }
  const counted = new Set(GROUPS.flatMap((group) => [...count.counted[group]]));
  /** @param {DeliveredShare} share */
  const later = (share) => (counted.has(share.custodian) ? 0 : 1);
  return all.sort((a, b) => later(a) - later(b) || a.seq - b.seq);
}

/**
 * Verify that a reseal is exactly the one that a standing approval has signed for; refused:
 * `foreign-share`.
 *
 * @param {any} item
 * @param {ReadonlyMap<string, Decision>} approvals by digest
 * @param {{drill: boolean}} given
 * @returns {Promise<DeliveredShare>}
 */
export async function verifyShare(item, approvals, { drill }) {
  const decision = approvals.get(item.decision);
  const blob = blobOf(item.resealed_share);
  if (
    decision === undefined ||
    decision.custodian !== item.custodian ||
    decision.group !== item.group ||
    decision.resealDigest !== (await hexDigest(blob))
  ) {
    throw new ClientRefusal("foreign-share", "a share came that no approval has signed for");
  }
  try {
    checkResealLength(blob.length, { drill });
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    throw new ClientRefusal("foreign-share", `a share: ${refused.message}`);
  }
  const { group, custodian, seq, at } = decision;
  return Object.freeze({ group, custodian, blob, seq, at });
}

/** @param {string} text */
function blobOf(text) {
  try {
    return b64decode(text);
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    throw malformed("the service sent a malformed blob");
  }
}
