/**
 * Whether a requester could seal: their own release, proved to be in the log before it. Codes of
 * lies: `successor-unproven` (nothing shows the release, or what is shown does not prove it),
 * `manifest-forged` (a rule says that this is no successor), `log-not-signed`, `no-quorum`. What
 * only the whole log shows is for the service and for auditors.
 */

import { b64decode, b64encode, canonical, parseCanonical } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { parseLeaf } from "../crypto/leaf.js";
import { leafHash, verifyInclusion } from "../crypto/merkle.js";
import { envelopeFromPayload } from "../domain/credential.js";
import { Refusal } from "../domain/errors.js";
import { quorum } from "../domain/quorum.js";
import { sealerOf } from "../domain/roster.js";
import { checkFollows } from "../domain/successor.js";
import { ClientRefusal } from "../link/errors.js";
import { verifyWord } from "./furtherWords.js";
import { openRemembered, parsedKey } from "./growth.js";
import { verifyDecision, verifyRequestStatement } from "./request.js";
import { read, signedBy } from "./statements.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 * @typedef {import("./request.js").VerifiedRequest} VerifiedRequest
 * @typedef {{leaf: string, path: string[]}} ProvenLeaf the API's
 * @typedef {{actions: string[], account: string, request: string, checkpoint: Checkpoint}} Place
 *   which entry is wanted, and the checkpoint that it leads to
 */

const ASKED = ["request:opened", "request:imported"];

/**
 * Verify that a manifest, whose signature is verified, follows its signer's own release.
 *
 * @param {Envelope} envelope
 * @param {Statement} manifest
 * @param {VerifiedChain} chain
 * @param {any} shown the API's evidence, if there is any
 */
export async function verifySuccessor(envelope, manifest, chain, shown) {
  if (!shown) throw unproven("the service does not show the release that it follows");
  const verifier = await parsedKey(chain.newest.logKey);
  const checkpoint = await openRemembered(shown.checkpoint, verifier);
  const log = { account: envelope.account, checkpoint };
  const sealed = await entry(shown.sealed, manifest, { ...log, actions: ["envelope:sealed"], request: "" });
  const about = await asked(shown.request, chain, log);
  const opened = await openedBefore(shown.opened, chain);
  checkRules(envelope, about, opened, chain);
  const released = await release(shown.release, about, log);
  if (!(released.seq < sealed.seq)) throw unproven("the release is no earlier than the seal");
  const decisions = [];
  for (const { statement: dsse, leaf } of shown.approvals) {
    const place = { ...log, actions: ["request:approved"], request: about.request.id };
    decisions.push(await verifyDecision(dsse, about, await entry(leaf, await read(dsse, "decision"), place)));
  }
  const count = quorum({
    roster: about.roster,
    manifestRoster: chain.named(opened.roster),
    manifest: opened,
    request: about.request,
    enteredAt: about.request.enteredAt,
    decisions,
    untilSeq: released.seq,
  });
  if (count.met) return;
  throw new ClientRefusal(
    "no-quorum",
    "the release that a requester's seal follows had too few approvals",
  );
}

/**
 * The leaf that has exactly this statement.
 *
 * @param {ProvenLeaf} shown
 * @param {Statement} statement
 * @param {Place} place
 */
async function entry(shown, statement, { actions, account, request, checkpoint }) {
  let leaf;
  try {
    const bare = /** @type {Record<string, unknown>} */ (parseCanonical(b64decode(shown.leaf)));
    const data = canonical({ ...bare, statement: b64encode(statement.raw) });
    leaf = parseLeaf(data);
    const proof = shown.path.map((item) => b64decode(item));
    await verifyInclusion(await leafHash(data), leaf.seq, checkpoint.size, proof, checkpoint.root);
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    throw unproven(`the log does not prove its ${statement.kind}: ${refused.message}`);
  }
  if (actions.includes(leaf.action) && leaf.subject === account && leaf.request === request) return leaf;
  throw unproven(`another entry is shown for its ${statement.kind}`);
}

/**
 * @param {{statement: any, leaf: ProvenLeaf}} shown
 * @param {VerifiedChain} chain
 * @param {Pick<Place, "account" | "checkpoint">} log
 */
async function asked({ statement: dsse, leaf: shown }, chain, log) {
  const statement = await read(dsse, "request");
  const { offline, request } = /** @type {any} */ (statement.payload);
  const leaf = await entry(shown, statement, { ...log, actions: ASKED, request });
  if ((leaf.action === "request:imported") !== offline) {
    throw unproven("its request was entered as another kind");
  }
  return verifyRequestStatement(dsse, leaf.at, chain);
}

/**
 * The envelope that was opened; those who approved have judged who sealed that one.
 *
 * @param {any} dsse
 * @param {VerifiedChain} chain
 */
async function openedBefore(dsse, chain) {
  const statement = await read(dsse, "manifest");
  const opened = envelopeFromPayload(statement.payload, statement.digest);
  const signer = sealerOf(chain.named(opened.roster), opened.sealer);
  await signedBy(statement, signer, { code: "manifest-forged", what: "the manifest before" });
  return opened;
}

/**
 * @param {Envelope} envelope
 * @param {VerifiedRequest} about
 * @param {Envelope} opened
 * @param {VerifiedChain} chain
 */
function checkRules(envelope, { request, roster: askedUnder }, opened, chain) {
  try {
    checkFollows(envelope, { roster: chain.named(envelope.roster), request, askedUnder, opened });
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    const message = `the manifest was not signed by a sealer: ${refused.message}`;
    throw new ClientRefusal("manifest-forged", message);
  }
}

/**
 * @param {{statement: any, leaf: ProvenLeaf}} shown
 * @param {VerifiedRequest} about
 * @param {Pick<Place, "account" | "checkpoint">} log
 */
async function release({ statement: dsse, leaf: shown }, about, log) {
  const { enteredAt, expiresAt, id, offline } = about.request;
  const statement = await verifyWord(dsse, "release", about);
  const leaf = await entry(shown, statement, { ...log, actions: ["request:released"], request: id });
  if (offline || (enteredAt <= leaf.at && leaf.at < expiresAt)) return leaf;
  throw unproven("the release is not within the request's lifetime");
}

/** @param {string} why */
function unproven(why) {
  return new ClientRefusal(
    "successor-unproven",
    `a requester has sealed this, and ${why}`,
    "try again in a minute; if it stays so, tell the auditor",
  );
}
