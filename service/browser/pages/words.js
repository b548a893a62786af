/** Words to be written down or read out, numbered, and sheets to be printed. */

import { all, byId, element, oneLine, text } from "./dom.js";

/**
 * Fill a list with words, each an item of its own so that the sixth can be asked for.
 *
 * @param {string} id of an `ol`
 * @param {readonly string[]} words
 */
export function showWords(id, words) {
  byId(id).replaceChildren(...words.map((word) => element("li", {}, word)));
}

/** @param {string} id */
export function forgetWords(id) {
  byId(id).replaceChildren();
}

/**
 * Fill the blanks of a sheet: `data-print="name"` and so on; date and host are known here.
 *
 * @param {Record<string, string>} facts
 */
export function fillSheet(facts) {
  const date = new Date().toISOString().slice(0, 10);
  for (const [name, fact] of Object.entries({ date, host: location.host, ...facts })) {
    for (const place of all(`[data-print="${name}"]`)) text(place, oneLine(fact));
  }
}

/**
 * Sentences as items of a list.
 *
 * @param {string} id of an `ul`
 * @param {readonly string[]} lines
 * @param {string} [empty] what to say when there are none
 */
export function showLines(id, lines, empty = "Nothing that counts changes.") {
  const shown = lines.length ? lines : [empty];
  byId(id).replaceChildren(...shown.map((line) => element("li", {}, oneLine(line))));
}
