/** What went wrong, in words: what happened, that nothing was lost or sent, and what to do. */
import {
  ALARMS,
  ApiRefusal,
  ClientRefusal,
  EpochBegan,
  OtherKeys,
  SecondPress,
  Unreachable,
} from "../link/errors.js";
import { alarm } from "./alarm.js"; // at once: what is to be distrusted is not asked for it
import { alert, button, element, oneLine } from "./dom.js";

/** @type {Record<string, string>} what to do about a refusal of the service */
const ADVICE = {
  "stale-session": "Try once more: the proof that it is you has to be fresh.",
  "rate-limited": "Too many attempts: wait a few minutes.",
  "sign-in-failed":
    "Check the address and the words; if you have neither passkey nor phrase any more, ask an " +
    "operator for a new link.",
  busy: "Others are writing at this moment: try again.",
  conflict: "Somebody was faster. Load the page again and look.",
  "wrong-state": "It has moved on. Load the page again and look.",
  expired: "It is over. Ask again if it is still needed.",
  "window-over": "Ask again if it is still needed; the password has to be changed in any case.",
  "stale-roster": "The roster has changed. Load the page again and look.",
  "not-found": "It is gone, or not yours to see. Go back and look.",
};

/** Capital at the start, full stop at the end. @param {string} text @returns {string} */
function whole(text) {
  const line = oneLine(text);
  const start = line.slice(0, 1).toUpperCase() + line.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** @param {unknown} error @returns {boolean} */
const signedOut = (error) => error instanceof ApiRefusal && error.code === "not-signed-in";

/** The sentence for whatever was thrown. @param {unknown} error @returns {string} */
export function refusalText(error) {
  if (error instanceof Unreachable) {
    return (
      "No answer came. Nothing is known to have arrived, and nothing is lost: sending again sends " +
      "the very same signed act, which cannot count twice."
    );
  }
  if (signedOut(error)) return "You are signed out. Nothing was signed or sent.";
  if (error instanceof ApiRefusal) {
    return `${whole(error.message)} Nothing was changed. ${ADVICE[error.code] ?? ""}`.trim();
  }
  if (error instanceof ClientRefusal) {
    return `${whole(error.message)} ${error.hint ? whole(error.hint) : ""}`.trim();
  }
  if (error instanceof DOMException && error.name === "NotAllowedError") {
    return "The passkey was not used: it was cancelled, or took too long. Nothing was signed.";
  }
  return "This page failed, and nothing is known to have been sent. Load it again and try again.";
}

/**
 * Shows what was thrown, with the way out that there is.
 * @param {unknown} error
 * @param {{ send?: () => void, on?: () => void, acted?: boolean, leaves?: string[] }} [given]
 *   `send` sends the same bytes again; `on` goes on after the second press; `acted`: something was
 *   being sent, so that an alarm says it has arrived; `leaves`: what an alarm leaves to be pressed
 * @returns {void}
 */
export function showRefusal(error, { send, on, acted = false, leaves = [] } = {}) {
  if (error instanceof ClientRefusal && ALARMS.has(error.code)) {
    alarm(error, acted, leaves);
    return;
  }
  const place = alert(element("p", {}, refusalText(error)));
  if (send) place.append(button("Send again", send));
  if (error instanceof SecondPress && on) place.append(button("Go on all the same", () => pressed(error, on)));
  if (error instanceof EpochBegan) {
    void import("./epoch.js").then(({ offer }) => offer(error, place, showRefusal), showRefusal);
  }
  if (error instanceof OtherKeys || signedOut(error)) {
    void import("./waysOut.js").then(({ offer }) => offer(error, place, showRefusal), showRefusal);
  }
}

/** @param {SecondPress} error @param {() => void} on */
function pressed(error, on) {
  error.press();
  alert();
  on();
}
