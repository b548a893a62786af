/** Saying before the press that taking a request back, or denying it, exposes the password. */

import { approvers, exposes } from "../domain/exposed.js";
import { get } from "../link/api.js";
import { COST_UNKNOWN, costOfEnding } from "../words/exposure.js";

const PAGE = 200;

/**
 * What it costs that the request ends without a release; empty if nothing. Its own approvals are
 * verified; earlier requests are as the service lists them, and asked for where they matter.
 *
 * @param {import("./requests.js").Shown} shown
 * @returns {Promise<string>}
 */
export async function costOf({ about, chain, decisions, envelope }) {
  const own = approvers(decisions);
  if (about.request.drill || own.size === 0) return "";
  const roster = chain.named(envelope.roster);
  const alone = exposes(roster, own);
  if (!alone && !exposes(roster, await withEarlier(own, about.request.account, envelope.digest))) {
    return "";
  }
  return costOfEnding(alone);
}

/**
 * Say it where it is read before the press.
 *
 * @param {import("./requests.js").Shown} shown
 * @param {{textContent: string | null}} place
 */
export async function tellCost(shown, place) {
  place.textContent = await costOf(shown).catch(() => COST_UNKNOWN);
}

const ENDED = new Set(["denied", "cancelled", "expired"]);

/**
 * @param {Set<string>} own
 * @param {string} account
 * @param {string} manifest
 * @returns {Promise<Set<string>>}
 */
async function withEarlier(own, account, manifest) {
  const { requests } = await get(`/requests?account=${account}&limit=${PAGE}`);
  const ended = requests.filter(
    (/** @type {any} */ one) => one.manifest_digest === manifest && ENDED.has(one.state),
  );
  return new Set([...own, ...ended.flatMap((/** @type {any} */ one) => one.handed)]);
}
