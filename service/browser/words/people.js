/** People by name, and what they are in an account. Pure. */

import { listing, oneLine, spaced } from "../link/render.js";
import { groupName } from "./groups.js";

/**
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {{nameOf: (person: string) => string}} Names a verified chain: the newest roster that has
 *   a person gives their name
 */

/**
 * A person as a verified chain names them: `Ann`, `Ann (you)`; their id where no roster has them.
 *
 * @param {Names} chain
 * @param {string} person
 * @param {string} [me] the person who looks
 */
export function personName(chain, person, me = "") {
  const name = oneLine(chain.nameOf(person));
  return person === me ? `${name} (you)` : name;
}

/**
 * Several of them: `Ann, Bo (you) and Cy`; `no one` for none.
 *
 * @param {Names} chain
 * @param {Iterable<string>} people
 * @param {string} [me]
 */
export function peopleNames(chain, people, me = "") {
  return listing([...people].map((person) => personName(chain, person, me)));
}

/**
 * Alternatives, any of whom would do: `Ann, Bo or Cy`; `no one` for none.
 *
 * @param {readonly string[]} names
 */
export function anyOf(names) {
  const found = names.map(oneLine);
  if (found.length < 2) return found[0] ?? "no one";
  return `${found.slice(0, -1).join(", ")} or ${found[found.length - 1]}`;
}

/**
 * An account by its name, with its number as AWS prints it where the name alone would not do.
 *
 * @param {{account: string, name: string, number?: boolean}} given
 */
export function accountName({ account, name, number = false }) {
  const called = oneLine(name);
  if (!called) return spaced(account);
  return number ? `${called} (${spaced(account)})` : called;
}

/** @type {ReadonlyMap<string, string>} as the API names them */
const ROLES = new Map([
  ["custodian:password", `custodian, ${groupName("password")}`],
  ["custodian:mfa", `custodian, ${groupName("mfa")}`],
]);

/**
 * What the service says that a person is in an account: `operator and requester`. Tell it as told.
 *
 * @param {readonly string[]} toldRoles as the API has them
 */
export function rolesInWords(toldRoles) {
  if (!toldRoles.length) return "no part in it";
  return listing(toldRoles.map((role) => ROLES.get(role) ?? role));
}

/**
 * What a verified roster makes of a person, by the same words.
 *
 * @param {Roster} roster
 * @param {string} person
 * @returns {string[]} the API's names of roles
 */
export function rolesIn(roster, person) {
  const found = [];
  for (const group of /** @type {const} */ (["password", "mfa"])) {
    if (roster.groups[group].custodians.includes(person)) found.push(`custodian:${group}`);
  }
  if (roster.requesters.includes(person)) found.push("requester");
  if (roster.sealers.includes(person)) found.push("sealer");
  return found;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/**
 * A number of things, small ones in words: `one request`, `12 requests`.
 *
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
export function count(number, one, many) {
  return `${NUMBERS[number] ?? number} ${number === 1 ? one : many}`;
}

/** Text with a capital at its start and a full stop at its end; nothing of nothing. @param {string} text */
export function sentence(text) {
  const line = oneLine(text);
  if (!line) return "";
  const start = line.slice(0, 1).toUpperCase() + line.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
