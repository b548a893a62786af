/**
 * Destroying what this browser keeps of my requests that are proved to be over; `trust/ending`
 * decides. Facts come from the service and count once they are verified: what it withholds destroys
 * nothing.
 */

import { equal, parseTime } from "../crypto/encoding.js";
import { forget, keptRequests, signedAs, wasReleasing } from "../device/keeping.js";
import { clocks, compared } from "../link/clocks.js";
import { moment } from "../link/render.js";
import { get, isUnreachable } from "../link/api.js";
import { environment, now } from "../link/environment.js";
import { ApiRefusal, ClientRefusal } from "../link/errors.js";
import { provenEntry } from "../log/entryProof.js";
import { deniedForGood, fate } from "../trust/ending.js";
import { verifyWord } from "../trust/furtherWords.js";
import { fetchRequest } from "./requests.js";

/**
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../trust/ending.js").KeptRequest} KeptRequest
 * @typedef {import("./requests.js").Shown} Shown
 */

const AGREE = 10 * 60_000; // ms between two clocks that say the same
const ENTRIES = ["request:opened", "request:imported"];
/** @type {Record<string, string>} my own words, and the actions under which the log has them */
const ENDINGS = {
  cancellation: "request:cancelled",
  closure: "request:closure",
  release: "request:released",
};

/**
 * Destroy what is proved to be over. An act is never stopped by this: what cannot be verified now
 * is kept. What is older than thirty days by this device's clock alone goes only if somebody says so.
 *
 * @param {string} person
 * @param {{acting?: string}} [given] `acting` is the request that is being released: its key stays
 * @returns {Promise<string[]>} the requests whose keys are gone
 */
export async function sweep(person, { acting = "" } = {}) {
  const destroyed = [];
  const old = [];
  for (const mine of await keptRequests(person)) {
    const request = /** @type {string} */ (mine.payload.request);
    const decided = fate(await facts(person, mine, request === acting));
    if (decided === "ask") old.push(request);
    if (decided !== "destroy") continue;
    await forget(person, request);
    destroyed.push(request);
  }
  if (!old.length || !mayGo(old.length)) return destroyed;
  for (const request of old) await forget(person, request);
  return [...destroyed, ...old];
}

/**
 * Whether what is old by this device's clock may go: someone is asked; where no one is there, the
 * service's clock has to say the same, since a clock alone destroys nothing.
 *
 * @param {number} count
 */
function mayGo(count) {
  const known = clocks();
  const { own, service } = known;
  if (!environment.confirm) {
    return service !== null && Math.abs(own.getTime() - service.getTime()) <= AGREE;
  }
  const { sentence } = compared(known);
  return environment.confirm(
    `This device's clock says ${moment(own)}: the keys of ${count} of your requests are older ` +
      `than thirty days${sentence ? `; ${sentence}` : ""}. Destroy them?`,
  );
}

/**
 * All that is proved of a request of mine; what is not proved is left out.
 *
 * @param {string} person
 * @param {Statement} mine
 * @param {boolean} acting
 * @returns {Promise<KeptRequest>}
 */
export async function facts(person, mine, acting) {
  const { request, at, lifetime, window } = /** @type {any} */ (mine.payload);
  /** @type {KeptRequest} */
  const kept = {
    signedAt: parseTime(at),
    lifetime,
    window,
    ownClock: now(),
    enteredAt: null,
    newestAt: null,
    releaseSigned: await wasReleasing(person, request),
    releasedAt: null,
    ended: false,
    denied: false,
    acting,
  };
  if (!acting) await unlessRefused(addProved(mine, kept));
  return kept;
}

/**
 * @param {Statement} mine
 * @param {KeptRequest} kept
 */
async function addProved(mine, kept) {
  const { request, requester } = /** @type {any} */ (mine.payload);
  const shown = await fetchRequest(request);
  const { about, chain, envelope, decisions } = shown;
  if ((await signedAs(requester, request, about.statement.raw)) === null) return;
  kept.denied = deniedForGood(about.roster, chain.named(envelope.roster), decisions);
  await addEndings(shown, kept);
  if (fate(kept) !== "destroy") await addTimes(shown, kept);
}

/**
 * My own words that end the request or release it, each proved to be in the log.
 *
 * @param {Shown} shown
 * @param {KeptRequest} kept
 */
async function addEndings({ about, detail }, kept) {
  for (const { statement: posted, leaf } of detail.others) {
    const kind = /^application\/vnd\.breakglass\.([a-z]+)\./.exec(posted.payloadType)?.[1] ?? "";
    if (!(kind in ENDINGS)) continue;
    const statement = await verifyWord(posted, kind, about);
    const proved = await unlessRefused(provenEntry(leaf));
    if (proved === null || !says(proved.leaf, [ENDINGS[kind]], about, statement)) continue;
    if (kind === "release") {
      kept.releaseSigned = true;
      kept.releasedAt = proved.leaf.at;
    }
    if (kind !== "release" || about.request.drill) kept.ended = true;
  }
}

/**
 * The proved time of the entry, and that of the newest leaf that I may see.
 *
 * @param {Shown} shown
 * @param {KeptRequest} kept
 */
async function addTimes(shown, kept) {
  kept.enteredAt = (await entryOf(shown))?.at ?? null;
  const newest = (await unlessRefused(get("/events?limit=1")))?.events?.[0];
  const leaf = newest ? await unlessRefused(provenEntry(newest.seq)) : null;
  if (leaf) kept.newestAt = leaf.leaf.at;
}

/**
 * The proved leaf with which a request was entered; null where nothing proves it.
 *
 * @param {Pick<Shown, "about" | "detail">} shown
 */
export async function entryOf({ about, detail }) {
  const entry = await unlessRefused(provenEntry(detail.request.leaf));
  return entry && says(entry.leaf, ENTRIES, about, about.statement) ? entry.leaf : null;
}

/**
 * Whether a leaf is one of these acts, with this statement, on this request.
 *
 * @param {any} leaf
 * @param {string[]} actions
 * @param {Shown["about"]} about
 * @param {Statement} statement
 */
function says(leaf, actions, { request }, statement) {
  return (
    actions.includes(leaf.action) &&
    leaf.subject === request.account &&
    leaf.request === request.id &&
    equal(leaf.statement, statement.raw)
  );
}

/**
 * What was asked, or null where that is refused or does not come.
 *
 * @template T
 * @param {Promise<T>} asked
 * @returns {Promise<T | null>}
 */
export async function unlessRefused(asked) {
  try {
    return await asked;
  } catch (refused) {
    const known = refused instanceof ClientRefusal || refused instanceof ApiRefusal;
    if (!known && !isUnreachable(refused)) throw refused;
    return null;
  }
}
