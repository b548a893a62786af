/**
 * What is shown before a password is sealed, and before a share is confirmed or printed. Twin of
 * `client/foundation/words/consent/envelopes.py`.
 */

import { GROUPS } from "../domain/people.js";
import { oneLine } from "../link/render.js";
import { YOU_SEAL } from "./envelopes.js";
import {
  GROUP_WORDS,
  READ_BY,
  accountRows,
  byRoster,
  envelopeRow,
  group,
  groupRows,
  listed,
  named,
  place,
  said,
} from "./consentParts.js";
import { accountWarnings, knowsWarnings } from "./consentWarnings.js";

/**
 * @typedef {import("./consents.js").Context} Context
 * @typedef {import("./consents.js").Lines} Lines
 * @typedef {import("./consents.js").Payload} Payload
 * @typedef {import("./consentParts.js").Row} Row
 */

/** @type {Readonly<Record<string, string>>} */
const CAUSES = {
  initial: "it is the first of this account",
  rotation: "the password is new",
  roster: "the roster changed",
};

/**
 * What I seal, for whom, and what it replaces.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function manifest(payload, context) {
  const { version, after_requests: after, content_kind: kind } = payload;
  const count = `${after.length} request${after.length === 1 ? "" : "s"}`;
  const old =
    `${listed(context, context.oldkeys)} will not be able to open it: the roster names old keys. ` +
    "Have a roster with the new ones signed first.";
  return {
    title: `You seal version ${version} of the root password of ${place(context)}`,
    rows: [
      ...accountRows(context),
      ["Root's address", said(context.address)],
      ["Root signs in as", said(context.email)],
      ["Sealed", kind === "password" ? "a password" : `another kind: ${said(kind)}`],
      ["Because", CAUSES[payload.cause]],
      ["Replaces", version === 1 ? "nothing" : `version ${version - 1}, once this one is confirmed`],
      ["Released for", after.length ? `${count} before this one` : "no request before this one"],
      ["Roster", byRoster(context)],
      ...groupRows(context),
      ["Sealed by", named(context, payload.sealer)],
    ],
    warnings: [
      ...accountWarnings(context),
      ...(context.oldkeys.length ? [old] : []),
      ...(context.envelope.foreign ? [YOU_SEAL] : []),
    ],
    effect:
      "It is in force once enough custodians of both groups have confirmed their shares. Set the " +
      "same password at AWS.",
    button: "Seal",
  };
}

/**
 * Which share of mine I sign for.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function receipt(payload, context) {
  return {
    title: `Your share of version ${context.envelope.version} of ${place(context)} opens`,
    rows: shareRows(payload, context),
    warnings: [...accountWarnings(context), ...knowsWarnings(context)],
    effect:
      "Your share is opened and compared on this device, and you sign that it opens. It does not " +
      "leave this device.",
    button: "Confirm",
  };
}

/**
 * Which share is printed, and what the paper can do.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function paper(payload, context) {
  const alone = context.groups[payload.group].needed === 1;
  const whole =
    "Your group needs only one share: this paper can act for the whole " + `${group(payload.group)}.`;
  return {
    title: `Your share of version ${context.envelope.version} of ${place(context)} is printed`,
    rows: [...shareRows(payload, context), ["Kept at", said(payload.place)], READ_BY],
    warnings: [...(alone ? [whole] : []), ...accountWarnings(context), ...knowsWarnings(context)],
    effect:
      "Anyone with this paper has your share. It does not let them sign as you. That you print it " +
      "is announced.",
    button: "Print",
  };
}

/** @param {Payload} payload @param {Context} context @returns {Row[]} */
function shareRows(payload, context) {
  const { needed, people } = context.groups[payload.group];
  return [
    ...accountRows(context),
    ["Whose share", named(context, payload.custodian)],
    ["Group", `${group(payload.group)}; it takes ${needed} of ${people.length} shares`],
    envelopeRow(context),
    ["Roster", byRoster(context)],
  ];
}

/**
 * What a report of papers claims: which of them open it is known only afterwards.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function papers(payload, context) {
  /** @type {Row[]} */
  const rows = GROUPS.map((name) => {
    const people = payload.papers.filter((/** @type {Payload} */ one) => one.group === name);
    const who = people.map((/** @type {Payload} */ one) => one.custodian);
    return [`Papers, ${GROUP_WORDS[name]}`, listed(context, who)];
  });
  return {
    title: `You report that ${place(context)} was opened with papers`,
    rows: [
      ...accountRows(context),
      envelopeRow(context),
      ...rows,
      ["Your name", said(payload.name)],
      ["Place", said(payload.place)],
      ["Why", said(payload.reason)],
      READ_BY,
    ],
    warnings: context.warnings.map(oneLine),
    effect:
      "The report names those papers that open the password. It goes into a file; after this the " +
      "password must be changed at AWS.",
    button: "Open and report",
  };
}
