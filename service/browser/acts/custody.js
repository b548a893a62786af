/** A custodian's own share: confirming that it opens, and printing it. */

import { b64decode } from "../crypto/encoding.js";
import { checkSame, done, posted, send, stamp } from "./acting.js";
import { get } from "../link/api.js";
import { exclusive } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { fetchChain, fetchEnvelopes, fetchMe, named } from "./fetching.js";
import { part } from "../link/part.js";
import { checkMyKeys } from "../trust/chain.js";
import { verifyManifest, verifyReceipts } from "../trust/envelope.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {Awaited<ReturnType<typeof findMine>>} Mine my place in a verified envelope
 */

/**
 * My place in the newest envelope. `stale`: it was sealed for an older roster, so no receipt is
 * taken; `confirmed`: mine is there.
 *
 * Refused as `ClientRefusal`: `no-envelope`; `not-in-roster`: no share of it is mine; a code of
 * `trust/chain` or `trust/envelope`.
 *
 * @param {string} account
 */
export async function prepareConfirm(account) {
  return findMine(account, (found) => found[0]);
}

/**
 * The same of the envelope in force, or of the newest when none is yet.
 *
 * @param {string} account
 */
export async function preparePaper(account) {
  const inForce = (/** @type {any} */ one) => one.state === "ready" || one.state === "exposed";
  return findMine(account, (found) => found.find(inForce) ?? found[0]);
}

/**
 * @param {string} account
 * @param {(found: any[]) => any} choose
 */
async function findMine(account, choose) {
  const me = await fetchMe();
  const { chain, warnings } = await fetchChain(account, me);
  const facts = choose(await fetchEnvelopes(account));
  if (!facts) throw new ClientRefusal("no-envelope", "no password is sealed for this account yet");
  const { envelope, statement } = await verifyManifest(facts.manifest, chain);
  if (envelope.account !== account || envelope.id !== facts.id) {
    throw new ClientRefusal(
      "manifest-replaced",
      "the service shows another envelope than it names",
    );
  }
  const share = envelope.shareOf(me.person);
  if (!share) throw new ClientRefusal("not-in-roster", "you have no share of this envelope");
  const receipts = await verifyReceipts(facts.receipts, envelope, chain);
  const roster = chain.named(envelope.roster);
  return {
    account,
    me,
    chain,
    roster,
    envelope,
    manifest: statement.payload,
    state: /** @type {string} */ (facts.state),
    group: share.group,
    threshold: roster.groups[share.group].threshold,
    sealerName: named(chain, [envelope.sealer])[0],
    confirmed: receipts.has(`${share.group} ${me.person}`),
    stale: envelope.roster !== chain.newest.digest,
    warnings,
  };
}

/**
 * Fetch my share and open it.
 *
 * @param {Mine} mine
 * @param {Identity} identity
 */
async function open({ envelope, group, manifest, me, roster }, identity) {
  await checkMyKeys(roster, me.person, identity.public);
  const { Holding, openShare } = await part(import("../shares/opening.js"));
  const { sealed_share: sealed } = await get(`/envelopes/${envelope.id}/share`);
  const holding = new Holding({ envelope, manifest, roster, group, person: me.person });
  return openShare(b64decode(sealed), holding, identity);
}

/**
 * Open my share, compare it, and sign that it opens.
 *
 * Refused as `ClientRefusal`: `stale-roster`; `already-confirmed`; `keys-replaced`; a code of
 * `shares/opening`.
 *
 * @param {Mine} prepared
 * @param {Identity} identity
 */
export async function confirm(prepared, identity) {
  checkSame(prepared.me.keyid, identity);
  return exclusive(`custody ${prepared.account}`, async () => {
    const mine = await current(prepared, await prepareConfirm(prepared.account));
    if (mine.stale) {
      throw new ClientRefusal(
        "stale-roster",
        "it was sealed for an older roster: it has to be sealed anew",
      );
    }
    if (mine.confirmed) {
      throw new ClientRefusal("already-confirmed", "you have confirmed this one already");
    }
    const resealing = await part(import("../shares/resealing.js"));
    const opened = await open(mine, identity);
    opened.wipe();
    const receipt = await resealing.receipt(opened, identity, await stamp());
    return send("/custody-receipts", posted(receipt), done);
  });
}

/**
 * Sign that I print my share, and return its words only when the service has written that down.
 *
 * @param {Mine} prepared
 * @param {Identity} identity
 */
export async function paper(prepared, identity) {
  checkSame(prepared.me.keyid, identity);
  return exclusive(`custody ${prepared.account}`, async () => {
    const mine = await current(prepared, await preparePaper(prepared.account));
    const resealing = await part(import("../shares/resealing.js"));
    const opened = await open(mine, identity);
    opened.wipe();
    const { words } = opened;
    const statement = await resealing.paper(opened, identity, await stamp());
    const { group, threshold } = mine;
    const told = async (/** @type {any} */ answer) => {
      const outcome = await done(answer);
      return { done: outcome, words, group, needed: threshold, warnings: outcome.warnings };
    };
    return send("/papers", posted(statement), told);
  });
}

/**
 * Demand that the envelope is still the one that was shown.
 *
 * @param {Mine} shown
 * @param {Mine} found
 */
async function current(shown, found) {
  if (shown.envelope.digest === found.envelope.digest) return found;
  throw new ClientRefusal(
    "envelope-moved",
    "another password was sealed while this page was open",
    "reload the page and look again",
  );
}
