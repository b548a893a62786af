/** What went wrong, in words: what happened, that nothing was lost or sent, and what to do. */

import { ApiRefusal, ClientRefusal, Unreachable } from "../link/errors.js";
import { oneLine } from "./make.js";

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
export const signedOut = (error) => error instanceof ApiRefusal && error.code === "not-signed-in";

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
