/**
 * One value, one text: the encodings that everything signed, sealed or hashed is made of.
 * Decoders encode again and compare, and throw MalformedError for what a peer may send; encoders
 * throw TypeError or RangeError for a value that the program should never have built.
 */

import { MalformedError } from "./errors.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
export const TEXT_LIMIT = 1000;

const HEX_DIGEST = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
// With the flag u a pair of surrogates is one character: what \p{Cs} finds stands alone.
const LONE_SURROGATE = /\p{Cs}/u;
const REFUSED_CHARACTER =
  /[\u0000-\u0009\u000b-\u001f\u0080-\u009f\u202a-\u202e\u2066-\u2069\p{Cs}]/u;
const CHUNK = 0x2000; // arguments of one call

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * SHA-256 (FIPS 180-4), 32 bytes.
 * @param {Uint8Array} data
 * @returns {Promise<Bytes>}
 */
export async function sha256(data) {
  const bytes = /** @type {BufferSource} */ (data);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** @param {Uint8Array} data */
export async function hexDigest(data) {
  return hex(await sha256(data));
}

/** @param {Uint8Array} data */
export function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The bytes that pairs of lower-case hexadecimal digits stand for.
 * @param {string} text
 * @returns {Bytes}
 * @throws {MalformedError} any other text
 */
export function unhex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new MalformedError("not lower-case hexadecimal");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * The 32 bytes of a digest.
 * @param {string} text
 * @throws {MalformedError} anything but 64 lower-case hexadecimal digits
 */
export function checkHexDigest(text) {
  if (!HEX_DIGEST.test(text)) {
    throw new MalformedError("not a digest of 64 lower-case hexadecimal digits");
  }
  return unhex(text);
}

/**
 * @param {string} text
 * @throws {RangeError} a lone surrogate, for which TextEncoder would write another character
 */
export function utf8(text) {
  if (LONE_SURROGATE.test(text)) throw new RangeError("a lone surrogate has no UTF-8 form");
  return encoder.encode(text);
}

/**
 * Strict UTF-8; a byte order mark stays a character.
 * @param {Uint8Array} data
 * @throws {MalformedError} not UTF-8
 */
export function text(data) {
  try {
    return decoder.decode(data);
  } catch {
    throw new MalformedError("not UTF-8");
  }
}

/** @param {string} value Whether it has a UTF-8 form. */
export function isWellFormed(value) {
  return !LONE_SURROGATE.test(value);
}

/** @param {string} value counted in Unicode code points, not in UTF-16 units */
export function codePoints(value) {
  return [...value].length;
}

/**
 * @param {...Uint8Array} arrays
 * @returns {Bytes}
 */
export function concat(...arrays) {
  const joined = new Uint8Array(arrays.reduce((total, { length }) => total + length, 0));
  let place = 0;
  for (const part of arrays) {
    joined.set(part, place);
    place += part.length;
  }
  return joined;
}

/**
 * Takes the same time wherever the first difference stands; shows the length.
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export function equal(left, right) {
  if (left.length !== right.length) return false;
  return left.reduce((difference, byte, place) => difference | (byte ^ right[place]), 0) === 0;
}

/**
 * Join fields unambiguously: each after its length, 4 bytes big-endian. Text is UTF-8, an integer
 * ASCII decimal.
 * @param {...(Uint8Array | string | number)} fields
 * @throws {TypeError | RangeError} another type; an integer not from 0 to 2^53 - 1
 */
export function lp(...fields) {
  return concat(...fields.map(field).flatMap((part) => [bigEndian(part.length), part]));
}

/** @param {number} length */
function bigEndian(length) {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, length);
  return four;
}

/** @param {Uint8Array | string | number} value */
function field(value) {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return utf8(value);
  if (typeof value !== "number") throw new TypeError("no field: neither bytes, text nor integer");
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError("an integer field is from 0 to 2^53 - 1");
  }
  return utf8(String(value));
}

/**
 * Standard base64 with padding (RFC 4648, section 4).
 * @param {Uint8Array} data
 */
