/**
 * Forms of pages that act: what is wrong stands beside its input, and nothing typed is lost.
 *
 * A form is never sent by the browser itself; its button runs an act.
 */

import { byId, text } from "./dom.js";
import { refusalText } from "./refusal.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Input */

/**
 * What stands in an input, without white space around it.
 *
 * @param {string} id
 * @returns {string}
 */
export function value(id) {
  return /** @type {Input} */ (byId(id)).value.trim();
}

/**
 * The chosen radio button's value, "" for none.
 *
 * @param {string} name
 * @returns {string}
 */
export function chosen(name) {
  return checked(name)[0] ?? "";
}

/**
 * Values of what is checked, in the order of the page.
 *
 * @param {string} name
 * @returns {string[]}
 */
export function checked(name) {
  const found = document.querySelectorAll(`input[name="${name}"]:checked`);
  return Array.from(found, (input) => /** @type {HTMLInputElement} */ (input).value);
}

/**
 * Say beside an input (or a group of them) what is wrong with it; "" takes that back.
 *
 * @param {string} id
 * @param {string} sentence
 */
export function wrong(id, sentence) {
  const told = byId(`${id}-error`);
  text(told, sentence);
  told.hidden = !sentence;
  const input = byId(id);
  if (!input.matches("input, textarea, select")) return;
  if (sentence) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/**
 * Take back all that was said in a form.
 *
 * @param {HTMLElement} form
 */
export function clear(form) {
  for (const told of form.querySelectorAll(".error")) {
    const id = told.id.replace(/-error$/, "");
    if (document.getElementById(id)) wrong(id, "");
  }
}

/**
 * Check a form before anybody is asked for a key: each rule is an id, whether it is met, and the
 * sentence otherwise. The first input that is wrong gets the focus.
 *
 * @param {HTMLElement} form
 * @param {[string, boolean, string][]} rules
 * @returns {boolean}
 */
export function check(form, rules) {
  clear(form);
  const broken = rules.filter(([, met]) => !met);
  for (const [id, , sentence] of broken) wrong(id, sentence);
  const first = broken[0] && byId(broken[0][0]);
  (first?.matches("fieldset") ? first.querySelector("input") : first)?.focus();
  first?.scrollIntoView({ block: "center" });
  return broken.length === 0;
}

/**
 * Let a button act only when `ready` says so. Call it before the button's own act is attached.
 *
 * @param {HTMLElement} form
 * @param {HTMLElement} button
 * @param {() => boolean} ready
 */
export function guard(form, button, ready) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    const id = /** @type {HTMLElement} */ (target).id;
    if (document.getElementById(`${id}-error`)) wrong(id, "");
  });
  button.addEventListener("click", (event) => {
    if (ready()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
}

/**
 * Run something; a refusal with one of these codes is also said beside an input.
 *
 * @template T
 * @param {Record<string, string>} places from a refusal's code to an input's id
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function besides(places, run) {
  try {
    return await run();
  } catch (error) {
    const refusal = /** @type {{code?: string}} */ (error);
    const id = places[refusal.code ?? ""];
    if (id) wrong(id, refusalText(error));
    throw error;
  }
}
