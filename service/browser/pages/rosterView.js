/** A roster in words: all that it says, as pairs of a term and what stands for it. */

import { listing, spaced } from "../link/render.js";
import { policyOf, witnessesOf } from "../words/rosters.js";
import { element, oneLine } from "./dom.js";

/** @typedef {import("../domain/roster.js").Roster} Roster */

/**
 * Fill a `dl` with a roster, part by part, whatever its drafter typed.
 *
 * @param {HTMLElement} list
 * @param {Roster} roster a verified one, or a draft
 */
export function describeInto(list, roster) {
  const parts = described(roster).flatMap(([term, said]) => [
    element("dt", {}, term),
    element("dd", {}, oneLine(said)),
  ]);
  list.replaceChildren(...parts);
}

/** @type {[string, string][]} */
const RETIRED = [["Retired", "no request or password is taken in this line any more"]];

/**
 * @param {Roster} roster
 * @returns {[string, string][]}
 */
function described(roster) {
  return [
    ["Account", `${roster.name} (${spaced(roster.account)}), ${roster.type}, version ${roster.version}`],
    ["Root e-mail", roster.rootEmail],
    ["Password group", groupWords(roster, "password")],
    ["MFA group", groupWords(roster, "mfa")],
    ["May ask", names(roster, roster.requesters)],
    ["May seal", names(roster, roster.sealers)],
    ["Policy", policyOf(roster)],
    ["The log's key", roster.logKey],
    ["Witnesses", witnessesOf(roster)],
    ...(roster.retired ? RETIRED : []),
  ];
}

/**
 * @param {Roster} roster
 * @param {"password" | "mfa"} name
 */
function groupWords(roster, name) {
  const { threshold, custodians } = roster.groups[name];
  return `${threshold} of ${custodians.length}: ${names(roster, custodians)}`;
}

/**
 * @param {Roster} roster
 * @param {readonly string[]} people
 */
function names(roster, people) {
  return listing(people.map((person) => roster.members.get(person)?.name ?? person));
}
