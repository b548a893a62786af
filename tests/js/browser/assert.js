/** As much of `node:assert/strict` as the tests of the modules use. */

class AssertionError extends Error {
  /** @param {string} what @param {unknown} [message] */
  constructor(what, message) {
    super(message instanceof Error ? message.message : [message, what].filter(Boolean).join(": "));
    this.name = "AssertionError";
  }
}

/** @param {unknown} value @returns {string} */
function shown(value) {
  try {
    return String(JSON.stringify(value) ?? String(value)).slice(0, 300);
  } catch {
    return String(value);
  }
}

/** @param {any} a @param {any} b @returns {boolean} */
function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Map || a instanceof Set) {
    return a.size === b.size && same([...a], [...b]);
  }
  if (a instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}

/** @param {unknown} value @param {unknown} [message] */
function assert(value, message) {
  if (!value) throw new AssertionError(`${shown(value)} is not true`, message);
}

/** @param {any} error @param {any} wanted @returns {boolean} */
function fits(error, wanted) {
  if (wanted === undefined) return true;
  if (wanted instanceof RegExp) return wanted.test(String(error));
  if (typeof wanted === "function") {
    if (wanted === Error || wanted.prototype instanceof Error) return error instanceof wanted;
    return wanted(error) === true;
  }
  return Object.entries(wanted).every(([name, value]) =>
    value instanceof RegExp && typeof error[name] === "string"
      ? value.test(error[name])
      : same(error[name], value),
  );
}

/** @param {unknown} error @param {unknown} wanted @param {unknown} message */
function refused(error, wanted, message) {
  if (!fits(error, wanted)) throw new AssertionError(`threw ${error}, not as wanted`, message);
}

Object.assign(assert, {
  AssertionError,
  ok: assert,
  /** @param {unknown} a @param {unknown} b @param {unknown} [message] */
  equal(a, b, message) {
    if (!Object.is(a, b)) throw new AssertionError(`${shown(a)} is not ${shown(b)}`, message);
  },
  /** @param {unknown} a @param {unknown} b @param {unknown} [message] */
  notEqual(a, b, message) {
    if (Object.is(a, b)) throw new AssertionError(`both are ${shown(a)}`, message);
  },
  /** @param {unknown} a @param {unknown} b @param {unknown} [message] */
  deepEqual(a, b, message) {
    if (!same(a, b)) throw new AssertionError(`${shown(a)} is not ${shown(b)}`, message);
  },
  /** @param {unknown} a @param {unknown} b @param {unknown} [message] */
  notDeepEqual(a, b, message) {
    if (same(a, b)) throw new AssertionError(`both are ${shown(a)}`, message);
  },
  /** @param {string} text @param {RegExp} pattern @param {unknown} [message] */
  match(text, pattern, message) {
    if (!pattern.test(text)) throw new AssertionError(`${shown(text)} is not ${pattern}`, message);
  },
  /** @param {string} text @param {RegExp} pattern @param {unknown} [message] */
  doesNotMatch(text, pattern, message) {
    if (pattern.test(text)) throw new AssertionError(`${shown(text)} is ${pattern}`, message);
  },
  /** @param {unknown} [message] */
  fail(message) {
    throw new AssertionError("failed", message);
  },
  /** @param {() => unknown} work @param {unknown} [wanted] @param {unknown} [message] */
  throws(work, wanted, message) {
    try {
      work();
    } catch (error) {
      return refused(error, wanted, message);
    }
    throw new AssertionError("nothing was thrown", message);
  },
  /** @param {() => unknown} work */
  doesNotThrow(work) {
    work();
  },
  /** @param {Promise<unknown> | (() => Promise<unknown>)} work @param {unknown} [wanted] @param {unknown} [message] */
  async rejects(work, wanted, message) {
    try {
      await (typeof work === "function" ? work() : work);
    } catch (error) {
      return refused(error, wanted, message);
    }
    throw new AssertionError("nothing was thrown", message);
  },
  /** @param {Promise<unknown> | (() => Promise<unknown>)} work */
  async doesNotReject(work) {
    await (typeof work === "function" ? work() : work);
  },
});

const made = /** @type {any} */ (assert);
made.strictEqual = made.equal;
made.notStrictEqual = made.notEqual;
made.deepStrictEqual = made.deepEqual;
made.notDeepStrictEqual = made.notDeepEqual;
made.strict = made;

export const {
  ok,
  equal,
  notEqual,
  strictEqual,
  notStrictEqual,
  deepEqual,
  notDeepEqual,
  deepStrictEqual,
  notDeepStrictEqual,
  match,
  doesNotMatch,
  fail,
  throws,
  doesNotThrow,
  rejects,
  doesNotReject,
} = made;
export { AssertionError };
export default made;
