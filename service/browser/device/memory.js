/**
 * What this browser has seen and will not see undone: rosters by account, my fingerprint. A fresh
 * browser remembers nothing. Entries are named after the person: several people may share it.
 */

import { environment } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { openDatabase } from "./database.js";

/**
 * @typedef {import("../trust/chain.js").Remembered} Remembered
 * @typedef {import("../trust/chain.js").VerifiedChain} VerifiedChain
 * @typedef {object} Memory `update` is one transaction: `change` gets the old value, returns the
 *   new one at once, and may throw, which leaves the old one
 * @property {(store: string, key: string) => Promise<any>} get undefined if there is none
 * @property {(store: string, key: string, value: any) => Promise<void>} put
 * @property {(store: string, key: string) => Promise<void>} delete
 * @property {(store: string) => Promise<string[]>} keys
 * @property {(store: string, key: string, change: (old: any) => any) => Promise<void>} update
 */

/** @type {Memory | null} */
let own = null;

/** @returns {Memory} */
export function openMemory() {
  if (environment.memory !== null) return environment.memory;
  own ??= openDatabase();
  return own;
}

/**
 * Version and digest of the newest roster that this person's browser has accepted.
 *
 * @param {string} person
 * @param {string} account
 * @returns {Promise<Remembered | null>}
 */
export async function seenRoster(person, account) {
  return (await openMemory().get("rosters", `${person}/${account}`)) ?? null;
}

/**
 * The same of all accounts.
 *
 * @param {string} person
 * @returns {Promise<Map<string, Remembered>>}
 */
export async function seenRosters(person) {
  const memory = openMemory();
  const names = (await memory.keys("rosters")).filter((name) => name.startsWith(`${person}/`));
  /** @type {[string, Remembered][]} */
  const found = [];
  for (const name of names) found.push([name.slice(person.length + 1), await memory.get("rosters", name)]);
  return new Map(found);
}

/**
 * Remember a verified roster as the newest one seen. Refused: `roster-rewound`: a newer one, or
 * another of this version, was seen.
 *
 * @param {string} person
 * @param {string} account
 * @param {number} version
 * @param {string} digest
 */
export async function rememberRoster(person, account, version, digest) {
  await openMemory().update("rosters", `${person}/${account}`, (seen) => {
    if (seen && (version < seen[0] || (version === seen[0] && digest !== seen[1]))) {
      throw new ClientRefusal(
        "roster-rewound",
        `this browser has seen roster version ${seen[0]} of account ${account}; the service now ` +
          `shows another one, version ${version}`,
        "tell the other custodians before you do anything",
      );
    }
    return [version, digest];
  });
}

/**
 * Remember a verified chain's newest roster; never less than before. Refused: `roster-rewound`:
 * another roster of this version was seen.
 *
 * @param {string} person
 * @param {VerifiedChain} chain
 */
export async function rememberChain(person, chain) {
  const { account } = chain.newest;
  const [version, digest] = chain.remembered;
  const seen = await seenRoster(person, account);
  if (seen === null || seen[0] <= version) await rememberRoster(person, account, version, digest);
}

/**
 * The fingerprint (hex) of the keys with which this person last worked here.
 *
 * @param {string} person
 * @returns {Promise<string | null>}
 */
export async function fingerprint(person) {
  return (await openMemory().get("device", person)) ?? null;
}

/** @param {string} person @param {string} keyid */
export async function rememberFingerprint(person, keyid) {
  await openMemory().put("device", person, keyid);
}

/** @param {string} person */
export async function forgetFingerprint(person) {
  await openMemory().delete("device", person);
}
