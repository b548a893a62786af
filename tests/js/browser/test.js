/** As much of `node:test` as the tests of the modules use. Tests run in their order, one by one. */

/** @typedef {(context?: unknown) => unknown} Work */
/** @typedef {{ name: string, work: Work, suite: Suite }} Waiting */

class Suite {
  /** @param {string} name @param {Suite | null} above */
  constructor(name, above) {
    this.name = name;
    this.above = above;
    this.ready = false;
    /** @type {Record<string, Work[]>} */
    this.hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
  }

  /** @returns {Suite[]} from the outermost to this */
  line() {
    return [...(this.above?.line() ?? []), this];
  }
}

let current = new Suite("", null);
/** @type {Waiting[]} */
let waiting = [];
/** @type {unknown[]} */
let describing = [];

/** @param {unknown[]} parameters @returns {{ name: string, work: Work, skip: boolean }} */
function read(parameters) {
  const name = parameters.find((one) => typeof one === "string") ?? "";
  const work = parameters.find((one) => typeof one === "function") ?? (() => undefined);
  const options = parameters.find((one) => typeof one === "object" && one !== null) ?? {};
  return /** @type {any} */ ({ name, work, skip: Boolean(/** @type {any} */ (options).skip) });
}

/** @param {...unknown} parameters */
export function test(...parameters) {
  const { name, work, skip } = read(parameters);
  if (!skip) waiting.push({ name, work, suite: current });
}

/** @param {...unknown} parameters */
export function describe(...parameters) {
  const { name, work } = read(parameters);
  const above = current;
  current = new Suite(name, above);
  describing.push(work());
  current = above;
}

test.skip = () => undefined;
describe.skip = () => undefined;
export const it = test;
export const suite = describe;
export default test;

/** @type {(work: Work) => void} */
export const before = (work) => void current.hooks.before?.push(work);
/** @type {(work: Work) => void} */
export const after = (work) => void current.hooks.after?.push(work);
/** @type {(work: Work) => void} */
export const beforeEach = (work) => void current.hooks.beforeEach?.push(work);
/** @type {(work: Work) => void} */
export const afterEach = (work) => void current.hooks.afterEach?.push(work);

/** What `context.test` is for: a test within a test runs at once, and fails with it. */
const context = {
  /** @param {...unknown} parameters */
  async test(...parameters) {
    const { work, skip } = read(parameters);
    if (!skip) await work(context);
  },
  diagnostic() {},
};

/** @param {Waiting} one @returns {Promise<void>} */
async function run({ work, suite: mine }) {
  for (const each of mine.line()) {
    if (!each.ready) for (const hook of each.hooks.before ?? []) await hook();
    each.ready = true;
  }
  for (const each of mine.line()) for (const hook of each.hooks.beforeEach ?? []) await hook();
  try {
    await work(context);
  } finally {
    for (const each of mine.line()) for (const hook of each.hooks.afterEach ?? []) await hook();
  }
}

/** Runs what was registered since the last call. @returns {Promise<{name: string, error: string}[]>} */
export async function results() {
  await Promise.all(describing);
  const [tests, found] = [waiting, /** @type {{ name: string, error: string }[]} */ ([])];
  [waiting, describing, current] = [[], [], new Suite("", null)];
  for (const one of tests) {
    const name = [...one.suite.line().map((each) => each.name), one.name].filter(Boolean).join(", ");
    try {
      await run(one);
      found.push({ name, error: "" });
    } catch (error) {
      found.push({ name, error: `${error}\n${error instanceof Error ? error.stack : ""}` });
    }
  }
  return found;
}
