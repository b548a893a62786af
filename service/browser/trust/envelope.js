/**
 * What a client believes of an envelope: its manifest and its custody receipts. Codes of lies:
 * `manifest-forged` (not signed by a sealer of the roster it names), `manifest-replaced` (another
 * account's, or not one share for each custodian), `content-replaced` (a ciphertext does not have
 * its digest), `receipt-forged`, `receipt-missing`.
 */

import { hexDigest } from "../crypto/encoding.js";
import { envelopeFromPayload } from "../domain/credential.js";
import { GROUPS } from "../domain/people.js";
import { custodian } from "../domain/roster.js";
import { ClientRefusal } from "../link/errors.js";
import { read, signedBy } from "./statements.js";

/**
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 */

/**
 * Verify a manifest: signed by a sealer of the roster it names, for exactly its custodians.
 * Whether it is the one in force is for the caller to know. Refused: `malformed-statement`,
 * `roster-unknown`, `manifest-forged`, `manifest-replaced`.
 *
 * @param {any} dsse
 * @param {VerifiedChain} chain
 */
export async function verifyManifest(dsse, chain) {
  const statement = await read(dsse, "manifest");
  const envelope = envelopeFromPayload(statement.payload, statement.digest);
  const roster = chain.named(envelope.roster);
  const { sealer } = envelope;
  const member = roster.sealers.includes(sealer) ? roster.members.get(sealer) : undefined;
  await signedBy(statement, member, { code: "manifest-forged", what: "the manifest" });
  if (envelope.account !== roster.account) {
    throw new ClientRefusal("manifest-replaced", "the manifest is another account's");
  }
  const lines = envelope.shares.map((share) => `${share.group} ${share.custodian}`);
  const wanted = GROUPS.flatMap((group) =>
    roster.groups[group].custodians.map((person) => `${group} ${person}`),
  );
  if (lines.join() !== wanted.join()) {
    throw new ClientRefusal(
      "manifest-replaced",
      "the manifest does not hold one share for each custodian",
    );
  }
  return { envelope, statement };
}

/**
 * Whose custody receipts an envelope has, each verified: texts of group, space, person. Refused:
 * `malformed-statement`, `receipt-forged`.
 *
 * @param {Iterable<any>} receipts
 * @param {Envelope} envelope
 * @param {VerifiedChain} chain
 * @returns {Promise<Set<string>>}
 */
export async function verifyReceipts(receipts, envelope, chain) {
  const roster = chain.named(envelope.roster);
  const found = new Set();
  for (const dsse of receipts) found.add(await verifyReceipt(dsse, envelope, roster));
  return found;
}

/** @param {any} dsse @param {Envelope} envelope @param {Roster} roster */
async function verifyReceipt(dsse, envelope, roster) {
  const statement = await read(dsse, "custody-receipt");
  const { manifest, group, custodian: person } = statement.payload;
  if (manifest !== envelope.digest) {
    throw new ClientRefusal("receipt-forged", "a custody receipt is for another envelope");
  }
  const member = custodian(roster, person, group);
  await signedBy(statement, member, { code: "receipt-forged", what: "a custody receipt" });
  return `${group} ${person}`;
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
