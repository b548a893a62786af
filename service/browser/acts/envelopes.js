/** An account's envelopes, each verified; which of them is ready is remembered. */

import { rememberReady } from "../device/readyEnvelopes.js";
import { ClientRefusal } from "../link/errors.js";
import { part } from "../link/part.js";
import { readWithLog } from "../log/reading.js";
import { confirmations } from "../trust/custody.js";
import { verifyManifest, verifyReceipts } from "../trust/envelope.js";

/**
 * @typedef {import("../log/standing.js").LogNow} LogNow
 * @typedef {import("../trust/chain.js").VerifiedChain} VerifiedChain
 * @typedef {import("./fetching.js").Me} Me
 * @typedef {object} Sealed an envelope that is not superseded, its manifest and receipts verified
 * @property {any} facts the API's
 * @property {import("../domain/credential.js").Envelope} envelope
 * @property {import("../crypto/statement.js").Statement} manifest
 * @property {ReadonlySet<string>} receipts texts of group, space, person
 * @property {{confirmed: number, wanted: number}} count
 */

/**
 * An account's envelopes that are not superseded, newest first, verified; what of them is ready by
 * its receipts is remembered. Refused: a code of `trust/envelope`.
 *
 * @param {string} account
 * @param {VerifiedChain} chain
 * @param {Me} me
 * @returns {Promise<{sealed: Sealed[], log: LogNow}>}
 */
export async function fetchEnvelopes(account, chain, me) {
  const { answer, log } = await readWithLog(`/accounts/${account}/envelopes`);
  const { foreign } = log;
  /** @type {Sealed[]} */
  const sealed = [];
  for (const facts of answer.envelopes) {
    if (facts.state === "superseded") continue;
    const { envelope, statement: manifest } = await verifyManifest(
      facts.manifest,
      chain,
      facts.successor,
    );
    if (envelope.account !== account || envelope.id !== facts.id) {
      throw new ClientRefusal(
        "manifest-replaced",
        "the service shows another envelope than it names",
      );
    }
    const receipts = await verifyReceipts(facts.receipts, envelope, chain, foreign);
    if (foreign.size) {
      const { NOT_COUNTED, namedOf } = await part(import("./elsewhere.js"));
      log.news = [...log.news, ...(await namedOf(facts.receipts, chain, foreign, NOT_COUNTED))];
    }
    const count = confirmations(receipts, chain.named(envelope.roster));
    sealed.push({ facts, envelope, manifest, receipts, count });
    // What no one anchored must not make this browser refuse the real one.
    if (me.proven && count.confirmed === count.wanted) await rememberReady(me.person, envelope);
  }
  sealed.sort((one, other) => other.envelope.version - one.envelope.version);
  return { sealed, log };
}

/**
 * A newer envelope than this one that is not ready, if there is one.
 *
 * @param {readonly Sealed[]} sealed
 * @param {import("../domain/credential.js").Envelope} envelope
 */
export function waitingFor(sealed, { version }) {
  const newer = sealed.find((one) => one.envelope.version > version);
  if (!newer || newer.count.confirmed === newer.count.wanted) return null;
  return { version: newer.envelope.version, ...newer.count };
}
