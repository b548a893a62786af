/** What consents warn of, and when a request ends. Twin of `client/foundation/words/consent/warnings.py`. */

import { lineNumber } from "../domain/account.js";
import { duration, oneLine } from "../link/render.js";
import { capital, named, numbered } from "./consentParts.js";

/** @typedef {import("./consents.js").Context} Context */

const SLACK = 600; // seconds that two clocks may differ
const FIRST = 1;

/** @param {Context} context in seconds since 1970 */
function begins({ entered, request }) {
  return Date.parse(entered || request.at) / 1000;
}

/** When a request expires, counted from its proved entry or from what was signed. @param {Context} context */
export function endsAt(context) {
  return new Date((begins(context) + context.request.lifetime) * 1000).toISOString();
}

/**
 * Whether this device's own clock lies outside the request's lifetime.
 *
 * @param {Context} context
 * @returns {string[]}
 */
export function clockWarnings(context) {
  const now = Date.parse(context.now) / 1000;
  const from = begins(context);
  const ends = from + context.request.lifetime;
  const ask = `hear ${named(context, context.request.requester)} by voice before you go on`;
  const clock = "By this device's clock this request";
  if (now >= ends) return [`${clock} ended ${duration(now - ends)} ago: ${ask}.`];
  if (now < from - SLACK) return [`${clock} was made ${duration(from - now)} from now: ${ask}.`];
  return [];
}

/**
 * People for whom only the service vouches, and other lines of the account.
 *
 * @param {Context} context
 * @returns {string[]}
 */
export function accountWarnings({ anchor, beside, source, warnings }) {
  const found = [];
  if (anchor === 0) {
    found.push(
      "No version of this account's roster is known here as one that you signed: that these " +
        `people count is ${source}'s word.`,
    );
  }
  for (const { account, verified, able } of beside) {
    const seen = verified ? "as this device verified" : `${source} says`;
    const today = able ? ` ${capital(source)} says that it can act today.` : "";
    found.push(`This is not the only line: there is ${lineOf(account)}, ${seen}.${today}`);
  }
  return [...found, ...warnings.map(oneLine)];
}

/** @param {string} account */
function lineOf(account) {
  return lineNumber(account) === FIRST ? `${numbered(account)}, LINE ${FIRST}` : numbered(account);
}

/**
 * A password that its requester knows.
 *
 * @param {Context} context
 * @returns {string[]}
 */
export function knowsWarnings(context) {
  const { foreign, sealer } = context.envelope;
  if (!foreign) return [];
  return [`This password is sealed by its requester: ${named(context, sealer)} knows this password.`];
}
