/** What went wrong, in words: what happened, that nothing was lost or sent, and what to do. */
import { ApiRefusal, ClientRefusal, Unreachable } from "../client/errors.js";
import { alert, element, oneLine } from "./dom.js";

/** Whoever caused one of these controls what this page shows: nothing on it is to be believed. */
const ALARMS = new Set([
  "log-forked",
  "log-rewound",
  "log-key-changed",
  "log-not-signed",
  "log-receipt-forged",
  "log-receipt-wrong-leaf",
]);

/** @type {Record<string, string>} what to do about a refusal of the service */
const ADVICE = {
  "not-signed-in": "Your session is over: sign in again; what you see here stays as it is.",
  "stale-session": "Try once more: the proof that it is you has to be fresh.",
  "rate-limited": "Too many attempts: wait a few minutes.",
  busy: "Others are writing at this moment: try again.",
  conflict: "Somebody was faster. Load the page again and look.",
  "wrong-state": "It has moved on. Load the page again and look.",
  expired: "It is over. Ask again if it is still needed.",
  "stale-roster": "The roster has changed. Load the page again and look.",
};

/** Capital at the start, full stop at the end. @param {string} text @returns {string} */
function whole(text) {
  const line = oneLine(text);
  const start = line.slice(0, 1).toUpperCase() + line.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** The sentence for whatever was thrown. @param {unknown} error @returns {string} */
export function refusalText(error) {
  if (error instanceof Unreachable) {
    return (
      "No answer came. Nothing is known to have arrived, and nothing is lost: sending again sends " +
      "the very same signed act, which cannot count twice."
    );
  }
  if (error instanceof ApiRefusal) {
    return `The service refused: ${whole(error.message)} ${ADVICE[error.code] ?? ""}`.trim();
  }
  if (error instanceof ClientRefusal) {
    return `${whole(error.message)} ${error.hint ? whole(error.hint) : ""}`.trim();
  }
  if (error instanceof DOMException && error.name === "NotAllowedError") {
    return "The passkey was not used: it was cancelled, or took too long. Nothing was signed.";
  }
  return "This page failed, and nothing is known to have been sent. Load it again and try again.";
}

/** Shows what was thrown; with `send`, a button that sends the same bytes again.
 * @param {unknown} error @param {(() => void) | null} [send] @returns {void} */
export function showRefusal(error, send = null) {
  if (error instanceof ClientRefusal && ALARMS.has(error.code)) {
    alarm(error);
    return;
  }
  const place = alert(element("p", {}, refusalText(error)));
  if (send !== null) {
    const button = element("button", { type: "button", id: "send-again" }, "Send again");
    button.addEventListener("click", send);
    place.append(button);
  }
}

/** The whole page for one message. A failed check of the log is not told by the log's own notices.
 * @param {ClientRefusal} error @returns {void} */
function alarm(error) {
  const dialog = /** @type {HTMLDialogElement} */ (
    element(
      "dialog",
      { class: "alarm", "aria-labelledby": "alarm-title" },
      element("h2", { id: "alarm-title", class: "wrong" }, "The log of this service is not what it was"),
      element("p", {}, whole(error.message)),
      element(
        "p",
        {},
        "Call another custodian and an auditor now, by telephone, not through this service: whoever " +
          "rewrote its log also decides which notices go out and what this page shows.",
      ),
      element(
        "p",
        {},
        "Approve, sign and type nothing here until they have compared their checkpoints with yours. " +
          `Tell them this code: ${error.code}.`,
      ),
      element("button", { type: "button", class: "no" }, "I have called somebody"),
    )
  );
  dialog.lastElementChild?.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}
