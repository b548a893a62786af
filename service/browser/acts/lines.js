/** Other lines of the same AWS account, by the service's word: twin of `service/client/cli/lines.py`. */

import { b64decode, parseCanonical } from "../crypto/encoding.js";
import { lineNumber } from "../domain/account.js";
import { get } from "../link/api.js";

/**
 * The older lines that name me, and all that can act.
 *
 * @param {string} account
 * @returns {Promise<{mine: string[], able: string[]}>}
 */
export async function otherLines(account) {
  const [me, shown] = await Promise.all([get("/people/me"), get(`/accounts/${account}`)]);
  /** @type {{account: string, payload: string, able: boolean}[]} */
  const lines = shown.lines;
  const older = lines.filter((line) => lineNumber(line.account) < lineNumber(account));
  return {
    mine: older.filter((line) => names(line.payload, me.person)).map((line) => line.account),
    able: lines.filter((line) => line.able).map((line) => line.account),
  };
}

/** @param {string} payload base64; empty where the line has no roster @param {string} person */
function names(payload, person) {
  if (payload === "") return false;
  const { people } = parseCanonical(b64decode(payload));
  return people.some((/** @type {{person: string}} */ one) => one.person === person);
}
