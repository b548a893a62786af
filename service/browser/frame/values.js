/**
 * The two ways in which a view shows a value: as something that this browser verified or made, or
 * as the service's word. There is no third: what a view writes itself stands in its source.
 */

import { element } from "./element.js";
import { make, oneLine } from "./make.js";

/** What this browser verified with signatures, made, or was given by the person.
 * @param {string} value one line @returns {HTMLElement} */
export function checked(value) {
  return make("span", { class: "checked" }, [oneLine(value)]);
}

/** The service's word, marked as that. @param {string} value one line @returns {HTMLElement} */
export function told(value) {
  const mark = element("span", { class: "mark" }, " (the service says)");
  return make("span", { class: "told" }, [oneLine(value), mark]);
}

/**
 * Several of the service's words under one mark; `told` within it shows none of its own.
 *
 * @param {...HTMLElement} parts
 * @returns {HTMLElement}
 */
export function toldTogether(...parts) {
  const mark = element("p", { class: "mark" }, "The service says:");
  return element("div", { class: "told-together", role: "group", "aria-label": "The service says" }, mark, ...parts);
}

/** What stands in a place without the marks, for a title or to be read out.
 * @param {Element} place @returns {string} */
export function plain(place) {
  const copy = /** @type {Element} */ (place.cloneNode(true));
  for (const mark of copy.querySelectorAll(".mark")) mark.remove();
  return (copy.textContent ?? "").trim();
}
