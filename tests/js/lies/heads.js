/** What is believed of the heads that statements name, and what is said of those that are foreign. */

import { apartOf } from "../../../service/browser/acts/elsewhere.js";
import { onRequest } from "../../../service/browser/acts/proving.js";
import { EVER, quorum } from "../../../service/browser/domain/quorum.js";
import { verifyChain } from "../../../service/browser/trust/chain.js";
import { verifyManifest, verifyReceipts } from "../../../service/browser/trust/envelope.js";
import { foreignIn } from "../../../service/browser/trust/foreign.js";
import { beside } from "../../../service/browser/trust/lines.js";
import { continued } from "../../../service/browser/trust/growth.js";
import { verifyShown } from "../../../service/browser/trust/shown.js";

export const HEADS = {
  /** What there is beside a line. */
  async beside({ account, person, lines, remembered }) {
    return beside(account, person, lines, new Map(remembered));
  },

  async foreignIn({ log, subject }) {
    const { fresh, epochs } = await continued(log, null);
    return [...(await foreignIn(subject, log.heads, fresh, epochs))];
  },

  async apartOf({ foreign, detail, ...given }) {
    const chain = await verifyChain(given.chain, given.identities, given);
    const verified = await verifyShown(detail.id, detail, chain);
    const { counted, relied, refusal, news } = await apartOf(verified, new Set(foreign));
    return {
      counted: counted.map(({ custodian }) => chain.nameOf(custodian)),
      lacks: relied.map(({ hear, group }) => [hear, group]),
      refusal: refusal?.code ?? "",
      news: news.map((one) => one.split(".")[0]),
    };
  },

  /** What a release wants the log to show. */
  async relied({ foreign, detail, ...given }) {
    const chain = await verifyChain(given.chain, given.identities, given);
    const verified = await verifyShown(detail.id, detail, chain);
    const { about, envelope } = verified;
    const apart = await apartOf(verified, new Set(foreign));
    const { roster, request } = about;
    const manifestRoster = chain.named(envelope.roster);
    const counting = { roster, manifestRoster, manifest: envelope, request, enteredAt: request.enteredAt };
    const count = quorum({ ...counting, decisions: apart.counted, untilSeq: EVER });
    const shown = { ...verified, apart, count, logs: [{ alarm: null }], me: {}, requesterName: "gus" };
    const { relied } = await onRequest("release", shown);
    return relied.filter(({ group }) => group).map(({ what, wanted }) => [what, wanted.actions.length > 0]);
  },

  async countedReceipts({ foreign, manifest, receipts, ...given }) {
    const chain = await verifyChain(given.chain, given.identities, given);
    const { envelope } = await verifyManifest(manifest, chain);
    return [...(await verifyReceipts(receipts, envelope, chain, new Set(foreign)))];
  },
};
