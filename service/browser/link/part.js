/** Parts of a page that are loaded when an act needs them. */

import { ClientRefusal } from "./errors.js";

/**
 * Wait for `import()`. On a bad network a part may not come; nothing has happened then.
 *
 * @template T
 * @param {Promise<T>} loading
 * @returns {Promise<T>}
 */
export async function part(loading) {
  try {
    return await loading;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // anything else is a mistake in it
    throw new ClientRefusal(
      "unreachable",
      "a part of this page could not be loaded; nothing was signed",
      "look at your connection, and try again",
    );
  }
}

/**
 * What loads a part once; one that did not come is tried again.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
export function loader(load) {
  /** @type {Promise<T> | undefined} */
  let loading;
  return () =>
    (loading ??= part(load()).catch((error) => {
      loading = undefined;
      throw error;
    }));
}
