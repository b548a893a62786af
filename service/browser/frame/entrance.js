/** The two ways to sign in, as a part of a page and as a dialog over one. */

import { signInWithPasskey, signInWithPhrase } from "../keys/signin.js";
import { button, element } from "./element.js";

/** @typedef {{ person: string, name: string }} Who */
/**
 * @typedef {object} Entering
 * @property {(who: Who) => void} entered
 * @property {(error: unknown) => void} failed
 * @property {(on: boolean) => void} doing signing in is going on, or is over
 */

/** A field of its own kind. @param {Record<string, string | boolean>} attributes */
const input = (attributes) => /** @type {HTMLInputElement} */ (element("input", attributes));

/**
 * Runs one way at a time, with its buttons still.
 *
 * @param {Entering} entering
 * @param {() => HTMLElement[]} buttons
 * @returns {(way: () => Promise<Who>) => Promise<void>}
 */
function oneAtATime({ entered, failed, doing }, buttons) {
  let running = false;
  return async (way) => {
    if (running) return;
    running = true;
    for (const one of buttons()) one.setAttribute("disabled", "");
    doing(true);
    try {
      const who = await way();
      doing(false);
      entered(who);
    } catch (error) {
      doing(false);
      failed(error);
    } finally {
      running = false;
      for (const one of buttons()) one.removeAttribute("disabled");
    }
  };
}

/**
 * The cards of both ways, the passkey's first. Words that were typed go with the form.
 *
 * @param {Entering} entering
 * @returns {HTMLElement[]}
 */
export function ways(entering) {
  const passkey = button("Sign in with a passkey", () => void enter(signInWithPasskey));
  passkey.className = "go";
  const email = input({ id: "sign-in-email", name: "email", type: "email", autocomplete: "username", required: true });
  const words = input({
    id: "sign-in-words",
    type: "password",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": "sign-in-hint",
    required: true,
  });
  const shown = input({ type: "checkbox" });
  shown.addEventListener("change", () => {
    words.type = shown.checked ? "text" : "password";
  });
  const submit = element("button", { type: "submit" }, "Sign in with the phrase");
  const form = phraseForm(email, words, shown, submit);
  const enter = oneAtATime(entering, () => [passkey, submit]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void enter(async () => {
      const who = await signInWithPhrase(email.value.trim(), words.value);
      words.value = "";
      return who;
    });
  });
  return [
    element(
      "section",
      { class: "card", "aria-labelledby": "with-passkey" },
      element("h2", { id: "with-passkey" }, "With your passkey"),
      element("p", {}, "The one you made on this device, or that your devices share. You need not say who you are."),
      element("div", { class: "buttons" }, passkey),
    ),
    element(
      "section",
      { class: "card", "aria-labelledby": "with-phrase" },
      element("h2", { id: "with-phrase" }, "With your recovery phrase"),
      form,
    ),
  ];
}

/** @param {HTMLElement} email @param {HTMLElement} words @param {HTMLElement} shown
 * @param {HTMLElement} submit */
function phraseForm(email, words, shown, submit) {
  const hint =
    "The eleven words from your sheet. They never leave this device; what is sent only proves that you have them.";
  return element(
    "form",
    { class: "form" },
    element("div", { class: "field" }, element("label", { for: "sign-in-email" }, "E-mail address"), email),
    element(
      "div",
      { class: "field" },
      element("label", { for: "sign-in-words" }, "Recovery phrase"),
      element("p", { class: "hint", id: "sign-in-hint" }, hint),
      words,
      element("label", { class: "choice" }, shown, "Show what I type"),
    ),
    element("div", { class: "buttons" }, submit),
  );
}
