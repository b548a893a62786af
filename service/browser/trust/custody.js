/**
 * Whether ciphertexts and receipts are those of a verified manifest, and how many there are. Codes
 * of lies: `content-replaced` (a ciphertext does not have its digest), `receipt-missing`.
 */

import { hexDigest } from "../crypto/encoding.js";
import { GROUPS } from "../domain/people.js";
import { ClientRefusal } from "../link/errors.js";

/**
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../domain/roster.js").Roster} Roster
 */

/**
 * Demand a person's own receipt among the verified ones; refused: `receipt-missing`.
 *
 * @param {ReadonlySet<string>} receipts
 * @param {GroupName} group
 * @param {string} person
 */
export function checkReceipt(receipts, group, person) {
  if (receipts.has(`${group} ${person}`)) return;
  throw new ClientRefusal(
    "receipt-missing",
    "you have not confirmed this envelope: the request may name another one than you know",
  );
}

/**
 * Demand the ciphertext that the manifest's sealer has signed; refused: `content-replaced`.
 *
 * @param {Uint8Array} content
 * @param {Envelope} envelope
 */
export async function checkContent(content, envelope) {
  if ((await hexDigest(content)) === envelope.contentDigest) return;
  throw new ClientRefusal(
    "content-replaced",
    "the sealed content is not what the sealer signed",
  );
}

/**
 * Demand the sealed share that the manifest lists for this custodian in this group; refused:
 * `content-replaced`.
 *
 * @param {Uint8Array} sealed
 * @param {Envelope} envelope
 * @param {GroupName} group
 * @param {string} person
 */
export async function checkSealedShare(sealed, envelope, group, person) {
  const share = envelope.shareOf(person);
  if (share?.group === group && (await hexDigest(sealed)) === share.sealedShareDigest) return;
  throw new ClientRefusal("content-replaced", "a sealed share is not what the sealer signed");
}

/**
 * How many of the confirmations that make an envelope ready are there: the threshold of each group.
 *
 * @param {ReadonlySet<string>} receipts verified ones, as `verifyReceipts` returns them
 * @param {Roster} roster the envelope's
 */
export function confirmations(receipts, roster) {
  let confirmed = 0;
  let wanted = 0;
  for (const group of GROUPS) {
    const { custodians, threshold } = roster.groups[group];
    const held = custodians.filter((person) => receipts.has(`${group} ${person}`)).length;
    confirmed += Math.min(held, threshold);
    wanted += threshold;
  }
  return { confirmed, wanted };
}
