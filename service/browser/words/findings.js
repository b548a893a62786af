/**
 * What is wrong with an account, or would be as soon as one person is away: sentence, hint and the page on
 * which something is done about it. Pure; the sentences are those of `service/web/finding_words.py`.
 */

import { oneLine } from "../link/render.js";
import { causeInWords } from "./causes.js";
import { GROUP_WORDS } from "./groups.js";
import { sentence } from "./people.js";
import { day } from "./times.js";
import { tone } from "./tones.js";

/**
 * @typedef {object} Values what a finding is made from; `link` is the day of the operator's link that
 *   caused it (`2026-11-23`), `named`: the newest roster names the new keys already
 * @property {import("./groups.js").GroupName} [group]
 * @property {string} [name] whom it concerns
 * @property {string} [link]
 * @property {boolean} [named]
 * @property {number} [able]
 * @property {number} [people]
 * @property {number} [needed]
 * @property {string} [cause]
 * @typedef {{text: string, hint: string, path: string, tone: import("./tones.js").Tone, urgent: boolean}}
 *   Said `hint` says who does what; `path` may be empty
 */

const OFFLINE = "they can act offline with the old phrase and a bundle from before";

/** @type {readonly [string, (given: Values & {of: string, who: string}) => string][]} */
const ROWS = [
  ["no-roster", () => "no custodians have signed a roster yet"],
  ["keys-replaced", (given) => `${given.who} has new keys${linked(given)}${keys(given)}`],
  ["group-cannot-act", (given) => `the ${given.of} group cannot act: ${able(given)}`],
  ["no-spare-custodian", ({ of }) => `the ${of} group needs every member: no one can be away`],
  ["no-envelope", () => "nothing is sealed"],
  ["unconfirmed", () => "too few custodians have confirmed their shares"],
  ["exposed", ({ cause }) => `${causeInWords(cause)}; change the password and seal the new one`],
  [
    "exposed-retired",
    ({ cause }) =>
      `${causeInWords(cause)}; this line is retired: change the password at AWS, and seal the new one in ` +
      "another line of the account",
  ],
  ["no-spare", (given) => `no spare in the ${given.of} group: ${able(given, " act")}`],
  [
    "older-roster",
    () =>
      "custodians, or the address that root signs in with, have changed since the password was " +
      "sealed; change it and seal the new one",
  ],
  ["not-proven", ({ who }) => `${who} has not shown in the last 90 days that their share opens: ask for a drill`],
  ["drill-due", () => "no drill in the last 90 days: ask for one"],
  ["nobody-told", () => "no one outside is notified: no SNS topic is set"],
  ["circular-channel", () => "the SNS topic is in the protected account itself; use a topic in another account"],
  ["sealed-by-requester", ({ who }) => `sealed by its requester: ${who} knows this password`],
  ["successor-overdue", ({ who }) => `${who} has known the password for more than 30 days: a sealer must seal a new one`],
];
const SENTENCES = new Map(ROWS);

/** @param {Values} given @param {string} [act] */
function able({ able: can = 0, people = 0, needed = 0 }, act = "") {
  return `${can} of ${people} can${act}, and it takes ${needed}`;
}

/** @param {Values} given */
function linked({ link }) {
  return link ? `, by an operator's link of ${day(`${link}T00:00:00Z`)}` : "";
}

/** What someone with new keys cannot do, still can, and what is to be done. @param {Values} given */
function keys({ named, group }) {
  if (named) return `, and the password is sealed to the old ones: ${OFFLINE}; seal it again`;
  if (!group) return `, and the roster names the old ones: ${OFFLINE}; draft a roster with the new ones`;
  return (
    `, and does not count in the ${GROUP_WORDS[group]} group: ${OFFLINE}; draft a roster with the new ` +
    "ones, then seal again"
  );
}

/** Wrong now, and not only as soon as one person is away. */
export const URGENT = Object.freeze([
  "keys-replaced",
  "group-cannot-act",
  "exposed",
  "exposed-retired",
  "nobody-told",
  "circular-channel",
  "successor-overdue",
]);

/** Who does what, and on which page of the account. @type {ReadonlyMap<string, readonly [string, string]>} */
const HINTS = new Map([
  ["no-roster", ["An operator drafts one, and its custodians sign it.", "draft"]],
  ["keys-replaced", ["Hear their new words by voice, then an operator drafts a roster with them.", "draft"]],
  ["group-cannot-act", ["An operator drafts a roster with people who can.", "draft"]],
  ["no-spare-custodian", ["An operator drafts a roster with one person more, or a lower threshold.", "draft"]],
  ["no-envelope", ["A sealer seals the password.", "seal"]],
  ["unconfirmed", ["Each custodian confirms that their share opens.", "confirm"]],
  ["exposed", ["A sealer changes the password at AWS, then seals the new one.", "seal"]],
  ["exposed-retired", ["A sealer changes the password at AWS.", ""]],
  ["no-spare", ["Those who cannot act confirm their shares, or an operator drafts a roster.", "confirm"]],
  ["older-roster", ["A sealer changes the password at AWS, then seals the new one.", "seal"]],
  ["not-proven", ["A requester asks for a drill.", "drill"]],
  ["drill-due", ["A requester asks for a drill.", "drill"]],
  ["nobody-told", ["An operator sets an SNS topic.", "/operate"]],
  ["circular-channel", ["An operator sets a topic in another account.", "/operate"]],
  ["sealed-by-requester", ["A sealer changes the password at AWS, then seals a new one.", "seal"]],
  ["successor-overdue", ["A sealer changes the password at AWS, then seals a new one.", "seal"]],
]);

/** Every code that has words. */
export const FINDINGS = Object.freeze([...SENTENCES.keys()]);

/**
 * One finding as a sentence without its end; null for a code that is not known here.
 *
 * @param {string} code
 * @param {Values} values
 * @returns {string | null}
 */
export function findingInWords(code, values) {
  const say = SENTENCES.get(code);
  const of = values.group ? GROUP_WORDS[values.group] : "";
  return say ? say({ ...values, of, who: oneLine(values.name ?? "") }) : null;
}

/**
 * A finding as the API sends it: by its code and values where it has them, else in the service's own
 * sentence. All of it is the service's word, so the view tells it.
 *
 * @param {{account: string, code: string, message: string, urgent?: boolean, values?: Values}} toldFinding
 * @returns {Said}
 */
export function finding({ account, code, message, urgent, values }) {
  const text = sentence((values && findingInWords(code, values)) || message);
  const [hint, page] = HINTS.get(code) ?? ["", ""];
  const path = page && !page.startsWith("/") ? `/accounts/${encodeURIComponent(account)}/${page}` : page;
  // Once a roster names the new keys, its signers have heard them.
  const heard = code === "keys-replaced" && values?.named === true;
  return { text, hint, path, tone: heard ? "wait" : tone("finding", code), urgent: urgent ?? URGENT.includes(code) };
}

/**
 * Red ones first, then what is wrong now; else in the order in which they came.
 *
 * @param {readonly Said[]} found
 */
export function worstFirst(found) {
  const weight = (/** @type {Said} */ one) => (one.tone === "bad" ? 0 : one.urgent ? 1 : 2);
  return [...found].sort((a, b) => weight(a) - weight(b));
}
