/** Shows the view that the address asks for, and follows links between views without a load. */

import { environment } from "../link/environment.js";
import { arrived } from "../link/start.js";
import { announce, empty, part, Place } from "./place.js";
import { find } from "./route.js";
import { checked } from "./values.js";

/** @typedef {import("./route.js").View} View */
/** @typedef {import("./route.js").Route} Route */
/**
 * @typedef {object} Routing
 * @property {readonly View[]} views
 * @property {(place: Place, error: unknown) => void} failed shows why a view is not
 * @property {(place: Place) => void} lost shows that no view has this address
 * @property {() => boolean} busy an act runs: nobody leaves in the middle of it
 * @property {() => boolean} alarmed the page is not to be used any more: only a load leaves it
 * @property {(view: View | null) => void} entering a view is about to be shown; null: none
 * @property {(signal: AbortSignal) => void} entered it was shown
 */
/** @typedef {{ scroll?: number, sentence?: string, first?: boolean }} Entry where to stand then, what
 *   to say, and whether it is the first of a load, when what the page has to say stays */

const SLOW = 300; // milliseconds after which loading is said
const SETTLED = 200; // milliseconds after which a place on the page is kept
const SAID = "said"; // where a page that is loaded whole finds what it has to say
let leaving = new AbortController();
let shown = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let scrolling;
/** @type {Routing} */
let routing;
/** @type {Place} */
let place;

/** Begins with the address as it is. @param {Routing} given @returns {void} */
export function begin(given) {
  routing = given;
  history.scrollRestoration = "manual";
  document.addEventListener("click", follow);
  addEventListener("popstate", moved);
  addEventListener("scroll", () => {
    clearTimeout(scrolling);
    scrolling = setTimeout(remember, SETTLED);
  });
  addEventListener("beforeunload", (event) => place.held() && event.preventDefault());
  // A page that the browser kept for "back" shows what was: it is built anew.
  addEventListener("pageshow", (event) => event.persisted && void again());
  arrived();
  void enter({ scroll: history.state?.scroll, first: true });
}

/** Builds the view anew, at the same address. @returns {Promise<void>} */
export const again = () => enter({ scroll: scrollY });

/** Takes the view out of the page, and ends its calls. @returns {Place} for what is shown instead */
export function leave() {
  leaving.abort();
  leaving = new AbortController();
  clearTimeout(scrolling);
  place = new Place(leaving.signal, go);
  empty();
  scrollTo(0, 0);
  return place;
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
  history.pushState({}, "", url);
  void enter({ sentence });
}

/** Keeps how far down this page is, for whoever comes back. @returns {void} */
function remember() {
  clearTimeout(scrolling);
  history.replaceState({ scroll: scrollY }, "");
}

/** @returns {string} what a view depends on; a fragment alone is the browser's */
const address = () => location.pathname + location.search;

/** Back and forward. Who would lose something stays, if they say so. @returns {void} */
function moved() {
  clearTimeout(scrolling);
  if (address() === shown) return;
  if (mayLeave()) void enter({ scroll: history.state?.scroll });
  else history.pushState({}, "", shown);
}

/** @returns {boolean} */
function mayLeave() {
  if (routing.busy()) return false;
  return !place.held() || environment.confirm?.("Leave this page? What you began here is lost.") !== false;
}

/** Takes plain left clicks on links to views; all others are the browser's.
 * @param {MouseEvent} event @returns {void} */
function follow(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  const path = url.pathname + url.search;
  if (url.origin !== location.origin || (path === shown && url.hash)) return;
  if (routing.alarmed() || find(routing.views, url) === null) return;
  event.preventDefault();
  if (mayLeave()) go(path);
}

/** @param {Entry} entry @returns {Promise<void>} */
async function enter({ scroll = 0, sentence = "", first = false }) {
  if (first) place = new Place(leaving.signal, go);
  else leave();
  shown = address();
  const { signal } = leaving;
  const found = find(routing.views, new URL(location.href));
  routing.entering(found?.view ?? null);
  if (sentence) place.say(checked(sentence));
  const slow = setTimeout(loading, SLOW);
  try {
    if (found === null) routing.lost(place);
    else {
      const { show } = await found.view.load();
      if (!signal.aborted) await show(place, found.route, signal);
    }
  } catch (error) {
    if (!signal.aborted) routing.failed(place, error);
  } finally {
    clearTimeout(slow);
  }
  if (signal.aborted) return;
  part("main").removeAttribute("aria-busy");
  if (scroll > 0 && scrollY === 0) scrollTo(0, scroll); // unless they have scrolled meanwhile
  routing.entered(signal);
}

function loading() {
  part("main").setAttribute("aria-busy", "true");
  announce("Loading …");
}
