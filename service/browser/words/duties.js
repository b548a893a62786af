/**
 * What waits for a person: the sentence, the button and the page on which it is done. Pure; the sentences
 * are those of `service/web/duty_words.py`. What waits is the service's word: a view tells it, and the
 * page that it leads to verifies.
 */

import { oneLine, spaced } from "../link/render.js";
import { causeInWords } from "./causes.js";
import { GROUP_WORDS } from "./groups.js";
import { count, sentence } from "./people.js";
import { when } from "./times.js";
import { tone } from "./tones.js";

/**
 * @typedef {object} Values what a duty is made from: `drill` is there where it is about a request,
 *   `because` how what is to be replaced was exposed, `known` who alone knows the password
 * @property {string} [requester]
 * @property {import("./groups.js").GroupName} [group]
 * @property {number} [version]
 * @property {boolean} [drill]
 * @property {string} [because]
 * @property {boolean} [changed]
 * @property {string} [known]
 * @typedef {{what: string, account: string, request: string, act: string, command: string, due_at: string}}
 *   Waiting the API's
 */

const CHANGE = "change it at AWS and seal the new one";

/** @type {readonly [string, (given: Values) => string][]} */
const ROWS = [
  ["request.decide", ({ requester = "", drill }) => `${oneLine(requester)} asks ${drill ? "for a drill" : "to be root"}`],
  ["request.release", released],
  ["request.fetch", () => "the window is open; reveal, and close when the work is done"],
  ["request.close", () => "say what was done"],
  ["request.review", ({ group }) => `the ${group ? GROUP_WORDS[group] : ""} group must review a release`],
  ["envelope.seal", sealed],
  ["envelope.confirm", ({ version }) => `confirm that your share of envelope version ${version} opens`],
  ["roster.sign", ({ version }) => `roster version ${version} waits for your signature`],
  ["roster.draft", drafted],
  [
    "account.register",
    () => "too few have the keys to sign another roster: register a further line of the account",
  ],
];
const SENTENCES = new Map(ROWS);

/** @param {Values} given */
function released({ drill }) {
  return drill
    ? "your drill is approved"
    : "your request is approved; unreleased, it still exposes the password when it ends";
}

/** @param {Values} given */
function sealed({ drill, because, changed, known }) {
  if (known) return `sealed by its requester: ${oneLine(known)} knows this password; change it at AWS and seal a new one`;
  if (changed) {
    return (
      "custodians left or have new keys, or root signs in with another address, since the password was " +
      `sealed; ${CHANGE}`
    );
  }
  if (because) return `${causeInWords(because)}; ${CHANGE}`;
  return drill === undefined ? "nothing is sealed yet" : `the password was released; ${CHANGE}`;
}

/** @param {Values} given */
function drafted({ changed }) {
  return changed
    ? "people have new keys that the roster does not name; draft one that does"
    : "no roster yet; draft one";
}

/** Button, page, and what happens when it is due, if anything. @type {ReadonlyMap<string, readonly string[]>} */
const ACTS = new Map([
  ["request.decide", ["Look and decide", "/requests/{request}", "It expires"]],
  ["request.release", ["Release", "/requests/{request}/release", "It expires"]],
  ["request.fetch", ["Open the release", "/requests/{request}/release", "The window closes"]],
  ["request.close", ["Say what was done", "/requests/{request}/close"]],
  ["request.review", ["Review", "/requests/{request}/review"]],
  ["envelope.seal", ["Seal a password", "/accounts/{account}/seal", "To be replaced"]],
  ["envelope.confirm", ["Confirm my share", "/accounts/{account}/confirm"]],
  ["roster.sign", ["Read and sign", "/accounts/{account}/roster"]],
  ["roster.draft", ["Draft a roster", "/accounts/{account}/draft"]],
  ["account.register", ["Register a further line", "/operate"]],
]);

/** Every act that has words. */
export const DUTIES = Object.freeze([...ACTS.keys()]);

/**
 * One duty as a sentence without its end, from what it is made of; null for an act not known here.
 *
 * @param {string} act
 * @param {Values} values
 * @returns {string | null}
 */
export function dutyInWords(act, values) {
  return SENTENCES.get(act)?.(values) ?? null;
}

/**
 * A duty as the API sends it, with its button and page. Of an act that is not known here the page is the
 * request's or the account's, and the command says how it is done.
 *
 * @param {Waiting} toldWaiting
 * @param {Date} now
 */
export function duty({ what, account, request, act, command, due_at: dueAt }, now) {
  const other = request ? "/requests/{request}" : "/accounts/{account}";
  const [button, page, due = "Due"] = ACTS.get(act) ?? ["Open", other];
  return {
    text: sentence(what),
    button,
    path: page.replace("{request}", encodeURIComponent(request)).replace("{account}", encodeURIComponent(account)),
    due: dueAt ? `${due} ${when(dueAt, now)}` : spaced(account),
    command: oneLine(command),
    tone: tone("duty", act),
  };
}

/** How much needs this person's attention, in one sentence. @param {number} waiting */
export function attention(waiting) {
  if (waiting === 0) return "Nothing needs your attention";
  return `${capital(count(waiting, "thing", "things"))} ${waiting === 1 ? "needs" : "need"} your attention`;
}

/** @param {string} text */
function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
