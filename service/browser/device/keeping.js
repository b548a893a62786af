/**
 * What a requester's browser keeps of its own requests, beside their keys, and for how long: the
 * request as it was signed here, with which whatever the service hands out later is compared; and
 * what the service handed out, already verified. Its shares open with the key beside it, so both
 * go together.
 */

import { parseTime } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { parse } from "../crypto/statement.js";
import { ClientRefusal } from "../link/errors.js";
import { openMemory } from "./memory.js";
import { checkId, destroy } from "./requestKeys.js";

/** @typedef {import("../crypto/statement.js").Statement} Statement */

const SLACK = 10 * 60 * 1000; // ms between this device's clock and the service's

/** @param {string} person @param {string} request */
function place(person, request) {
  checkId(request);
  return `${person}/${request}`;
}

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
  const raw = await openMemory().get("requests", place(person, request));
  try {
    if (raw instanceof Uint8Array) return await parse(raw);
  } catch (damaged) {
    if (!(damaged instanceof CryptoError)) throw damaged;
  }
  throw new ClientRefusal(
    "not-my-request",
    "this request was not made in this browser, or is over",
    "open it where the request was made, or ask again from here",
  );
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
  return (await openMemory().get("released", place(person, request))) ?? null;
}

/**
 * Remove what was handed out; the request's key stays.
 *
 * @param {string} person
 * @param {string} request
 */
export async function forgetReleased(person, request) {
  await openMemory().delete("released", place(person, request));
}

/**
 * Destroy a request's key first, then the rest that this browser keeps of it.
 *
 * @param {string} person
 * @param {string} request
 */
export async function forget(person, request) {
  await destroy(person, request);
  await forgetReleased(person, request);
  await openMemory().delete("requests", place(person, request));
}

/**
 * Destroy the keys of this person's requests whose lifetime and window are over by this device's
 * clock.
 *
 * @param {string} person
 * @param {Date} now
 */
export async function sweep(person, now) {
  for (const key of await openMemory().keys("requests")) {
    if (!key.startsWith(`${person}/`)) continue;
    const request = key.slice(person.length + 1);
    const statement = await ownStatement(person, request).catch((refused) => {
      if (!(refused instanceof ClientRefusal)) throw refused;
      return null; // damaged: without it nothing tells when it is over
    });
    if (statement !== null && now.getTime() >= usefulUntil(statement).getTime() + SLACK) {
      await forget(person, request);
    }
  }
}

/**
 * When a request signed here can no longer be of use: lifetime and window are over.
 *
 * @param {Statement} statement
 */
export function usefulUntil({ payload }) {
  const { at, lifetime, window } = /** @type {any} */ (payload);
  return new Date(parseTime(at).getTime() + (lifetime + window) * 1000);
}
