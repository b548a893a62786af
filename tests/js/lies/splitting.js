/** What a custodian or requester makes of shares that a hostile sealer has split. */

import { b64decode } from "../../../service/browser/crypto/encoding.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import { Holding, openShare } from "../../../service/browser/shares/opening.js";
import { approve, receipt } from "../../../service/browser/shares/resealing.js";
import { verifyChain } from "../../../service/browser/trust/chain.js";
import { verifyManifest } from "../../../service/browser/trust/envelope.js";
import { verifyRequest } from "../../../service/browser/trust/request.js";

const STAMP = {
  at: new Date("2026-11-02T09:00:00Z"),
  head: { log_size: 0, log_root: "" },
};

async function signs(given, { group, person, sealed, root }) {
  const chain = await verifyChain(given.chain, given.identities, given);
  const { envelope, statement } = await verifyManifest(given.manifest, chain);
  const roster = chain.named(envelope.roster);
  const manifest = statement.payload;
  const holding = new Holding({ envelope, manifest, roster, group, person });
  const me = await Identity.fromRoot(b64decode(root));
  if (!given.request) return receipt(await openShare(b64decode(sealed), holding, me), me, STAMP);
  const about = await verifyRequest({ statement: given.request, leaf: 1, at: given.at }, chain);
  return approve(about, holding, b64decode(sealed), me, { ...STAMP, confirmed: false });
}

export const SPLITTING = {
  /** How each custodian's act ends: a code, or empty; without a request they confirm. */
  async everyCustodian(given) {
    const ends = {};
    for (const custodian of given.custodians) {
      try {
        await signs(given, custodian);
        ends[custodian.person] = "";
      } catch (error) {
        const named = error instanceof ClientRefusal && error.message.includes("sam, who sealed it");
        ends[custodian.person] = named ? error.code : String(error.stack);
      }
    }
    return ends;
  },
};
