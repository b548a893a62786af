/** Leaves of the log: one event as canonical JSON, the bytes that are hashed. */

import { b64decode, checkText, isPlainObject, parseCanonical, parseTime } from "./encoding.js";
import { MalformedError } from "./errors.js";

const LEAF_LIMIT = 65_534; // shorter than 65,535 bytes: an entry's length is two bytes
const TEXTS = ["at", "actor", "action", "subject", "request", "statement"];
const FIELDS = ["seq", "details", ...TEXTS];

/**
 * An event with its place and time in the log.
 * @typedef {{ seq: number, at: Date, actor: string, action: string, subject: string,
 *   request: string, details: Record<string, any>, statement: Uint8Array }} Leaf
 */

/**
 * Read a leaf.
 * @param {Uint8Array} data
 * @returns {Leaf}
 * @throws {MalformedError} over 65,534 bytes, not canonical, or not exactly its eight fields
 */
export function parseLeaf(data) {
  if (data.length > LEAF_LIMIT) throw new MalformedError("a leaf is shorter than 65,535 bytes");
  const value = parseCanonical(data);
  const exact = isPlainObject(value) && FIELDS.every((name) => Object.hasOwn(value, name));
  if (!exact || Object.keys(value).length !== FIELDS.length) {
    throw new MalformedError("a leaf has exactly its eight fields");
  }
  if (typeof value.seq !== "number" || !isPlainObject(value.details)) {
    throw new MalformedError("a leaf has a number and details");
  }
  if (!TEXTS.every((name) => typeof value[name] === "string")) {
    throw new MalformedError("a field of a leaf is not a text");
  }
  const { seq, at, actor, action, subject, request, details, statement } =
    /** @type {Record<string, any>} */ (value);
  [actor, action, subject, request].forEach((text) => checkText(text));
  checkDetails(details);
  const parsed = { at: parseTime(at), statement: b64decode(statement) };
  return { seq, actor, action, subject, request, details, ...parsed };
}

/** @param {Record<string, unknown>} details */
function checkDetails(details) {
  for (const [name, value] of Object.entries(details)) {
    checkText(name);
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === "string") checkText(item);
      else if (typeof item !== "number" && typeof item !== "boolean") {
        throw new MalformedError("a detail is a text, an integer, a boolean or a list of texts");
      }
    }
  }
}
