/** A request as this browser verified it, and a custodian's answer to it. */

import { b64decode, b64encode } from "../crypto/encoding.js";
import { sortedStatementDsse } from "../crypto/statement.js";
import { EVER, lastWords, quorum } from "../domain/quorum.js";
import { commonCustodians, groupOf } from "../domain/roster.js";
import { checkSame, done, send, signed, stands } from "./acting.js";
import { get } from "./api.js";
import { exclusive, now } from "./environment.js";
import { ClientRefusal } from "./errors.js";
import { fetchChain, fetchEnvelopes, fetchMe, named } from "./fetching.js";
import { rememberGone } from "./memory.js";
import { here } from "./requestKeys.js";
import { checkMyKeys, keysOf } from "./trust.js";
import { verifyReceipts } from "./trustEnvelope.js";
import { verifyShown } from "./trustRequest.js";

export { cancel, close, review } from "./endings.js";
export { earlierRequests } from "./gone.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {Awaited<ReturnType<typeof fetchRequest>>} Shown
 */

/**
 * Fetch a request with every statement on it, and verify all of them.
 *
 * Refused as `ClientRefusal` with a code of `trust`, `trustEnvelope` or `trustRequest`.
 *
 * @param {string} id
 * @param {{looking?: boolean}} [options] operators and auditors may look without an anchor
 */
export async function fetchRequest(id, { looking = false } = {}) {
  const [me, detail] = await Promise.all([fetchMe(), get(`/requests/${id}`)]);
  return shownOf(id, detail, me, looking);
}

/**
 * @param {string} id
 * @param {any} detail
 * @param {import("./fetching.js").Me} me
 * @param {boolean} looking
 */
async function shownOf(id, detail, me, looking) {
  const { chain, warnings } = await fetchChain(detail.account, me, { looking });
  const verified = await verifyShown(id, detail, chain);
  const { about, envelope, decisions } = verified;
  const { requester } = about.request;
  return {
    ...verified,
    count: quorum({
      roster: about.roster,
      manifestRoster: chain.named(envelope.roster),
      manifest: envelope,
      request: about.request,
      enteredAt: about.request.enteredAt,
      decisions,
      untilSeq: EVER,
    }),
    me: { person: me.person, keyid: me.keyid, group: groupOf(about.roster, me.person) },
    who: me,
    looking,
    requesterName: named(chain, [requester])[0],
    requesterWords: () => wordsOf(about.roster.members.get(requester)),
    anchor: anchorOf(chain, me.keyid),
    keyHere: await here(me.person, id),
    warnings,
  };
}

/**
 * The eight words of a roster member's keys.
 *
 * @param {any} member
 * @returns {Promise<readonly string[]>}
 */
export async function wordsOf(member) {
  return (await keysOf(member)).words();
}

/**
 * The newest roster that I have signed.
 *
 * @param {import("./trust.js").VerifiedChain} chain
 * @param {string} keyid
 * @returns {{version: number, at: string} | null}
 */
function anchorOf(chain, keyid) {
  const mine = chain.rosters.filter(({ version }) => chain.bears(version, keyid)).at(-1);
  if (!mine) return null;
  const { at } = /** @type {any} */ (chain.statements[mine.version - 1].payload);
  return { version: mine.version, at };
}

/**
 * The same request as it is now; that it was exchanged since it was shown is refused.
 *
 * @param {Shown} shown
 * @returns {Promise<Shown>}
 */
export async function refreshed(shown) {
  const { id, digest } = shown.about.request;
  const detail = await get(`/requests/${id}`);
  if (JSON.stringify(detail) === JSON.stringify(shown.detail)) return shown;
  const current = await shownOf(id, detail, shown.who, shown.looking);
  if (current.about.request.digest !== digest) {
    throw new ClientRefusal("request-replaced", "this is not the request that you were shown");
  }
  return current;
}

/**
 * My place in the envelope, if I may approve this request at all; `confirmed` is false when
 * approving signs my receipt too.
 *
 * Refused as `ClientRefusal`: `stale-roster`, `self-approval`, `not-in-roster`,
 * `already-decided`, `receipt-missing`, `receipt-forged`.
 *
 * @param {Shown} shown
 */