export function b64encode(data) {
  let binary = "";
  for (let place = 0; place < data.length; place += CHUNK) {
    binary += String.fromCharCode(...data.subarray(place, place + CHUNK));
  }
  return btoa(binary);
}

/**
 * The bytes of standard base64 with padding. atob takes white space, missing padding and stray
 * bits too; encoding again and comparing rules that out.
 * @param {string} text
 * @returns {Bytes}
 * @throws {MalformedError} not what b64encode writes
 */
export function b64decode(text) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new MalformedError("not base64");
  }
  if (btoa(binary) !== text) throw new MalformedError("not canonical base64");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/**
 * Canonical JSON: ASCII keys in order, no white space, no null, no float; escapes as
 * JSON.stringify writes them; integers from 0 to 2^53 - 1.
 * @param {unknown} value
 * @throws {MalformedError} it has no canonical form
 */
export function canonical(value) {
  return encoder.encode(refusingDepth(() => written(value)));
}

/**
 * @template T
 * @param {() => T} run
 */
function refusingDepth(run) {
  try {
    return run();
  } catch (error) {
    if (error instanceof MalformedError) throw error;
    throw new MalformedError("no canonical form: nested too deeply"); // each engine's own error
  }
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function written(value) {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (typeof value === "string" && isWellFormed(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, written).join(",")}]`;
  if (isPlainObject(value)) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([key, item]) => `${asciiKey(key)}:${written(item)}`).join(",")}}`;
  }
  throw new MalformedError(
    "no canonical form: only texts, booleans, integers from 0 to 2^53 - 1, lists, objects",
  );
}

/** @param {string} key */
function asciiKey(key) {
  if (/[^\u0000-\u007f]/.test(key)) {
    throw new MalformedError("no canonical form: a key must be ASCII");
  }
  return JSON.stringify(key);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isPlainObject(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Parse canonical JSON, and nothing that only means the same: whatever JSON.parse forgives or
 * forgets (a key that stands twice, an exponent, white space) is not written again.
 * @param {Uint8Array} data
 * @returns {any} callers check its shape
 * @throws {MalformedError} not what `canonical` writes
 */
export function parseCanonical(data) {
  const given = text(data);
  let value;
  try {
    value = JSON.parse(given);
  } catch {
    throw new MalformedError("not JSON");
  }
  if (refusingDepth(() => written(value)) !== given) throw new MalformedError("not canonical JSON");
  return value;
}

/**
 * Return a text of at most `limit` code points without a refused character: C0 but newline, C1,
 * U+202A-202E, U+2066-2069, lone surrogates.
 * @param {string} value
 * @throws {MalformedError} too long, or such a character
 */
export function checkText(value, limit = TEXT_LIMIT) {
  if (value.length > limit && codePoints(value) > limit) {
    throw new MalformedError(`text is longer than ${limit} characters`);
  }
  if (REFUSED_CHARACTER.test(value)) {
    throw new MalformedError("text has a control or direction-changing character");
  }
  return value;
}

/**
 * `YYYY-MM-DDTHH:MM:SSZ`.
 * @param {Date} moment
 * @throws {RangeError} no date, not a whole second, or a year not from 1 to 9999
 */
export function formatTime(moment) {
  const iso = moment.toISOString();
  const written = `${iso.slice(0, 19)}Z`;
  if (moment.getTime() % 1000 || !TIME.test(written) || written.startsWith("0000")) {
    throw new RangeError("a time is a whole second of the years 1 to 9999");
  }
  return written;
}

/**
 * @param {string} text
 * @throws {MalformedError} another spelling than formatTime's, or a date that does not exist
 */
export function parseTime(text) {
  const moment = new Date(TIME.test(text) && !text.startsWith("0000") ? text : NaN);
  // An engine may read 30 February as 2 March.
  if (!Number.isNaN(moment.getTime()) && formatTime(moment) === text) return moment;
  throw new MalformedError("not a time of the form YYYY-MM-DDTHH:MM:SSZ");
}
