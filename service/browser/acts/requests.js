/** A request as this browser verified it. What is done about it is in `deciding` and `endings`. */

import { EVER, lastWords, quorum } from "../domain/quorum.js";
import { commonCustodians, groupOf, takesReceipts, working } from "../domain/roster.js";
import { ClientRefusal } from "../link/errors.js";
import { chainOf, meOf, named } from "./fetching.js";
import { part } from "../link/part.js";
import { readWithLog } from "../log/reading.js";
import { keysOf } from "../trust/chain.js";
import { verifyReceipts } from "../trust/envelope.js";
import { verifyShown } from "../trust/shown.js";

/** @typedef {Awaited<ReturnType<typeof fetchRequest>>} Shown */

/** @type {Partial<import("./elsewhere.js").Apart> & {news: readonly string[]}} nothing is of another log */
const NOTHING = { news: [] };

/**
 * Fetch a request with every statement on it, and verify all of them.
 *
 * Refused with a code of `trust/chain`, `trust/envelope`, `trust/request` or `trust/growth`.
 *
 * @param {string} id
 * @param {object} [options]
 * @param {boolean} [options.looking] operators and auditors may look without an anchor
 * @param {boolean} [options.despite] a log that went back stands in `logs`: denying goes on
 */
export async function fetchRequest(id, { looking = false, despite = false } = {}) {
  const { answer, log } = await readCase(id, { despite });
  return shownOf(id, answer, { me: await meOf(answer.me), looking, log });
}

/**
 * A request, its account's rosters and who I am, in one answer.
 *
 * @param {string} id
 * @param {{despite: boolean}} options
 */
function readCase(id, { despite }) {
  return readWithLog(`/requests/${id}/case`, { despite, subject: ({ detail }) => detail });
}

/**
 * What is wrong with the log, if anything.
 *
 * @param {Pick<Shown, "logs">} shown
 */
export function alarmOf({ logs }) {
  return logs.find(({ alarm }) => alarm !== null)?.alarm ?? null;
}

/**
 * @param {string} id
 * @param {any} answer
 * @param {{me: import("./fetching.js").Me, looking: boolean,
 *   log: import("../log/standing.js").LogNow}} given
 */
async function shownOf(id, answer, { me, looking, log }) {
  const { detail } = answer;
  const { chain, warnings } = await chainOf(detail.account, answer.rosters, me, { looking });
  const verified = await verifyShown(id, detail, chain);
  const { about, envelope, decisions } = verified;
  const { requester } = about.request;
  const { foreign } = log;
  const apart = foreign.size ? await (await part(import("./elsewhere.js"))).apartOf(verified, foreign) : NOTHING;
  log.news = [...log.news, ...apart.news];
  return {
    ...verified,
    count: quorum({
      roster: about.roster,
      manifestRoster: chain.named(envelope.roster),
      manifest: envelope,
      request: about.request,
      enteredAt: about.request.enteredAt,
      decisions: apart.counted ?? decisions,
      untilSeq: EVER,
    }),
    apart,
    me: { person: me.person, keyid: me.keyid, group: groupOf(about.roster, me.person) },
    who: me,
    looking,
    logs: [log],
    requesterName: named(chain, [requester])[0],
    requesterWords: () => wordsOf(about.roster.members.get(requester)),
    anchor: anchorOf(chain, me.keyid),
    keyHere: requester === me.person && (await isHere(me.person, id)),
    warnings: [...log.news, ...warnings],
  };
}

/**
 * @param {string} person
 * @param {string} id
 */
async function isHere(person, id) {
  const { here } = await part(import("../device/requestKeys.js"));
  return here(person, id);
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
 * @param {import("../trust/chain.js").VerifiedChain} chain
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
  const { answer, log } = await readCase(id, { despite: true });
  const same = JSON.stringify(answer.detail) === JSON.stringify(shown.detail);
  if (same && !log.foreign.size) return { ...shown, logs: [log] };
  const current = await shownOf(id, answer, { me: shown.who, looking: shown.looking, log });
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
  if (request.roster !== working(newest)) {
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
  const roster = chain.named(envelope.roster);
  if (!commonCustodians(newest, roster, group).has(me.person)) {
    throw new ClientRefusal("not-in-roster", "the envelope holds no share that you can open");
  }
  if (lastWords(shown.decisions, { untilSeq: EVER }).get(me.person)?.approves) {
    throw new ClientRefusal("already-decided", "you have approved this request already");
  }
  const place = { envelope, manifest: manifest.payload, roster, group, person: me.person };
  return { group, confirmed: await hasMyReceipt(shown, group), place };
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
async function hasMyReceipt({ chain, detail, envelope, me }, group) {
  const receipts = await verifyReceipts(detail.receipts, envelope, chain);
  if (detail.manifest_state !== "superseded") {
    if (receipts.has(`${group} ${me.person}`)) return true;
    if (takesReceipts(chain.named(envelope.roster), chain.newest)) return false;
  }
  throw new ClientRefusal(
    "receipt-missing",
    "the request does not name an envelope that you have confirmed, or can confirm now",
    "ask the requester which envelope they mean, and the operator what happened to yours",
  );
}
