/** Which view an address asks for. Pure: the same in Node. */

/**
 * @typedef {object} Route
 * @property {string} name of the view
 * @property {string} path as it stands in the address, without query and fragment
 * @property {Readonly<Record<string, string>>} at what the address names: `account`, `request`, …
 * @property {URLSearchParams} query of which a view reads the names that it knows
 */
/**
 * @typedef {object} View
 * @property {string} name
 * @property {string} path a pattern: `/accounts/<account>/seal`
 * @property {boolean} [open] for people who are not signed in: it asks nobody to sign in
 * @property {() => Promise<{ show: Show }>} load
 */
/** @typedef {(place: import("./place.js").Place, route: Route, signal: AbortSignal) =>
 *   Promise<void> | void} Show */

/** What may stand for a name in an address. The service decides what is there. */
const PART = "([A-Za-z0-9._-]{1,100})";

/**
 * @param {readonly View[]} views
 * @param {URL} url
 * @returns {{ view: View, route: Route } | null} null: no view has this address
 */
export function find(views, url) {
  for (const view of views) {
    const names = [...view.path.matchAll(/<(\w+)>/g)].map((found) => found[1]);
    const pattern = new RegExp(`^${view.path.replaceAll(/<\w+>/g, PART)}$`);
    const found = pattern.exec(url.pathname);
    if (found === null) continue;
    const at = Object.fromEntries(names.map((name, index) => [name, found[index + 1]]));
    const { name } = view;
    return { view, route: { name, path: url.pathname, at, query: url.searchParams } };
  }
  return null;
}

/**
 * An address of ours to go on to, or `/`: one leading slash, on this origin.
 *
 * @param {string | null} wanted
 * @param {string} origin
 * @returns {string}
 */
export function onward(wanted, origin) {
  if (wanted === null || !/^\/(?![/\\])/.test(wanted) || !URL.canParse(wanted, origin)) return "/";
  const url = new URL(wanted, origin);
  return url.origin === origin ? url.pathname + url.search : "/";
}
