/**
 * Checks of single values in a statement's payload: exact types, one spelling each. A check takes a
 * parsed JSON value and returns nothing, or throws MalformedError with a reason that does not
 * repeat the value.
 */

import { REFUSED_IN_NAMES } from "./codePoints.js";
import {
  MAX_INTEGER,
  b64decode,
  checkHexDigest,
  checkText,
  isPlainObject,
  parseTime,
} from "./encoding.js";
import { MalformedError, UnknownSuiteError } from "./errors.js";
import { SIGNATURE_LENGTH, SUITES, checkEncryptionKey, checkSigningKey } from "./suite.js";

/** @typedef {(value: unknown) => void} Check */

export const NO_DIGEST = "0".repeat(64); // `previous` of a first version
export const CREDENTIAL_LIMIT = 1023; // bytes of a credential id (WebAuthn, section 4)

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ACCOUNT = /^[0-9]{12}(\.([2-9]|[1-9][0-9]{1,2}))?$/;
const VERIFIER_KEY = /^[!-~]{1,200}$/;

/** @param {string} reason @returns {never} */
function refuse(reason) {
  throw new MalformedError(reason);
}

/** @param {unknown} value */
function string(value) {
  return typeof value === "string" ? value : refuse("not text");
}

/** @param {unknown} value @returns {unknown[]} */
function list(value) {
  return Array.isArray(value) ? value : refuse("not a list");
}

/** @param {RegExp} pattern @param {string} reason @returns {Check} */
const matching = (pattern, reason) => (value) => {
  if (!pattern.test(string(value))) refuse(reason);
};

/** @type {Check} Free text, also empty. */
export const text = (value) => void checkText(string(value));

/** @type {Check} */
export const filledText = (value) => {
  if (!checkText(string(value))) refuse("empty");
};

/**
 * @type {Check} A name that people can compare; other names are other bytes, whatever they look
 * like. The zero-width joiners are among what is refused.
 */
export const personName = (value) => {
  filledText(value);
  if (REFUSED_IN_NAMES.test(string(value))) {
    refuse("an invisible character");
  }
  if (string(value).split(" ").includes("")) refuse("a space at an end or a doubled one");
};

export const identifier = matching(UUID4, "not a lower-case UUID of version 4");
/** An AWS account id, and the number of a further line from 2. */
export const account = matching(ACCOUNT, "not twelve digits or a further line");
/** The text of a verifier key; whose kind of key it is, `schema` checks. */
export const verifierKey = matching(
  VERIFIER_KEY,
  "not 1 to 200 visible ASCII characters",
);

/** @type {Check} */
export const digest = (value) => void checkHexDigest(string(value));

/** @type {Check} Empty stands for what is absent. */
export const digestOrEmpty = (value) => {
  if (value !== "") digest(value);
};

/** @type {Check} Base64 of any length. */
export const binary = (value) => void b64decode(string(value));

/** @type {Check} Whether it verifies is another question. */
export const signature = (value) => {
  if (b64decode(string(value)).length !== SIGNATURE_LENGTH) refuse(`not ${SIGNATURE_LENGTH} bytes`);
};

/** @type {Check} A passkey's credential id, or empty. */
export const credential = (value) => {
  if (b64decode(string(value)).length > CREDENTIAL_LIMIT) {
    refuse(`longer than ${CREDENTIAL_LIMIT} bytes`);
  }
};

/** @type {Check} */
export const encryptionKey = (value) => checkEncryptionKey(b64decode(string(value)));

/** @type {Check} */
export const signingKey = (value) => checkSigningKey(b64decode(string(value)));

/** @type {Check} The name of a suite that this release has; another throws UnknownSuiteError. */
export const suiteName = (value) => {
  if (!SUITES.includes(string(value))) throw new UnknownSuiteError();
};

/** @type {Check} */
export const moment = (value) => void parseTime(string(value));

/** @type {Check} */
export const boolean = (value) => {
  if (typeof value !== "boolean") refuse("not a boolean");
};

/** @param {number} low @param {number} high @returns {Check} both included */
export const integer = (low, high = MAX_INTEGER) => (value) => {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return refuse("not an integer");
  if (value < low || value > high) refuse(`not from ${low} to ${high}`);
};

/** @param {...string} choices @returns {Check} */
export const oneOf = (...choices) => (value) => {
  if (!choices.includes(string(value))) refuse(`none of: ${choices.join(", ")}`);
};

/**
 * @param {Check} item
 * @param {{ most?: number }} [bound]
 * @returns {Check} texts in ascending order, none twice; may be empty
 */
export const rising = (item, { most = Infinity } = {}) => (value) => {
  const entries = checked(value, item);
  if (entries.length > most) refuse(`more than ${most} entries`);
  if (entries.some((entry, place) => place > 0 && entries[place - 1] >= entry)) {
    refuse("not sorted, or an entry stands twice");
  }
};

/**
 * @param {Check} item
 * @param {{ most: number }} bound
 * @returns {Check} 1 to `most` texts whose order has a meaning, none twice
 */
export const distinct = (item, { most }) => (value) => {
  const entries = checked(value, item);
  if (entries.length < 1 || entries.length > most) refuse(`not 1 to ${most} entries`);
  if (new Set(entries).size !== entries.length) refuse("an entry stands twice");
};

/** @param {unknown} value @param {Check} item a check for texts @returns {string[]} */
function checked(value, item) {
  const entries = list(value);
  entries.forEach((entry) => item(entry));
  return /** @type {string[]} */ (entries);
}

/** @param {Record<string, Check>} fields @returns {Check} its order and length are the caller's */
export const records = (fields) => {
  const item = record(fields);
  return (value) => list(value).forEach((entry) => item(entry));
};

/** @param {Record<string, Check>} fields @returns {Check} an object with exactly these fields */
export const record = (fields) => {
  const names = Object.keys(fields);
  return (value) => {
    if (!isPlainObject(value)) return refuse("not an object");
    const exact = names.every((name) => Object.hasOwn(value, name));
    if (!exact || Object.keys(value).length !== names.length) {
      refuse(`the fields are not exactly: ${[...names].sort().join(", ")}`);
    }
    for (const name of names) named(name, () => fields[name](value[name]));
  };
};

/** @param {string} name @param {() => void} run */
function named(name, run) {
  try {
    run();
  } catch (error) {
    if (error instanceof UnknownSuiteError) throw error;
    if (error instanceof MalformedError) refuse(`${name}: ${error.message}`);
    throw error;
  }
}
