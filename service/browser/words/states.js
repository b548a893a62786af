/**
 * States of requests and accounts in words, and the one sentence that heads a request. Pure. A state
 * is the service's word until signed statements show it: the view marks it as told.
 */

import { oneLine } from "../link/render.js";
import { day } from "./times.js";
import { drillTone, tone } from "./tones.js";

/** @typedef {{words: string, tone: import("./tones.js").Tone}} Tag a state in words; the tone adds nothing */

const REQUESTS = new Map([
  ["pending", "waiting for approval"],
  ["approved", "approved, not released"],
  ["released", "released: the window is open"],
  ["rotation_due", "released: the password must be changed"],
  ["review_due", "waiting for review"],
  ["closed", "closed"],
  ["denied", "denied"],
  ["cancelled", "taken back"],
  ["expired", "expired"],
]);
const DRILLS = new Map([["released", "drill: the shares were handed over"]]);
const ACCOUNTS = new Map([
  ["no-roster", "no roster yet"],
  ["no-envelope", "nothing is sealed"],
  ["unconfirmed", "sealed, too few shares confirmed"],
  ["ready", "sealed and ready"],
  ["exposed", "exposed: change the password"],
  ["superseded", "replaced by a newer password"],
]);

/** All states of a request, in the order of its life: to choose from. */
export const REQUEST_STATES = Object.freeze([...REQUESTS.keys()]);
/** All states of an account, or of an envelope in it. */
export const ACCOUNT_STATES = Object.freeze([...ACCOUNTS.keys()]);
/** The states in which something is still to be done. */
export const UNFINISHED = Object.freeze(REQUEST_STATES.slice(0, REQUEST_STATES.indexOf("closed")));

/** How requests end, to look for in the history. @type {Readonly<Record<string, string>>} */
export const OUTCOMES = Object.freeze({
  released: "released",
  denied: "denied",
  expired: "expired",
  cancelled: "taken back",
  closed: "done, changed, reviewed",
  drill: "a drill",
});

/**
 * The state of a request; a state that this release does not know is shown as it came.
 *
 * @param {string} state
 * @param {{drill?: boolean}} [given]
 * @returns {Tag}
 */
export function requestState(state, { drill = false } = {}) {
  const words = (drill ? DRILLS.get(state) : undefined) ?? REQUESTS.get(state) ?? unknown(state);
  return { words, tone: drill ? drillTone("request", state) : tone("request", state) };
}

/**
 * The state of an account; of a retired line, that alone.
 *
 * @param {string} state
 * @param {string} [retiredSince] the service's text for a time, empty if the line is not retired
 * @returns {Tag}
 */
export function accountState(state, retiredSince = "") {
  // A password that is out stays out, whoever retired the line that it was sealed in.
  if (retiredSince && state !== "exposed") return { words: `retired since ${day(retiredSince)}`, tone: "plain" };
  const words = ACCOUNTS.get(state) ?? unknown(state);
  return { words: retiredSince ? `${words}; retired since ${day(retiredSince)}` : words, tone: tone("account", state) };
}

/** @param {string} state */
function unknown(state) {
  return `in a state that this page does not know: ${oneLine(state)}`;
}

/** @type {ReadonlyMap<string, (who: string, where: string) => string>} */
const HEADINGS = new Map([
  ["pending", (who, where) => `${who} asks to be root of ${where}`],
  ["approved", (who, where) => `${who} may be root of ${where}`],
  ["released", (who, where) => `${who} is root of ${where}`],
  ["rotation_due", (_, where) => `The root password of ${where} must be changed`],
  ["review_due", (who, where) => `Both groups review what ${who} did in ${where}`],
  ["closed", (who, where) => `${who} was root of ${where}`],
  ["denied", (who, where) => `${who} asked to be root of ${where}, and was denied`],
  ["cancelled", (who, where) => `${who} asked to be root of ${where}, and took it back`],
  ["expired", (who, where) => `${who} asked to be root of ${where}; time ran out`],
]);

/**
 * The one thing to know about a request, in one sentence without its full stop. `drill`, `who` and
 * `where` are signed where they come from a verified request and its roster; `state` is told.
 *
 * @param {{state: string, drill: boolean, who: string, where: string}} given names, not ids
 */
export function requestHeading({ state, drill, who, where }) {
  const [name, account] = [oneLine(who), oneLine(where)];
  if (drill) {
    const collecting = state === "pending" || state === "approved";
    return collecting ? `${name} asks for a drill of ${account}` : `A drill of ${account}, asked for by ${name}`;
  }
  const said = HEADINGS.get(state);
  return said ? said(name, account) : `${name} asked to be root of ${account}`;
}
