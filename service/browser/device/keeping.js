/**
 * What a requester's browser keeps of its own requests, beside their keys: the request as it was
 * signed here, with which whatever the service hands out later is compared; and what the service
 * handed out, already verified. Its shares open with the key beside it alone, which is wrapped.
 * When all of it is destroyed, `trust/ending` decides.
 */

import { equal } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { parse } from "../crypto/statement.js";
import { ClientRefusal } from "../link/errors.js";
import { openMemory } from "./memory.js";
import { checkId, destroy } from "./requestKeys.js";

/** @typedef {import("../crypto/statement.js").Statement} Statement */

const SIGNED = "a release was signed"; // in the place of an answer that has not come

/** @param {string} person @param {string} request */
function place(person, request) {
  checkId(request);
  return `${person}/${request}`;
}

/** @param {string} person @param {string} request */
const redated = (person, request) => `${place(person, request)}/redated`;

/**
 * Keep my own request as I signed it.
 *
 * @param {string} person
 * @param {Statement} statement
 */
export async function keepStatement(person, statement) {
  const id = /** @type {string} */ (statement.payload.request);
  await openMemory().put("requests", place(person, id), statement.raw);
}

/**
 * My own request as I signed it in this browser. Refused: `not-my-request`: it was made elsewhere,
 * or is over.
 *
 * @param {string} person
 * @param {string} request
 * @returns {Promise<Statement>}
 */
export async function ownStatement(person, request) {
  const mine = await readStatement(place(person, request));
  if (mine) return mine;
  throw new ClientRefusal(
    "not-my-request",
    "this request was not made in this browser, or is over",
    "open it where the request was made, or ask again from here",
  );
}

/** @param {string} key @returns {Promise<Statement | null>} null where it is missing or damaged */
async function readStatement(key) {
  const raw = await openMemory().get("requests", key);
  try {
    if (raw instanceof Uint8Array) return await parse(raw);
  } catch (damaged) {
    if (!(damaged instanceof CryptoError)) throw damaged;
  }
  return null;
}

/**
 * Keep the same request as it was signed anew, beside the first: one of them is entered.
 *
 * @param {string} person
 * @param {Statement} statement
 */
export async function keepRedated(person, statement) {
  const id = /** @type {string} */ (statement.payload.request);
  await openMemory().put("requests", redated(person, id), statement.raw);
}

/**
 * Keep the one that is proved to be entered as the request, and no other.
 *
 * @param {string} person
 * @param {Statement} entered
 */
export async function settleRedated(person, entered) {
  const id = /** @type {string} */ (entered.payload.request);
  await keepStatement(person, entered);
  await openMemory().delete("requests", redated(person, id));
}

/**
 * My own request as it was signed here with these bytes, first or anew; else null. Refused: as
 * `ownStatement`.
 *
 * @param {string} person
 * @param {string} request
 * @param {Uint8Array} raw
 */
export async function signedAs(person, request, raw) {
  const both = [await ownStatement(person, request), await readStatement(redated(person, request))];
  return both.find((mine) => mine && equal(mine.raw, raw)) ?? null;
}

/**
 * Keep what was handed out, so that a second look within the window is no second fetch.
 *
 * @param {string} person
 * @param {any} released the API's answer
 */
export async function keepReleased(person, released) {
  await openMemory().put("released", place(person, released.id), released);
}

/**
 * What was handed out before, or null. It is verified again by whoever uses it.
 *
 * @param {string} person
 * @param {string} request
 * @returns {Promise<any>}
 */
export async function keptReleased(person, request) {
  const kept = await openMemory().get("released", place(person, request));
  return kept === undefined || kept === SIGNED ? null : kept;
}

/**
 * Note, before it is posted, that a release of this request was signed here.
 *
 * @param {string} person
 * @param {string} request
 */
export async function noteReleasing(person, request) {
  const kept = await keptReleased(person, request);
  if (kept === null) await openMemory().put("released", place(person, request), SIGNED);
}

/**
 * Whether a release of this request was ever signed here.
 *
 * @param {string} person
 * @param {string} request
 */
export async function wasReleasing(person, request) {
  return (await openMemory().get("released", place(person, request))) !== undefined;
}

/**
 * Destroy a request's key first, then the rest that this browser keeps of it.
 *
 * @param {string} person
 * @param {string} request
 */
export async function forget(person, request) {
  await destroy(person, request);
  await openMemory().delete("released", place(person, request));
  await openMemory().delete("requests", redated(person, request));
  await openMemory().delete("requests", place(person, request));
}

/**
 * Every request of this person's whose key is in this browser, as it was signed here. One whose
 * statement is damaged is left out: nothing tells when it is over.
 *
 * @param {string} person
 * @returns {Promise<Statement[]>}
 */
export async function keptRequests(person) {
  const found = [];
  for (const key of await openMemory().keys("requestKeys")) {
    if (!key.startsWith(`${person}/`)) continue;
    const statement = await ownStatement(person, key.slice(person.length + 1)).catch((refused) => {
      if (!(refused instanceof ClientRefusal)) throw refused;
      return null;
    });
    if (statement !== null) found.push(statement);
  }
  return found;
}
