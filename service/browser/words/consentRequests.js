/**
 * What is shown before a request is signed, decided or taken back. Twin of
 * `client/foundation/words/consent/requests.py`.
 */

import { TASKS } from "../domain/tasks.js";
import { duration, oneLine } from "../link/render.js";
import { costOfEnding } from "./exposure.js";
import {
  READ_BY,
  aboutRows,
  accountRows,
  byRoster,
  envelopeRow,
  group,
  groupRows,
  headline,
  kindRow,
  moment,
  named,
  place,
  said,
  taskRows,
} from "./consentParts.js";
import { accountWarnings, clockWarnings, endsAt, knowsWarnings } from "./consentWarnings.js";

/**
 * @typedef {import("./consents.js").Context} Context
 * @typedef {import("./consents.js").Lines} Lines
 * @typedef {import("./consents.js").Payload} Payload
 * @typedef {import("./consentParts.js").Row} Row
 */

/**
 * What I ask for, of whom, and that it stays.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function request(payload, context) {
  const { drill, offline } = payload;
  const instead = TASKS[payload.task]?.instead;
  const without = offline ? ", WITHOUT THE SERVICE," : "";
  const how = offline ? "Custodians get it as a file." : "It is announced at once.";
  return {
    title: `You ask${without} ${drill ? "for a DRILL of" : "to be root of"} ${place(context)}`,
    rows: [
      ...accountRows(context),
      kindRow(payload),
      ...taskRows(payload),
      ["Ends", `${duration(payload.lifetime)} after you sign, if not released by then`],
      ...groupRows(context),
      envelopeRow(context),
      ["Roster", byRoster(context)],
      ["Key", "what is released can be opened on this device alone: its key stays here"],
      READ_BY,
    ],
    warnings: [
      ...accountWarnings(context),
      ...knowsWarnings(context),
      ...(instead ? [`This needs no root: use ${instead}.`] : []),
    ],
    effect: `${how} Both groups have to approve; you cannot approve it yourself.`,
    button: drill ? "Ask for the drill" : "Ask",
  };
}

/**
 * What I approve or deny.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function decision(payload, context) {
  return payload.decision === "approve" ? approve(payload, context) : deny(payload, context);
}

/** @param {Payload} payload @param {Context} context @returns {Lines} */
function approve(payload, context) {
  const { request: asked, envelope } = context;
  const who = named(context, asked.requester);
  const also = `that your share of version ${envelope.version} opens (your custody receipt)`;
  return {
    title: headline(context),
    rows: [
      ["Who", `${who}, by roster ${byRoster(context)}`],
      ...accountRows(context),
      kindRow(asked),
      ...taskRows(asked),
      ["Asked at", `${moment(asked.at)}, by the clock of ${who}`],
      ["In the log", context.entered ? `${moment(context.entered)}, proved` : "not proved"],
      ["Ends", moment(endsAt(context))],
      envelopeRow(context),
      ["You decide", `for the ${group(payload.group)}`],
      ["Also signed", context.receipt ? also : "nothing else"],
      ...earlier(context),
      .../** @type {Row[]} */ (payload.reason ? [["Your words", said(payload.reason)]] : []),
    ],
    warnings: [
      ...clockWarnings(context),
      ...accountWarnings(context),
      ...knowsWarnings(context),
      ...gone(context),
    ],
    effect: asked.drill
      ? "Your share is opened and checked on this device, and does not leave it. Nothing is shown " +
        "to anyone."
      : `Your share is opened on this device and sealed to this request of ${who} only. No one can ` +
        "open the password before both groups have approved.",
    button: asked.drill ? "Take part in the drill" : "Approve",
  };
}

/** @param {Context} context @returns {Row[]} */
function earlier({ earlier, source, request: asked }) {
  if (asked.drill) return [["Your share", "stays on this device"]];
  if (!earlier.length) {
    const asked = source === "the service" ? ` or ${source}` : "";
    return [["Your share", `went to no other request that this device${asked} knows of`]];
  }
  return earlier.map(({ request, reason, listed }) => [
    "Your share",
    `went to ${oneLine(request)}, ${said(reason)}${listed ? `, as ${source} lists it` : ""}`,
  ]);
}

/** @param {Context} context */
function gone({ earlier, request }) {
  if (!earlier.length || request.drill) return [];
  return [
    "You have already released your share of this password: anyone who has the keys of all those " +
      "requests can add up what was released.",
  ];
}

/** @param {Payload} payload @param {Context} context @returns {Lines} */
function deny(payload, context) {
  const { request: asked, denials, withdraws } = context;
  const ends =
    denials === "first"
      ? "Your denial ends the request at once."
      : "The request ends once your group can no longer reach its threshold.";
  const taken = " It takes back your approval, but not the share that you handed over.";
  return {
    title: `You deny ${asked.drill ? "a DRILL" : "a request for root"} of ${place(context)}`,
    rows: [
      ["Request", headline(context)],
      ...aboutRows(context),
      ["You decide", `for the ${group(payload.group)}`],
      ["Your words", said(payload.reason)],
      READ_BY,
    ],
    warnings: ending(context),
    effect: ends + (withdraws ? taken : ""),
    button: "Deny",
  };
}

/**
 * What I take back.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function cancellation(payload, context) {
  const what = context.request.drill ? "DRILL" : "request for root";
  return {
    title: `You take back your ${what} of ${place(context)}`,
    rows: [
      ["Request", headline(context)],
      ...aboutRows(context),
      ["Your words", said(payload.reason)],
      READ_BY,
    ],
    warnings: ending(context),
    effect: "The request ends. Its key is destroyed here once the log shows that.",
    button: "Take back",
  };
}

/** Saying no is never kept from anyone; what it costs is said. @param {Context} context */
function ending(context) {
  const cost = context.ending ? [costOfEnding(context.ending === "alone")] : [];
  return [...accountWarnings(context), ...cost];
}
