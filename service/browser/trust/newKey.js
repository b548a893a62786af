/**
 * A log under another key than the one that this browser remembers: its people let it count, or no
 * one. Whoever lost the log's key, or has taken it, shows another one. Two things make it count: a
 * version of a roster that names it, after one that named the remembered key, accepted by its people
 * and proved in that very log; and until then, for signing that version alone, its draft.
 */

import { entryOf } from "./entries.js";
import { checkGrowth, keyChanged, openRemembered, parsedKey } from "./growth.js";

/**
 * @typedef {import("../crypto/checkpoint.js").Checkpoint} Checkpoint
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 * @typedef {import("./growth.js").Answer} Answer
 */

/**
 * The checkpoint of a log under another key, whose tree continues the remembered one; no epoch
 * explains a loss here. Refused: `log-key-changed`: it is a log of another name; `log-not-signed`,
 * `log-rewound`, `log-forked`.
 *
 * @param {Answer} shown
 * @param {import("../device/notes.js").SeenLog} seen
 * @returns {Promise<Checkpoint>}
 */
export async function continuedUnder(shown, seen) {
  const old = await openRemembered(seen.checkpoint, await parsedKey(seen.verifierKey));
  const verifier = await parsedKey(shown.verifier_key);
  if (verifier.name !== old.origin) throw keyChanged();
  return checkGrowth(shown, verifier, old);
}

/**
 * Whether the newest roster names the key that is shown after one named the known one, and the log
 * has its acceptance.
 *
 * @param {VerifiedChain} chain
 * @param {readonly import("./entries.js").ProvenLeaf[]} leaves
 * @param {Checkpoint} fresh
 * @param {{known: string, shown: string}} keys
 */
export async function isAccepted(chain, leaves, fresh, { known, shown }) {
  const { account, digest, logKey, version } = chain.newest;
  if (logKey !== shown || chain.rosters.every((one) => one.logKey !== known)) return false;
  const wanted = {
    actions: ["roster:accepted"],
    subject: account,
    request: "",
    details: { roster: digest },
    statement: chain.statements[version - 1],
  };
  return (await entryOf(leaves, wanted, fresh)) !== null;
}

/**
 * Demand that a draft changes the known key to the one shown. Refused: `log-key-changed`.
 *
 * @param {Pick<Roster, "logKey">} draft
 * @param {Pick<Roster, "logKey"> | null} previous
 * @param {{known: string, shown: string}} keys
 */
export function checkChange(draft, previous, { known, shown }) {
  if (previous?.logKey !== known || draft.logKey !== shown || known === shown) throw keyChanged();
}
