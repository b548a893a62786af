/**
 * What a client believes of an envelope: its manifest and its custody receipts. Codes of lies:
 * `manifest-forged` (not signed by a sealer of the roster it names), `manifest-replaced` (another
 * account's, or not one share for each custodian), `receipt-forged`.
 */

import { envelopeFromPayload } from "../domain/credential.js";
import { GROUPS } from "../domain/people.js";
import { custodian, sealerOf } from "../domain/roster.js";
import { ClientRefusal } from "../link/errors.js";
import { read, signedBy } from "./statements.js";

/**
 * @typedef {import("../domain/credential.js").Envelope} Envelope
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 */

/**
 * Verify a manifest: signed by a sealer of the roster it names, for exactly its custodians. Or by a
 * requester whom the roster lets seal after their own release, which `successor` has to prove.
 * Whether it is the one in force is for the caller to know. Refused: `malformed-statement`,
 * `roster-unknown`, `manifest-forged`, `manifest-replaced`, or a code of `trust/successor`.
 *
 * @param {any} dsse
 * @param {VerifiedChain} chain
 * @param {any} [successor] the API's evidence
 */
export async function verifyManifest(dsse, chain, successor) {
  const statement = await read(dsse, "manifest");
  const envelope = envelopeFromPayload(statement.payload, statement.digest);
  const roster = chain.named(envelope.roster);
  await signedBy(statement, sealerOf(roster, envelope.sealer), { code: "manifest-forged", what: "the manifest" });
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
  if (!roster.sealers.includes(envelope.sealer)) {
    const { verifySuccessor } = await import("./successor.js");
    await verifySuccessor(envelope, statement, chain, successor);
  }
  return { envelope, statement };
}

/**
 * Whose custody receipts an envelope has, each verified: texts of group, space, person; without
 * those that are `foreign`, by digest. Refused: `malformed-statement`, `receipt-forged`.
 *
 * @param {Iterable<any>} receipts
 * @param {Envelope} envelope
 * @param {VerifiedChain} chain
 * @param {ReadonlySet<string>} [foreign]
 * @returns {Promise<Set<string>>}
 */
export async function verifyReceipts(receipts, envelope, chain, foreign) {
  const roster = chain.named(envelope.roster);
  const found = new Set();
  for (const dsse of receipts) {
    const { digest, who } = await verifyReceipt(dsse, envelope, roster);
    if (!foreign?.has(digest)) found.add(who);
  }
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
  return { digest: statement.digest, who: `${group} ${person}` };
}
