/** An operator's draft of a roster: composed here from the form, refused beside it, nothing lost. */

import { draft, prepareDraft, retire } from "../acts/rosterDraft.js";
import { act } from "./act.js";
import { all, byId, goOn } from "./dom.js";
import { besides, check, checked, chosen, guard, value } from "./form.js";

const account = document.body.dataset.account ?? "";
const button = /** @type {HTMLButtonElement} */ (byId("draft-it"));
const DRAFTED = "Drafted. Everybody who is asked to sign finds it under what waits for them.";
const GROUPS = /** @type {const} */ (["password", "mfa"]);

/** @param {{ warnings: readonly string[] }} done @returns {void} */
const onward = ({ warnings }) =>
  goOn(`/accounts/${account}/roster`, [DRAFTED, ...warnings].join(" "));

/** Where a refusal of the rules is said besides the page's own line. */
const PLACES = {
  "both-groups": "groups",
  threshold: "password_threshold",
  "requester-is-custodian": "requesters",
  "operator-in-roster": "requesters",
  "auditor-in-roster": "requesters",
  "duplicate-person": "groups",
  policy: "request_lifetime",
  "strands-envelope": "groups",
};

/**
 * Who is chosen for a group, in the order of the page.
 *
 * @param {string} group
 * @returns {string[]}
 */
function members(group) {
  const selects = /** @type {HTMLSelectElement[]} */ (all('select[name="group"]'));
  return selects.filter((one) => one.value === group).map((one) => one.dataset.person ?? "");
}

/**
 * Custodians in the order that the version in force has: their place gives a share its index.
 *
 * @param {string} group
 * @param {any} newest
 * @returns {string[]}
 */
function custodians(group, newest) {
  const now = members(group);
  const before = newest ? [...newest.groups[group].custodians] : [];
  const kept = before.filter((person) => now.includes(person));
  return [...kept, ...now.filter((person) => !kept.includes(person))];
}

/** @param {any} newest */
function wishes(newest) {
  const group = (/** @type {string} */ name) => ({
    threshold: Number(value(`${name}_threshold`)),
    custodians: custodians(name, newest),
  });
  return {
    name: value("name"),
    root_email: value("root_email"),
    type: value("type"),
    requesters: checked("requesters"),
    sealers: checked("sealers"),
    groups: { password: group("password"), mfa: group("mfa") },
    policy: {
      request_lifetime: Number(value("request_lifetime")),
      release_window: Number(value("release_window")),
      denials: chosen("denials"),
    },
  };
}

/** The rules that can be told at once; the service and each client check all of them. */
function ready() {
  const custodians = GROUPS.flatMap(members);
  const asking = checked("requesters");
  /** @type {[string, boolean, string][]} */
  const rules = [
    ["name", value("name") !== "", "Give the account a name."],
    ["root_email", /^[^@\s]+@[^@\s]+$/.test(value("root_email")), "That is no e-mail address."],
    ["groups", GROUPS.every((name) => members(name).length), "Choose custodians for both groups."],
    ["requesters", asking.length > 0, "Choose who may ask."],
    ["sealers", checked("sealers").length > 0, "Choose who may seal."],
  ];
  if (asking.some((one) => custodians.includes(one))) {
    rules.push(["requesters", false, "A custodian cannot be a requester of the same account."]);
  }
  for (const name of GROUPS) {
    const count = members(name).length;
    const threshold = Number(value(`${name}_threshold`));
    const fits = Number.isInteger(threshold) && threshold >= 1 && threshold <= count;
    rules.push([`${name}_threshold`, fits || !count, `A number from 1 to ${count}.`]);
  }
  return check(byId("form"), rules);
}

guard(byId("form"), button, ready);
act(button, {
  needsKey: false,
  run: () =>
    besides(PLACES, async () => {
      const prepared = await prepareDraft(account);
      return draft(prepared, wishes(prepared.newest));
    }),
  said: () => DRAFTED,
  then: onward,
});

const ending = document.getElementById("retire-it");
if (ending !== null) {
  act(ending, {
    needsKey: false,
    run: async () => retire(await prepareDraft(account)),
    said: () => DRAFTED,
    then: onward,
  });
}
