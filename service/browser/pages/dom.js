/** Small ways into the page. */
import { make, oneLine } from "../frame/make.js";

export { button } from "../frame/element.js";
export { oneLine } from "../frame/make.js";

/** Makes an element on a page that the server drew; views have their own.
 * @param {string} tag @param {Record<string, string | boolean>} [attributes]
 * @param {...(Node | string)} children strings become text @returns {HTMLElement} */
export const element = (tag, attributes = {}, ...children) => make(tag, attributes, children);

/**
 * @param {string} id
 * @returns {HTMLElement} the element; without it the page is not the one this module is for
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`this page has no ${id}`);
  return found;
}

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement[]} */
export function all(selector, within = document) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll(selector))];
}

/** @param {Element} element @param {string} string @returns {void} */
export function text(element, string) {
  element.textContent = string;
}

/** @param {Element} shown @returns {void} */
export const show = (shown) => shown.removeAttribute("hidden");

/** @param {Element} hidden @returns {void} */
export const hide = (hidden) => hidden.setAttribute("hidden", "");

/** Writes what was verified wherever the page has a place for it.
 * @param {Record<string, string>} facts @returns {void} */
export function verified(facts) {
  for (const [name, value] of Object.entries(facts)) {
    for (const place of all(`[data-verified="${name}"]`)) text(place, oneLine(value));
  }
}

// A page that the browser kept for "back" shows what was; nothing of it may be acted on. Where the
// frame is, that builds the view anew.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.getElementById("live") === null) location.reload();
});

const SAID = "said";

/** Goes to another page, which then says the sentence.
 * @param {string} path @param {string} sentence @returns {void} */
export function goOn(path, sentence) {
  sessionStorage.setItem(SAID, sentence);
  if (path === location.pathname + location.search) location.reload();
  else location.assign(path);
}

/** Says what happened in the page's status line.
 * @param {string} sentence @returns {void} */
export function say(sentence) {
  const status = byId("status");
  status.toggleAttribute("hidden", sentence === "");
  text(status, sentence);
}

/** Says what went wrong. @param {...(Node | string)} parts @returns {HTMLElement} */
export function alert(...parts) {
  const place = byId("alert");
  place.replaceChildren(...parts);
  place.toggleAttribute("hidden", parts.length === 0);
  if (parts.length > 0) place.scrollIntoView({ block: "nearest" });
  return place;
}

const said = sessionStorage.getItem(SAID);
if (said !== null) {
  sessionStorage.removeItem(SAID);
  say(said);
}
