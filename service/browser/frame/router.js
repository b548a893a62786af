/** Shows the view that the address asks for, and follows links between views without a load. */

import { arrived } from "../link/start.js";
import { announce, empty, part, Place } from "./place.js";
import { find } from "./route.js";

/** @typedef {import("./route.js").View} View */
/** @typedef {import("./route.js").Route} Route */
/**
 * @typedef {object} Routing
 * @property {readonly View[]} views
 * @property {(place: Place, error: unknown, route: Route) => void} failed shows why a view is not
 * @property {(place: Place) => void} lost shows that no view has this address
 * @property {() => boolean} busy an act runs: nobody leaves in the middle of it
 * @property {() => boolean} alarmed the page is not to be used any more: only a load leaves it
 */

const SLOW = 300; // milliseconds after which loading is said
const SAID = "said"; // where a page that is loaded whole finds what it has to say
let leaving = new AbortController();
/** @type {Routing} */
let routing;

/** Begins with the address as it is. @param {Routing} given @returns {void} */
export function begin(given) {
  routing = given;
  history.scrollRestoration = "manual";
  document.addEventListener("click", follow);
  addEventListener("popstate", () => void enter(history.state?.scroll ?? 0));
  // A page that the browser kept for "back" shows what was: it is built anew.
  addEventListener("pageshow", (event) => event.persisted && void enter(scrollY));
  arrived();
  void enter(history.state?.scroll ?? 0, false);
}

/** Builds the view anew, at the same address. @returns {Promise<void>} */
export function again() {
  return enter(scrollY);
}

/**
 * Goes to an address of ours: to a view without a load, to a page that the server draws with one.
 * @param {string} path with its query @param {string} [sentence] what is said there
 * @returns {void}
 */
export function go(path, sentence = "") {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) throw new Error("no way out of this service from here");
  if (find(routing.views, url) === null) {
    if (sentence) sessionStorage.setItem(SAID, sentence);
    location.assign(url);
    return;
  }
  remember();
  history.pushState({ scroll: 0 }, "", url);
  void enter(0).then(() => new Place(leaving.signal, go).say(sentence));
}

/** Keeps how far down this page is, for whoever comes back. @returns {void} */
function remember() {
  history.replaceState({ ...history.state, scroll: scrollY }, "");
}

/** Takes plain left clicks on links to views; all others are the browser's. @param {MouseEvent} event */
function follow(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  const here = url.pathname === location.pathname && url.search === location.search;
  if (url.origin !== location.origin || (here && url.hash)) return;
  if (routing.alarmed() || find(routing.views, url) === null) return;
  event.preventDefault();
  if (routing.busy()) return;
  go(url.pathname + url.search);
}

/**
 * @param {number} scroll where to stand afterwards
 * @param {boolean} [moved] false for the first view of a load: what it has to say stays
 */
async function enter(scroll, moved = true) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const place = new Place(signal, go);
  if (moved) empty();
  const found = find(routing.views, new URL(location.href));
  if (found === null) return routing.lost(place);
  const slow = setTimeout(() => {
    part("main").setAttribute("aria-busy", "true");
    announce("Loading …");
  }, SLOW);
  try {
    const { show } = await found.view.load();
    if (!signal.aborted) await show(place, found.route, signal);
  } catch (error) {
    if (!signal.aborted) routing.failed(place, error, found.route);
  } finally {
    clearTimeout(slow);
    if (!signal.aborted) {
      part("main").removeAttribute("aria-busy");
      scrollTo(0, scroll);
    }
  }
}
