/** What several consents say alike. Twin of `client/foundation/words/consent/parts.py`. */

import { awsAccount, lineNumber } from "../domain/account.js";
import { GROUPS } from "../domain/people.js";
import { TASKS } from "../domain/tasks.js";
import { duration, listing, oneLine } from "../link/render.js";

/**
 * @typedef {import("./consents.js").Context} Context
 * @typedef {import("./consents.js").Payload} Payload
 * @typedef {[string, string]} Row
 */

const FIRST = 1;

/** @type {Row} */
export const READ_BY = [
  "Read by",
  "the account's people, operators and auditors: it stays in the log for good",
];
/** @type {Readonly<Record<string, string>>} */
export const GROUP_WORDS = { password: "password", mfa: "MFA" };
const STATES = new Map([
  ["ready", "in force"],
  ["exposed", "in force, and its password counts as exposed"],
  ["unconfirmed", "not confirmed by enough custodians yet"],
  ["superseded", "superseded by a newer one"],
]);

/**
 * An account's number as AWS writes it, and which line of it: another is no detail.
 *
 * @param {string} account
 */
export function numbered(account) {
  const digits = awsAccount(account);
  const written = [digits.slice(0, 4), digits.slice(4, 8), digits.slice(8)].join("-");
  const line = lineNumber(account);
  return line === FIRST ? written : `${written}, LINE ${line}`;
}

/** The account's number, then the name that its people gave it. @param {Context} context */
export function place({ account, called }) {
  return `${numbered(account)} (${oneLine(called)})`;
}

/**
 * Number and name apart, so that a name cannot pass for a number.
 *
 * @param {Context} context
 * @returns {Row[]}
 */
export function accountRows({ account, called }) {
  return [
    ["Account", numbered(account)],
    ["Its name", said(called)],
  ];
}

/** What a person typed, in quotation marks; `none` where they typed nothing. @param {string} text */
export function said(text) {
  return text ? `\u201c${oneLine(text)}\u201d` : "none";
}

/** A person's name in the verified rosters, else their id. @param {Context} context @param {string} person */
export function named({ names }, person) {
  return oneLine(Object.hasOwn(names, person) ? names[person] : person);
}

/** @param {Context} context @param {readonly string[]} people */
export function listed(context, people) {
  return listing(people.map((person) => named(context, person)));
}

/** A wire time to the second. @param {string} text */
export function moment(text) {
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

/** @param {string} group */
export function group(group) {
  return `${GROUP_WORDS[group]} group`;
}

/** By which roster someone counts, and which one I signed. @param {Context} context */
export function byRoster({ roster, anchor, day }) {
  const version = `version ${roster}`;
  if (anchor === 0) return `${version}; none is known here as signed by you`;
  if (anchor === roster) return `${version}, dated ${day}, which you signed`;
  return `${version}; you signed version ${anchor}, dated ${day}`;
}

/**
 * For each group how many it takes, and who they are.
 *
 * @param {Context} context
 * @returns {Row[]}
 */
export function groupRows(context) {
  return GROUPS.map((name) => {
    const { needed, people } = context.groups[name];
    return [capital(group(name)), `${needed} of ${listed(context, people)}`];
  });
}

/**
 * Which sealed password it is; that it is in force is only said.
 *
 * @param {Context} context
 * @returns {Row}
 */
export function envelopeRow(context) {
  const { version, sealer, roster, state } = context.envelope;
  const what = `version ${version}, sealed by ${named(context, sealer)} for roster version ${roster}`;
  return ["Envelope", `${what}; ${context.source} says that it is ${STATES.get(state) ?? oneLine(state)}`];
}

/** Who asks for what: the title of a request wherever it is shown. @param {Context} context */
export function headline(context) {
  const { requester, offline, drill } = context.request;
  const without = offline ? ", WITHOUT THE SERVICE," : "";
  const what = drill ? "for a DRILL of" : "to be root of";
  return `${named(context, requester)} asks${without} ${what} ${place(context)}`;
}

/**
 * What is to be done and why; what was left out is said to be.
 *
 * @param {Payload} request
 * @returns {Row[]}
 */
export function taskRows(request) {
  const task = TASKS[request.task];
  return [
    ["Task", task ? task.title : said(request.task)],
    ["In words", said(request.task_text)],
    ["Why", said(request.reason)],
    ["Ticket", said(request.ticket)],
  ];
}

/**
 * What a request that was verified is about.
 *
 * @param {Context} context
 * @returns {Row[]}
 */
export function aboutRows(context) {
  return [...accountRows(context), kindRow(context.request), ...taskRows(context.request)];
}

/**
 * A drill as a drill, and what is handed over as that.
 *
 * @param {Payload} request
 * @returns {Row}
 */
export function kindRow({ drill, window }) {
  if (drill) return ["What", "a DRILL: every step is done, and no one is shown the password"];
  return ["What", `the root password, for ${duration(window)} once released`];
}

/** @param {string} text */
export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
