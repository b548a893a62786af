/** Other lines of the same AWS account: twin of `service/client/cli/lines.py`. */

import { seenRosters } from "../device/memory.js";
import { get } from "../link/api.js";
import { beside } from "../trust/lines.js";

/**
 * The older lines that name me, all that can act, and those that the service hides from this browser.
 *
 * @param {string} account
 * @returns {Promise<import("../trust/lines.js").Beside>}
 */
export async function otherLines(account) {
  const [me, shown] = await Promise.all([get("/people/me"), get(`/accounts/${account}`)]);
  return beside(account, me.person, shown.lines, await seenRosters(me.person));
}
