/**
 * The log after an act: it may have grown, and nothing else (protocol, "Checkpoints and
 * receipts"). The log's key is pinned at first sight.
 */

import { get, isUnreachable } from "../link/api.js";
import { part } from "../link/part.js";
import { checkReceipt, parsedKey } from "../trust/growth.js";
import { exclusive } from "../link/environment.js";
import { ApiRefusal } from "../link/errors.js";
import { sizeOf } from "./reading.js";
import { taken } from "./standing.js";
import { seenLog } from "../device/notes.js";

/** What is said when no answer came. */
export const UNCHECKED = "The log could not be checked now; it will be with your next act.";

/**
 * Demand that the log has only grown, and that an act's receipt is of this log. A service that
 * cannot answer at the moment is a warning: an act is not undone by it.
 *
 * Refused as `ClientRefusal`: `log-key-changed`, `log-not-signed`, `log-rewound`, `log-forked`,
 * `log-epoch-began`, `log-receipt-forged`.
 *
 * @param {{leaf: number, receipt: string}} [done] the API's answer to an act
 * @returns {Promise<string[]>} warnings
 */
export async function checkLog(done) {
  // One tab after the other: each compares with what the one before it remembered.
  return exclusive("log", async () => {
    const seen = await seenLog();
    let answer;
    try {
      answer = await get(`/checkpoint?seen=${sizeOf(seen)}`);
    } catch (error) {
      if (!(error instanceof ApiRefusal || isUnreachable(error))) throw error;
      return [UNCHECKED];
    }
    const { verifier, news } = await taken(answer, seen).catch(async (refused) => {
      if (refused?.code !== "log-key-changed" || seen === null) throw refused;
      const { takenUpAnywhere } = await part(import("./takingUp.js"));
      const found = await takenUpAnywhere(answer, seen);
      if (found === null) throw refused;
      return { verifier: await parsedKey(found.verifierKey), news: found.news };
    });
    if (done?.receipt) await checkReceipt(done, verifier);
    return news;
  });
}
