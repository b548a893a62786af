/** Paths are URLs here. */

/** @param {string | URL} url @returns {string} */
export const fileURLToPath = (url) => String(url);

/** @param {string} path @returns {string} */
export const dirname = (path) => path.replace(/\/[^/]*$/, "");

/** @param {string} first @param {...string} parts @returns {string} */
export const join = (first, ...parts) =>
  parts.reduce((base, part) => String(new URL(part, `${base}/`)).replace(/\/$/, ""), first);

export const resolve = join;

/** @param {string} path @returns {string} */
export const basename = (path) => path.split("/").pop() ?? "";

/** @param {string} path @returns {URL} */
export const pathToFileURL = (path) => new URL(path);

export default { dirname, join, resolve, basename };
