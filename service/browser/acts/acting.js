/** Posting what was signed, and what follows once it is there: also when it takes two tries. */

import { clockWarnings } from "../link/clocks.js";
import { now } from "../link/environment.js";
import { get, isUnreachable, post } from "../link/api.js";
import { ApiRefusal, ClientRefusal, Unreachable } from "../link/errors.js";
import { NO_HEAD, namedHead } from "../log/named.js";
import { checkLog } from "../log/watch.js";
import { HEADLESS } from "../crypto/schema.js";
import { sign } from "../crypto/signing.js";
import { sortedStatementDsse } from "../crypto/statement.js";
import { Proved } from "./proving.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {{id: string, state: string, leaf: number, receipt: string, warnings: string[],
 *   repeated?: boolean}} Done what an act led to; `warnings` are sentences for people
 */

/**
 * Post and go on with the answer. When no answer comes, `again()` of the error sends the same
 * bytes and goes on in the same way; `landed` says whether a refusal then only means that the
 * first try had arrived.
 *
 * @template T
 * @param {string} path
 * @param {unknown} body
 * @param {(answer: any) => Promise<T>} then
 * @param {() => Promise<boolean>} [landed]
 * @param {boolean} [repeated] these bytes were sent before
 * @returns {Promise<T>}
 */
export function send(path, body, then, landed = never, repeated = false) {
  return settle(() => post(path, body), then, repeated ? landed : never, landed);
}

async function never() {
  return false;
}

/**
 * @template T
 * @param {() => Promise<any>} attempt
 * @param {(answer: any) => Promise<T>} then
 * @param {() => Promise<boolean>} landed asked now
 * @param {() => Promise<boolean>} later asked after a repetition
 * @returns {Promise<T>}
 */
async function settle(attempt, then, landed, later) {
  const again = () => settle(attempt, then, later, later);
  let answer;
  try {
    answer = await attempt();
  } catch (error) {
    if (error instanceof Unreachable) {
      throw new Unreachable(() => settle(() => error.again(), then, later, later));
    }
    if (!(error instanceof ApiRefusal) || !(await known(landed, again))) throw error;
    answer = { repeated: true };
  }
  return then(answer);
}

/**
 * @param {() => Promise<boolean>} landed
 * @param {() => Promise<any>} again
 */
async function known(landed, again) {
  try {
    return await landed();
  } catch (error) {
    throw isUnreachable(error) ? new Unreachable(again) : error;
  }
}

/**
 * An act's outcome, with the log checked.
 *
 * @param {any} answer the API's, or `{repeated: true}`
 * @param {readonly string[]} [warnings]
 * @returns {Promise<Done>}
 */
export async function done(answer, warnings = []) {
  const checked = await checkLog(answer.repeated ? undefined : answer);
  const whole = { id: "", state: "", leaf: -1, receipt: "", ...answer };
  return { ...whole, warnings: [...warnings, ...checked, ...clockWarnings()] };
}

/**
 * What every act says of when and beside what it was signed: this device's time, and the newest
 * head of the log that this browser has verified, which is the one under which the act was proved.
 * After an alarm it names none: a log that lacks the remembered head would not take the act.
 *
 * @param {Proved} proved
 * @returns {Promise<import("../crypto/signing.js").Stamp>}
 */
export async function stamp(proved) {
  if (!(proved instanceof Proved)) throw new TypeError("nothing was proved before this act");
  return { at: now(), head: proved.alarmed ? NO_HEAD : await namedHead() };
}

/**
 * Sign a statement as of now; `dated` says another time, for the one that its device does not date.
 *
 * @param {string} kind
 * @param {Record<string, unknown>} fields
 * @param {Identity} identity
 * @param {Proved | null} proved null for a kind that names no head
 * @param {{at?: Date}} [dated]
 */
export async function signed(kind, fields, identity, proved, dated = {}) {
  if (HEADLESS.has(kind)) return sign(kind, fields, { identity, at: now() });
  const own = await stamp(/** @type {Proved} */ (proved));
  return sign(kind, fields, { identity, ...own, ...dated });
}

/** @param {Statement} statement */
export function posted(statement) {
  return { statement: sortedStatementDsse(statement) };
}

/**
 * Demand that the keys just unlocked are those for which everything was verified before.
 *
 * @param {string} keyid
 * @param {Identity} identity
 */
export function checkSame(keyid, identity) {
  if (identity.public.keyid === keyid) return;
  throw new ClientRefusal(
    "other-identity",
    "the service showed other keys under your name than those that you hold",
    "nothing was sent; load the page again, and if it happens again do nothing here and call the others",
  );
}

/**
 * Whether a statement with this digest stands on a request.
 *
 * @param {string} request
 * @param {Statement} statement
 */
export async function stands(request, statement) {
  const detail = await get(`/requests/${request}`);
  const { payload } = sortedStatementDsse(statement);
  return [...detail.decisions, ...detail.others].some((one) => one.statement.payload === payload);
}
