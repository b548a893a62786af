/** Signing in over a view that a call found signed out; what was typed there stays. */

import { button, element } from "./element.js";
import { ways } from "./entrance.js";
import { refusalText } from "./refusals.js";

/** @typedef {import("./entrance.js").Who} Who */

/**
 * Opens the dialog.
 *
 * @returns {Promise<Who | null>} who signed in; null: nobody, it was closed
 */
export function askToSignIn() {
  const wrong = element("div", { class: "banner bad", role: "alert", hidden: true });
  const doing = element("p", { class: "banner", role: "status", hidden: true });
  /** @type {Who | null} */
  let entered = null;
  const cards = ways({
    entered: (who) => {
      entered = who;
      dialog.close();
    },
    failed: (error) => say(wrong, refusalText(error)),
    doing: (on) => {
      say(wrong, "");
      say(doing, on ? "Signing in…" : "");
    },
  });
  const dialog = /** @type {HTMLDialogElement} */ (
    element(
      "dialog",
      { "aria-labelledby": "sign-in-title", class: "sign-in" },
      element("h2", { id: "sign-in-title" }, "You are signed out"),
      element("p", {}, "Nothing was signed or sent. Sign in, and it goes on here; what you typed stays."),
      wrong,
      doing,
      ...cards,
      element("div", { class: "buttons" }, button("Not now", () => dialog.close())),
    )
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove(); // and with it whatever was typed
      resolve(entered);
    });
    dialog.showModal();
  });
}

/** @param {HTMLElement} place @param {string} sentence */
function say(place, sentence) {
  place.textContent = sentence;
  place.hidden = sentence === "";
}
