/**
 * Other lines of the same AWS account, as the service says them, held against what this browser has
 * verified of them.
 */

import { b64decode } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { unsigned } from "../crypto/statement.js";
import { awsAccount, lineNumber } from "../domain/account.js";

/**
 * @typedef {{account: string, payload: string, signed: boolean, able: boolean}} Line the API's;
 *   `payload` is a roster's in base64, or where none is `signed` its draft's; empty where there is none
 * @typedef {{digest: string, version: number, retired: boolean, people: ReadonlySet<string>}} Roster
 *   of version 0 while no one has signed it
 * @typedef {object} Beside
 * @property {string[]} mine older lines in which I am named, or may be: this browser has verified a
 *   roster of it, and another is shown, or none
 * @property {string[]} able lines that can act, by the service's word; a retired one cannot
 * @property {string[]} hidden lines of which this browser has verified a roster, and of which the
 *   service says nothing, or shows none, another or an older one
 */

/**
 * What there is beside a line. What is listed and is no other line of the account is left out.
 *
 * @param {string} account
 * @param {string} person
 * @param {readonly Line[]} lines
 * @param {ReadonlyMap<string, import("./chain.js").Remembered>} remembered version and digest of the
 *   newest verified roster, by line
 * @returns {Promise<Beside>}
 */
export async function beside(account, person, lines, remembered) {
  const isOther = (/** @type {string} */ line) =>
    line !== account && awsAccount(line) === awsAccount(account);
  /** @type {Map<string, Roster | null>} */
  const shown = new Map();
  /** @type {string[]} */
  const able = [];
  for (const line of lines.filter((one) => isOther(one.account))) {
    const roster = await read(line);
    shown.set(line.account, roster);
    if (line.able && !(roster?.version && roster.retired)) able.push(line.account);
  }
  const known = [...remembered].filter(([line]) => isOther(line));
  const hidden = known.filter(([line, seen]) => isHidden(shown.get(line), seen)).map(([line]) => line);
  // By a newer roster than the one verified the service may leave out anyone.
  const unverified = known.filter(([line, [, digest]]) => shown.get(line)?.digest !== digest);
  const naming = [...shown.keys()].filter((line) => shown.get(line)?.people.has(person));
  const mine = new Set([...naming, ...unverified.map(([line]) => line)]);
  const isOlder = (/** @type {string} */ line) => lineNumber(line) < lineNumber(account);
  return { mine: [...mine].filter(isOlder), able, hidden };
}

/**
 * Whether a line is shown without the roster that was verified, or a newer one.
 *
 * @param {Roster | null | undefined} shown
 * @param {import("./chain.js").Remembered} known
 */
function isHidden(shown, [version, digest]) {
  if (!shown || shown.version < version) return true;
  return shown.version === version && shown.digest !== digest;
}

/**
 * A roster as it came; null where it is none of that line.
 *
 * @param {Line} line
 * @returns {Promise<Roster | null>}
 */
async function read({ account: line, payload, signed }) {
  if (payload === "") return null;
  try {
    const { digest, payload: said } = await unsigned("roster", b64decode(payload));
    const { account, people, retired, version } = /** @type {any} */ (said);
    if (account !== line) return null;
    return { digest, retired, version: signed ? version : 0, people: new Set(people.map((/** @type {{person: string}} */ one) => one.person)) };
  } catch (refused) {
    if (refused instanceof CryptoError) return null;
    throw refused;
  }
}
