/** What acts rely on, as the log has to prove it: rosters, drafts, and envelopes. */

import { whoKnows } from "../words/envelopes.js";
import { named } from "./fetching.js";

/**
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("./proving.js").Relied} Relied
 */

const ANOTHER = "another person whom the roster names";

/**
 * The acceptance of a roster.
 *
 * @param {import("../trust/chain.js").VerifiedChain} chain
 * @param {Roster} roster
 * @returns {Relied}
 */
export function acceptance(chain, { account, digest, version, retired }) {
  return {
    ends: retired,
    what: `that roster version ${version} is in force`,
    hear: ANOTHER,
    wanted: {
      actions: ["roster:accepted"],
      subject: account,
      request: "",
      details: { roster: digest },
      statement: chain.statements[version - 1],
    },
  };
}

/**
 * The end of the line, if its people have ended it.
 *
 * @param {import("../trust/chain.js").VerifiedChain} chain
 * @returns {Relied[]}
 */
export function end(chain) {
  return chain.newest.retired ? [acceptance(chain, chain.newest)] : [];
}

/**
 * The entry of a draft, which has no statement yet.
 *
 * @param {Roster} draft
 * @returns {Relied}
 */
export function drafting({ account, digest, version }) {
  return {
    what: `the draft of roster version ${version}`,
    hear: ANOTHER,
    wanted: {
      actions: ["roster:drafted"],
      subject: account,
      request: "",
      details: { roster: digest, version },
      statement: null,
    },
  };
}

/**
 * That an envelope was sealed.
 *
 * @param {import("../trust/chain.js").VerifiedChain} chain
 * @param {Envelope} envelope
 * @param {Statement} manifest
 * @returns {Relied}
 */
export function sealing(chain, envelope, manifest) {
  const { account, digest, sealer, version } = envelope;
  return {
    knows: whoKnows(envelope, chain.named(envelope.roster)),
    what: `that version ${version} of the password was sealed`,
    hear: named(chain, [sealer])[0],
    wanted: {
      actions: ["envelope:sealed"],
      actor: sealer,
      subject: account,
      request: "",
      details: { manifest: digest },
      statement: manifest,
    },
  };
}
