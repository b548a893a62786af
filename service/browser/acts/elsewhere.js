/**
 * Whose statements are of another log than this browser has verified: said by name, and an approval
 * or a custody receipt of those is not counted. A denial counts all the same: left out, it would
 * bring back the approval before it. What is named here was verified before.
 */

import { fromPosted } from "../crypto/statement.js";
import { ClientRefusal } from "../link/errors.js";
import { verifyReceipts } from "../trust/envelope.js";
import { named } from "./fetching.js";

/**
 * @typedef {import("../domain/quorum.js").Decision} Decision
 * @typedef {import("../trust/chain.js").VerifiedChain} VerifiedChain
 * @typedef {import("./proving.js").Relied} Relied
 * @typedef {object} Apart
 * @property {readonly Decision[]} counted
 * @property {readonly Relied[]} relied what a release lacks: an approval of this log by each of those
 *   whose approval is not counted
 * @property {ClientRefusal | null} refusal to approve: the request itself is of another log
 * @property {readonly string[]} news
 */

export const NOT_COUNTED = ": it is not counted";
const SIGNERS = ["custodian", "reviewer", "requester"];

/**
 * @param {import("../trust/shown.js").VerifiedDetail} verified
 * @param {ReadonlySet<string>} foreign digests
 * @returns {Promise<Apart>}
 */
export async function apartOf({ about, chain, decisions, detail, envelope }, foreign) {
  const { account, digest, id, requester } = about.request;
  const left = decisions.filter((one) => one.approves && foreign.has(one.digest));
  const entered = [detail.request, ...detail.decisions, ...detail.others];
  const own = await verifyReceipts(detail.receipts, envelope, chain).then(
    () => detail.receipts,
    () => [], // refused where it is counted; no one is named for what they did not sign
  );
  const statements = [...entered.map(({ statement }) => statement), ...own];
  return {
    counted: decisions.filter((one) => !left.includes(one)),
    relied: left.map(({ custodian, group }) => {
      const [hear] = named(chain, [custodian]);
      const wanted = { actions: [], subject: account, request: id, statement: null };
      return { what: `an approval of this log by ${hear}`, hear, group, wanted };
    }),
    refusal: foreign.has(digest) ? askedElsewhere(named(chain, [requester])[0]) : null,
    news: await namedOf(statements, chain, foreign),
  };
}

/** @param {string} name */
function askedElsewhere(name) {
  return new ClientRefusal(
    "log-forked",
    `the request of ${name} names a log that is not this one`,
    `tell the auditor and the other custodians, and have ${name} ask again from another device`,
  );
}

/**
 * A sentence for each of these statements that is of another log.
 *
 * @param {readonly any[]} posted
 * @param {VerifiedChain} chain
 * @param {ReadonlySet<string>} foreign digests
 * @param {string} [then] what becomes of it; an approval is not counted
 * @returns {Promise<string[]>}
 */
export async function namedOf(posted, chain, foreign, then = "") {
  const statements = await Promise.all(posted.map((one) => fromPosted(one)));
  return statements
    .filter(({ digest }) => foreign.has(digest))
    .map(({ kind, payload }) => {
      const said = /** @type {Record<string, string>} */ (payload);
      const what = said.decision === "approve" ? "approval" : said.decision ? "denial" : kind.replace("-", " ");
      const [name] = named(chain, [said[SIGNERS.find((one) => one in said) ?? ""]]);
      return (
        `The ${what} of ${name} names a log that is not this one` +
        `${what === "approval" ? NOT_COUNTED : then}. Tell the auditor, and ${name}, whose device ` +
        "was shown another log."
      );
    });
}
