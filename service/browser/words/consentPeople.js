/**
 * What is shown before people sign who counts, and before they change their own keys. Twin of
 * `client/foundation/words/consent/people.py`.
 */

import { GROUPS } from "../domain/people.js";
import { duration, listing, oneLine } from "../link/render.js";
import { capital, group, named, numbered, place, said } from "./consentParts.js";
import { accountWarnings } from "./consentWarnings.js";

/**
 * @typedef {import("./consents.js").Context} Context
 * @typedef {import("./consents.js").Lines} Lines
 * @typedef {import("./consents.js").Payload} Payload
 * @typedef {import("./consentParts.js").Row} Row
 */

/** @type {Readonly<Record<string, string>>} */
const KEYS = {
  phrase: "recovery phrase",
  passkey: "passkey",
  "sign-in-only": "passkey, for signing in only",
};
/** @type {Readonly<Record<string, string>>} */
const DENIALS = {
  first: "the first denial ends a request",
  unreachable: "a request ends when a group can no longer reach its threshold",
};

/**
 * All that a roster says, and what changed since the one that I know.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function roster(payload, context) {
  const what = payload.retired ? "a roster that ENDS this line of the account" : "the people";
  const heard = new Set(context.heard);
  /** @type {string[]} */
  const all = payload.people.map((/** @type {Payload} */ { person }) => person);
  return {
    title: `You sign version ${payload.version} of ${what} of ${place(context)}`,
    rows: [
      ["Account", `${numbered(payload.account)}, ${payload.type}`],
      ["Its name", said(payload.name)],
      ["Root's address", said(payload.root_email)],
      ...groups(payload),
      ["May ask", names(payload, payload.requesters)],
      ["May seal", names(payload, payload.sealers)],
      ["Policy", policy(payload.policy)],
      ["Log's key", oneLine(payload.log_key)],
      ["Witnesses", witnesses(payload)],
      ["Heard now", names(payload, all.filter((person) => heard.has(person)))],
      ["Not heard now", names(payload, all.filter((person) => !heard.has(person)))],
      ...changes(payload, context),
    ],
    warnings: [...accountWarnings(context), ...(context.ends ? [oneLine(context.ends)] : [])],
    effect: payload.retired
      ? "No request and no password is taken in this line any more."
      : "Once everyone who must sign has signed, these people count, and no one else.",
    button: "Sign",
  };
}

/** @param {Payload} payload @returns {Row[]} */
function groups(payload) {
  return GROUPS.map((name) => {
    const { threshold, custodians } = payload.groups[name];
    const count = `${threshold} of ${custodians.length}`;
    return [capital(group(name)), `${count}: ${names(payload, custodians)}`];
  });
}

/** @param {Payload} payload @param {Context} context @returns {Row[]} */
function changes({ version }, { since, changes: lines }) {
  if (version === 1) return [["Changes", "none: it is the first version"]];
  if (since === 0) return [["Changes", "you know no earlier version: read all of it"]];
  const said = lines.length ? lines : ["nothing that counts changes"];
  return said.map((line) => [`Since version ${since}`, oneLine(line)]);
}

/** @param {Payload} rules */
function policy({ request_lifetime: lifetime, release_window: window, denials, requester_seals: seals }) {
  return (
    `a request is open for at most ${duration(lifetime)}, a release for ${duration(window)}; ` +
    DENIALS[denials] +
    (seals ? "; a requester may seal the password after their release" : "")
  );
}

/** @param {Payload} payload */
function witnesses({ witnesses: keys, cosigned_by: wanted }) {
  if (!keys.length) return "none";
  const called = listing(keys.map((/** @type {string} */ key) => key.split("+", 1)[0]));
  return `${wanted} of ${keys.length} cosign: ${called}`;
}

/** @param {Payload} payload @param {readonly string[]} people */
function names(payload, people) {
  const known = new Map(payload.people.map((/** @type {Payload} */ one) => [one.person, one.name]));
  return listing(people.map((person) => known.get(person) ?? person));
}

/**
 * Which way of unlocking comes or goes, and what stops working.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function slot(payload, context) {
  const { action, slot_kind: of } = payload;
  const kind = KEYS[of];
  /** @type {Readonly<Record<string, [string, string, string]>>} */
  const actions = {
    add: [`You add a way to unlock your keys: ${kind}`, "nothing", "Add"],
    replace: [`You replace your ${kind} with a new one`, `your old ${kind}`, "Replace"],
    remove: [`You remove a way to unlock your keys: ${kind}`, `this ${kind}`, "Remove"],
  };
  const [title, stops, button] = actions[action];
  const keeps =
    "Backups and bundles still have the old one: if someone else has it, ask for a new enrolment " +
    "link instead, which makes new keys.";
  const wrapped = action !== "add" && of !== "sign-in-only";
  return {
    title,
    rows: [
      ["Whose", named(context, payload.person)],
      ["Kind", kind],
      ["Stops working", stops],
      ["Slot", oneLine(payload.slot)],
    ],
    warnings: [...(wrapped ? [keeps] : []), ...context.warnings.map(oneLine)],
    effect:
      of === "phrase" && action !== "remove"
        ? "Anyone who has it can act as you."
        : "Your keys stay the same.",
    button,
  };
}

/**
 * For whom new keys are made; who that is, only the invitation says.
 *
 * @param {Payload} payload
 * @param {Context} context
 * @returns {Lines}
 */
export function identity(payload, context) {
  const { email, source, role, replaces, waiting } = context;
  const name = named(context, payload.person);
  const lost = "The new keys count nowhere until a roster names them.";
  const kept =
    `Requests made on this device are still kept here, under your present keys: ${listing(waiting)}. ` +
    "With new keys you can fetch nothing more for them; what was fetched before opens with your " +
    "present phrase only: keep it until they are over.";
  return {
    title: `You make new keys for ${name}`,
    rows: [
      ["Whose", `${name}, ${oneLine(email)}; ${source} says that the link is for them`],
      ["Role", role ? `${oneLine(role)}, by the same word` : "none"],
      ["Kind", "two key pairs, made on this device"],
      ["Stops working", replaces ? "your present keys" : "nothing"],
    ],
    warnings: [
      ...(replaces ? [`This replaces your keys. ${lost}`] : []),
      ...(waiting.length ? [kept] : []),
      ...context.warnings.map(oneLine),
    ],
    effect: lost,
    button: "Make the keys",
  };
}
