/** Saying before the press that what ends a request exposes the password. */

import { approvers, exposes } from "../domain/exposed.js";
import { get } from "../link/api.js";
import { COST_UNKNOWN, costOfEnding, costOfRoster } from "../words/exposure.js";

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
const COLLECTING = new Set(["pending", "approved"]);

/**
 * What it costs the open requests that a draft comes into force; empty if nothing. All of it is by
 * the service's list, and reckoned by the thresholds in force. Nothing is said to anyone whom the
 * roster in force does not name: they may not see its requests.
 *
 * @param {string} person
 * @param {import("../domain/roster.js").Roster} draft
 * @param {import("../domain/roster.js").Roster | null} previous
 * @returns {Promise<string>}
 */
export async function costOfDraft(person, draft, previous) {
  if (!previous?.members.has(person) || draft.retired) return "";
  /** @type {{requests: any[]}} */
  const { requests } = await get(`/requests?account=${draft.account}&limit=${PAGE}`);
  const ending = requests.filter((one) => COLLECTING.has(one.state));
  if (ending.length === 0) return "";
  const unreleased = requests.filter((one) => COLLECTING.has(one.state) || ENDED.has(one.state));
  const exposed = ending.some(({ drill, manifest_digest: manifest }) => {
    const given = unreleased.filter((one) => one.manifest_digest === manifest);
    return !drill && exposes(previous, new Set(given.flatMap(({ handed }) => handed)));
  });
  return costOfRoster(ending.length, exposed);
}

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
