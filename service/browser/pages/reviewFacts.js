/** What is looked at in a review, from statements that were verified here, in words. */

import { duration } from "../link/render.js";
import { fromPosted } from "../crypto/statement.js";
import { TASKS } from "../domain/tasks.js";

/**
 * @param {any} shown as `fetchRequest` returns it
 * @returns {Promise<Record<string, string>>}
 */
export async function reviewFacts({ about, detail, further }) {
  const { request } = about;
  const titled = TASKS[/** @type {keyof typeof TASKS} */ (request.task)]?.title ?? request.task;
  const closure = await summary(detail);
  return {
    task: request.taskText ? `${titled}: ${request.taskText}` : titled,
    reason: request.reason,
    ticket: request.ticket || "none",
    window: times(further, request.window),
    closure: closure || "nothing: the window ended without a word of theirs",
  };
}

/**
 * @param {readonly {at: string, kind: string}[]} further
 * @param {number} window seconds
 */
function times(further, window) {
  const release = further.find((one) => one.kind === "release");
  if (!release) return "not that this browser could verify";
  const at = release.at.slice(0, 16).replace("T", " ");
  return `from ${at} UTC, for at most ${duration(window)}`;
}

/**
 * What the requester says was done; every statement in `detail` was verified with the request.
 *
 * @param {any} detail
 */
async function summary(detail) {
  for (const { statement } of detail.others) {
    const { kind, payload } = await fromPosted(statement);
    if (kind === "closure") return String(payload.summary);
  }
  return "";
}
