/** Asks for the recovery phrase in a dialog, and forgets it with the dialog. */
import { element } from "./dom.js";

/** @returns {Promise<string>} the phrase as typed, or nothing if it was given up */
export function askPhrase() {
  const input = /** @type {HTMLInputElement} */ (
    element("input", {
      id: "phrase",
      type: "password",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      "aria-describedby": "phrase-hint",
      required: true,
    })
  );
  const shown = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox" }));
  shown.addEventListener("change", () => {
    input.type = shown.checked ? "text" : "password";
  });
  const giveUp = element("button", { type: "button" }, "Give up");
  const form = /** @type {HTMLFormElement} */ (
    element(
      "form",
      { class: "form", method: "dialog" },
      element("h2", { id: "phrase-title" }, "Your recovery phrase"),
      element(
        "div",
        { class: "field" },
        element("label", { for: "phrase" }, "The words from your sheet"),
        element(
          "p",
          { class: "hint", id: "phrase-hint" },
          "They are used on this device for this one act, and are sent nowhere.",
        ),
        input,
        element("label", { class: "choice" }, shown, "Show what I type"),
      ),
      element(
        "div",
        { class: "buttons" },
        element("button", { type: "submit", class: "go" }, "Unlock"),
        giveUp,
      ),
    )
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    element("dialog", { "aria-labelledby": "phrase-title" }, form)
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    giveUp.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close("typed");
    });
    dialog.addEventListener("close", () => {
      const typed = dialog.returnValue === "typed" ? input.value : "";
      input.value = "";
      dialog.remove();
      resolve(typed);
    });
    dialog.showModal();
    input.focus();
  });
}
