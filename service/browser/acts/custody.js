/** A custodian's own share: confirming that it opens, and printing it. */

import { b64decode } from "../crypto/encoding.js";
import { checkSame, done, posted, send, stamp } from "./acting.js";
import { get } from "../link/api.js";
import { exclusive } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { fetchEnvelopes, waitingFor } from "./envelopes.js";
import { fetchChain, fetchMe, named } from "./fetching.js";
import { part } from "../link/part.js";
import { rememberReady } from "../device/readyEnvelopes.js";
import { checkMyKeys } from "../trust/chain.js";
import { confirmations } from "../trust/custody.js";
import { before } from "./proving.js";
import { acceptance, end, sealing } from "./relying.js";
import { takesReceipts } from "../domain/roster.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("./envelopes.js").Sealed} Sealed
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
  return findMine("confirm", account, (found) => found[0]);
}

/**
 * The same of the envelope in force, or of the newest when none is yet.
 *
 * @param {string} account
 */
export async function preparePaper(account) {
  const inForce = (/** @type {Sealed} */ { facts }) => facts.state !== "unconfirmed";
  return findMine("paper", account, (found) => found.find(inForce) ?? found[0]);
}

/**
 * @param {"confirm" | "paper"} act
 * @param {string} account
 * @param {(found: Sealed[]) => Sealed | undefined} choose
 */
async function findMine(act, account, choose) {
  const me = await fetchMe();
  const { chain, warnings, log } = await fetchChain(account, me);
  const { sealed, log: later } = await fetchEnvelopes(account, chain, me);
  const chosen = choose(sealed);
  if (!chosen) throw new ClientRefusal("no-envelope", "no password is sealed for this account yet");
  const { envelope, facts, manifest, receipts } = chosen;
  const share = envelope.shareOf(me.person);
  if (!share) throw new ClientRefusal("not-in-roster", "you have no share of this envelope");
  const roster = chain.named(envelope.roster);
  const proof = await before(act, {
    account,
    person: me.person,
    logs: [log, later],
    newest: chain.newest,
    relied: [sealing(chain, envelope, manifest), acceptance(chain, roster), ...end(chain)],
    envelope,
    waiting: waitingFor(sealed, envelope),
  });
  return {
    account,
    me,
    chain,
    roster,
    envelope,
    manifest: manifest.payload,
    state: /** @type {string} */ (facts.state),
    group: share.group,
    threshold: roster.groups[share.group].threshold,
    sealerName: named(chain, [envelope.sealer])[0],
    receipts,
    confirmed: receipts.has(`${share.group} ${me.person}`),
    stale: !takesReceipts(roster, chain.newest),
    proof,
    warnings: [...warnings, ...later.news, ...proof.warnings],
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
    const receipt = await resealing.receipt(opened, identity, await stamp(mine.proof));
    const told = async (/** @type {any} */ answer) => {
      await rememberMine(mine);
      return done(answer);
    };
    return send("/custody-receipts", posted(receipt), told);
  });
}

/** With my receipt an envelope may be ready, as far as I have verified it. @param {Mine} mine */
async function rememberMine({ envelope, group, me, receipts, roster }) {
  const { confirmed, wanted } = confirmations(new Set([...receipts, `${group} ${me.person}`]), roster);
  if (confirmed === wanted) await rememberReady(me.person, envelope);
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
    const statement = await resealing.paper(opened, identity, await stamp(mine.proof));
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
