/**
 * What is shown before a release, and before what follows it is signed. Twin of
 * `client/foundation/words/consent/endings.py`.
 */

import { duration } from "../link/render.js";
import { READ_BY, aboutRows, envelopeRow, group, headline, listed, place, said } from "./consentParts.js";
import { accountWarnings, knowsWarnings } from "./consentWarnings.js";

/**
 * @typedef {import("./consents.js").Context} Context
 * @typedef {import("./consents.js").Lines} Lines
 * @typedef {import("./consents.js").Payload} Payload
 */

/**
 * What is handed to me, and who approved it.
 *
 * @param {Payload} _payload
 * @param {Context} context
 * @returns {Lines}
 */
export function release(_payload, context) {
  const { drill, window, offline } = context.request;
  return {
    title: drill
      ? `The DRILL of ${place(context)} ends now`
      : `The root password of ${place(context)} is handed to you now`,
    rows: [
      ...aboutRows(context),
      ["Window", drill ? "none: nothing is shown" : `${duration(window)} from now`],
      ["Approved by", listed(context, context.approved)],
      envelopeRow(context),
      ["Announced to", `everyone of the account, ${offline ? "once the case is imported" : "at once"}`],
    ],
    warnings: [...accountWarnings(context), ...knowsWarnings(context)],
    effect: drill
      ? "The shares that answered are opened and checked here. The password stays sealed."
      : "After this the password must be changed at AWS and sealed again.",
    button: drill ? "End the drill" : "Release",
  };
}

/**
 * What I end, and in which words.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function closure(payload, context) {
  return {
    title: `You end your release of ${place(context)}`,
    rows: [
      ["Request", headline(context)],
      ...aboutRows(context),
      ["Your words", said(payload.summary)],
      READ_BY,
    ],
    warnings: accountWarnings(context),
    effect:
      "Nothing more can be fetched for it, and its key is destroyed here once the log shows that. " +
      "The password must be changed at AWS and sealed again.",
    button: "Close",
  };
}

/**
 * Which release I review, and whether I say that the password was changed.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function review(payload, context) {
  return {
    title: `You review a release of ${place(context)}`,
    rows: [
      ["Request", headline(context)],
      ...aboutRows(context),
      ["You review", `for the ${group(payload.group)}`],
      ["Changed at AWS", payload.rotated ? "yes, and signing in with the new one works" : "NO"],
      ["Your words", said(payload.note)],
      READ_BY,
    ],
    warnings: accountWarnings(context),
    effect: "Each group must review once. A review cannot be taken back.",
    button: "Review",
  };
}
