/** What a client believes of a request as the service shows it: everything fits what was signed. */

import { ClientRefusal } from "../link/errors.js";
import { verifyManifest } from "./envelope.js";
import { verifyDecisions, verifyRequest } from "./request.js";

/**
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/quorum.js").Decision} Decision
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 * @typedef {import("./request.js").VerifiedRequest} VerifiedRequest
 * @typedef {object} VerifiedDetail a request as the service shows it, and what of that is signed
 * @property {any} detail the API's answer
 * @property {VerifiedChain} chain
 * @property {VerifiedRequest} about
 * @property {Envelope} envelope
 * @property {Statement} manifest
 * @property {readonly Decision[]} decisions in the log's order
 * @property {readonly {at: string, kind: string}[]} further words, each with its time of entry
 */

/**
 * Verify a request's detail; what the service says beside the statements must fit them. Refused:
 * `request-replaced`, `manifest-replaced`, and all of the above.
 *
 * @param {string} id the request that was asked for
 * @param {any} detail the API's answer
 * @param {VerifiedChain} chain
 * @returns {Promise<VerifiedDetail>}
 */
export async function verifyShown(id, detail, chain) {
  const about = await verifyRequest(detail.request, chain);
  const signed = about.request;
  if (
    id !== signed.id ||
    detail.id !== signed.id ||
    detail.digest !== signed.digest ||
    detail.account !== signed.account ||
    detail.requester !== signed.requester ||
    detail.drill !== signed.drill
  ) {
    throw new ClientRefusal(
      "request-replaced",
      "the service shows a request otherwise than it was signed",
    );
  }
  const { envelope, statement: manifest } = await verifyManifest(
    detail.manifest,
    chain,
    detail.successor,
  );
  if (envelope.digest !== signed.manifest) {
    throw new ClientRefusal(
      "manifest-replaced",
      "the request names another envelope than this one",
    );
  }
  const decisions = await verifyDecisions(detail.decisions, about);
  const further = [];
  if (detail.others.length) {
    const { verifyFurther } = await import("./furtherWords.js");
    for (const { at, statement } of detail.others) {
      further.push({ at, kind: await verifyFurther(statement, about, chain) });
    }
  }
  return { detail, chain, about, envelope, manifest, decisions, further };
}
