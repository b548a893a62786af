/** Reading what acts are about together with the log that proves it. */

import { seenLog } from "../device/notes.js";
import { get, proved } from "../link/api.js";
import { exclusive } from "../link/environment.js";
import { part } from "../link/part.js";

/**
 * Read a subject together with the log, in one answer: what its acts rely on is proved from there.
 * Refused: a code of `trust/growth`; with `despite` that is handed on as `alarm`, since some acts go
 * on.
 *
 * @param {string} path
 * @param {{despite?: boolean, subject?: (answer: any) => any}} [options] `subject` is the part of
 *   the answer whose heads are held against the log; all of it
 * @returns {Promise<{answer: any, log: import("./standing.js").LogNow}>}
 */
export async function readWithLog(path, { despite = false, subject = whole } = {}) {
  const loading = part(import("./standing.js")); // comes beside the answer
  loading.catch(() => {}); // told where it is used
  await proved(); // whoever is asked for a touch keeps no other tab waiting
  // One tab after the other: each compares with what the one before it remembered.
  return exclusive("log", async () => {
    const seen = await seenLog();
    const { log: shown = null, ...answer } = await get(`${path}?seen=${sizeOf(seen)}`);
    const log = await (await loading).standing(shown, seen, subject(answer));
    if (log.alarm !== null && !despite) throw log.alarm;
    return { answer, log };
  });
}

/** @param {any} answer @returns {any} */
const whole = (answer) => answer;

/**
 * The size of the log that this browser has seen, to ask for a proof from there: the second line of
 * its checkpoint. It is verified where the answer is.
 *
 * @param {import("../device/notes.js").SeenLog | null} seen
 */
export function sizeOf(seen) {
  const size = Number(seen?.checkpoint.split("\n")[1] ?? 0);
  return Number.isSafeInteger(size) && size > 0 ? size : 0;
}
