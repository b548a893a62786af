/**
 * Comparing words by voice on a page: what no service can do for people.
 *
 * Four of the eight words of each new person are asked for, at places that chance picked; the
 * words are not in the page until they were typed, since whoever sees them nods at them.
 */

import { byId, element, text } from "./dom.js";
import { refusalText } from "./refusal.js";
import { showWords } from "./words.js";

/**
 * Ask whether others read the same eight words of a roster, if this device has to.
 *
 * @param {{words: readonly string[]} | null} compare
 * @param {(said: boolean) => void} changed
 */
export function askSame(compare, changed) {
  byId("compare").hidden = compare === null;
  if (compare === null) return;
  showWords("compare-words", compare.words);
  const box = /** @type {HTMLInputElement} */ (byId("compared"));
  box.addEventListener("change", () => changed(box.checked));
}

/**
 * One card for each person whose keys are new: four inputs, then all eight words.
 *
 * @param {readonly {person: string, name: string, isNew: boolean, positions: readonly number[]}[]} people
 * @param {(person: string, words: string[]) => readonly string[]} compare throws when they differ
 * @param {(left: number) => void} changed how many are still to be compared
 */
export function askWords(people, compare, changed) {
  byId("voices").hidden = people.length === 0;
  const left = new Set(people.map((somebody) => somebody.person));
  const cards = people.map((somebody) =>
    card(somebody, (words) => {
      const all = compare(somebody.person, words);
      left.delete(somebody.person);
      changed(left.size);
      return all;
    }),
  );
  byId("people").replaceChildren(...cards);
  changed(left.size);
}

/**
 * @param {{person: string, name: string, isNew: boolean, positions: readonly number[]}} somebody
 * @param {(words: string[]) => readonly string[]} compare
 */
function card({ person, name, isNew, positions }, compare) {
  const errorId = `words-${person}-error`;
  const inputs = positions.map((place) => input(`word-${person}-${place}`, errorId));
  const fields = positions.map((place, at) =>
    element(
      "div",
      { class: "field" },
      element("label", { for: `word-${person}-${place}` }, `Word ${place + 1}`),
      /** @type {HTMLElement} */ (inputs[at]),
    ),
  );
  const told = element("p", { class: "error", id: errorId, role: "alert" });
  told.hidden = true;
  const state = element("span", { class: "tag wait" }, isNew ? "new" : "new keys");
  const button = element("button", { type: "submit" }, `These are ${name}'s words`);
  const title = element("h3", {}, name, " ", state);
  const form = element(
    "form",
    { class: "form card voice", autocomplete: "off" },
    title,
    element("div", { class: "four" }, ...fields),
    told,
    element("div", { class: "buttons" }, button),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = inputs.map((word) => word.value.trim().toLowerCase());
    try {
      const all = compare(typed);
      text(state, "compared");
      state.className = "tag ok";
      const words = all.map((word) => element("li", {}, word));
      form.replaceChildren(title, element("ol", { class: "words" }, ...words));
    } catch (error) {
      text(told, refusalText(error));
      told.hidden = false;
    }
  });
  return form;
}

/**
 * @param {string} id
 * @param {string} describedBy
 * @returns {HTMLInputElement}
 */
function input(id, describedBy) {
  const made = element("input", {
    id,
    type: "text",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: "40",
    required: "",
    "aria-describedby": describedBy,
  });
  return /** @type {HTMLInputElement} */ (made);
}