export async function checkApprovable(shown) {
  const { about, chain, envelope, manifest, me } = shown;
  const { request } = about;
  const { newest } = chain;
  if (request.roster !== newest.digest) {
    throw new ClientRefusal(
      "stale-roster",
      "the request was made under an older roster than the newest",
    );
  }
  if (request.requester === me.person) {
    throw new ClientRefusal("self-approval", "you cannot decide on your own request");
  }
  const group = groupOf(newest, me.person);
  if (group === null) throw inNeitherGroup();
  if (!commonCustodians(newest, chain.named(envelope.roster), group).has(me.person)) {
    throw new ClientRefusal("not-in-roster", "the envelope holds no share that you can open");
  }
  if (lastWords(shown.decisions, { untilSeq: EVER }).get(me.person)?.approves) {
    throw new ClientRefusal("already-decided", "you have approved this request already");
  }
  const holding = { envelope, manifest: manifest.payload, group, person: me.person };
  return { group, confirmed: await hasMyReceipt(shown, group), holding };
}

export function inNeitherGroup() {
  return new ClientRefusal("not-in-roster", "the account's roster names you in neither group");
}

/**
 * Whether I have signed a receipt for exactly this manifest; else I may sign it now.
 *
 * @param {Shown} shown
 * @param {string} group
 */
async function hasMyReceipt({ about, chain, detail, envelope, me }, group) {
  for (const facts of await fetchEnvelopes(about.request.account)) {
    if (facts.id !== envelope.id || facts.manifest.payload !== detail.manifest.payload) continue;
    const receipts = await verifyReceipts(facts.receipts, envelope, chain);
    if (facts.state === "superseded") break;
    if (receipts.has(`${group} ${me.person}`)) return true;
    if (envelope.roster !== chain.newest.digest) break;
    return false;
  }
  throw new ClientRefusal(
    "receipt-missing",
    "the request does not name an envelope that you have confirmed, or can confirm now",
    "ask the requester which envelope they mean, and the operator what happened to yours",
  );
}

/**
 * Approve: open my share, compare it with its commitment, seal it to this request alone, sign.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 */
export async function approve(shown, identity) {
  checkSame(shown.me.keyid, identity);
  const { id } = shown.about.request;
  return exclusive(`request ${id}`, async () => {
    const [current, { sealed_share: sealed }] = await Promise.all([
      refreshed(shown),
      get(`/envelopes/${shown.envelope.id}/share`),
    ]);
    const { about } = current;
    const { holding, confirmed } = await checkApprovable(current);
    await checkMyKeys(current.chain.newest, current.me.person, identity.public);
    const resealing = await import("./resealing.js");
    const at = now();
    const made = await resealing.approve(about, holding, b64decode(sealed), identity, { at });
    const body = {
      statement: sortedStatementDsse(made.statement),
      resealed_share: b64encode(made.resealed),
      receipt: confirmed ? null : await receipt(holding, identity),
    };
    if (!about.request.drill) await rememberGone(current.me.person, about.request);
    return send(`/requests/${id}/decisions`, body, done, () => stands(id, made.statement));
  });
}

/**
 * Sign what is true by now: the share was opened and matches its commitment.
 *
 * @param {{envelope: import("../domain/credential.js").Envelope, group: string,
 *   person: string}} holding
 * @param {Identity} identity
 */
async function receipt({ envelope, group, person }, identity) {
  const fields = { manifest: envelope.digest, group, custodian: person };
  return sortedStatementDsse(await signed("custody-receipt", fields, identity));
}

/**
 * Deny, with a reason. May follow my own approval, until the release.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {string} reason
 */
export async function deny(shown, identity, reason) {
  checkSame(shown.me.keyid, identity);
  const { id } = shown.about.request;
  return exclusive(`request ${id}`, async () => {
    const { about, me } = await refreshed(shown);
    const group = groupOf(about.roster, me.person);
    if (group === null) throw inNeitherGroup();
    const resealing = await import("./resealing.js");
    const { person } = me;
    const given = { group, person, reason, at: now(), identity };
    const statement = await resealing.deny(about, given);
    const body = { statement: sortedStatementDsse(statement) };
    return send(`/requests/${id}/decisions`, body, done, () => stands(id, statement));
  });
}
