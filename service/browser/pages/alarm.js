/** The whole page for one message. A failed check of the log is not told by the log's own notices. */
import { alert, element, oneLine } from "./dom.js";

let raised = false;

/** Whether this page is not to be used any more. @returns {boolean} */
export const alarmed = () => raised;

/**
 * Takes the page: whoever caused this controls what it shows, so nothing is pressed here any more.
 * @param {{ code: string, message: string }} error
 * @param {boolean} acted an act had been sent when it was noticed
 * @param {readonly string[]} [leaves] ids of what can still be pressed: saying no takes nothing away
 * @returns {void}
 */
export function alarm({ code, message }, acted, leaves = []) {
  raised = true;
  const what = `What this browser found: ${oneLine(message)} (${code}).`;
  const dialog = /** @type {HTMLDialogElement} */ (
    element(
      "dialog",
      { class: "alarm", role: "alertdialog", "aria-labelledby": "alarm-title", "aria-describedby": "alarm-do" },
      element("h2", { id: "alarm-title" }, "The log of this service is not what it was"),
      element(
        "p",
        { id: "alarm-do" },
        element("b", {}, "Call another custodian and an auditor now, by telephone, not through this service: "),
        "whoever rewrote its log also decides which notices go out and what this page shows.",
      ),
      element(
        "p",
        {},
        "Approve, sign and type nothing here until they have compared their checkpoints with yours.",
      ),
      acted
        ? element("p", {}, "What you did just now had been sent before this was noticed. Tell them that, too.")
        : element("p", {}, "Nothing was signed or sent."),
      element("p", { class: "muted" }, what),
      element("button", { type: "button", class: "no" }, "I have called somebody"),
    )
  );
  let called = false;
  dialog.lastElementChild?.addEventListener("click", () => {
    called = true;
    dialog.close();
  });
  // Escape is pressed too easily, and browsers let nobody forbid it twice.
  dialog.addEventListener("close", () => (called ? dialog.remove() : dialog.showModal()));
  alert(
    element("p", {}, element("b", {}, "The log of this service is not what it was. "), "Do nothing here."),
    element("p", {}, what),
  );
  for (const one of document.querySelectorAll(".act button, .act a, form.form button")) {
    one.toggleAttribute("inert", !leaves.some((id) => one.closest(`#${id}, #${id}-form`)));
  }
  document.body.append(dialog);
  dialog.showModal();
}
