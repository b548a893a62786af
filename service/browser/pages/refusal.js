/** What went wrong, in words: what happened, that nothing was lost or sent, and what to do. */
import { ALARMS, ApiRefusal, ClientRefusal, OtherKeys, Unreachable } from "../link/errors.js";
import { alarm } from "./alarm.js"; // at once: what is to be distrusted is not asked for it
import { alert, element, oneLine, say } from "./dom.js";

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
 * @param {{ send?: () => void, on?: () => void, acted?: boolean }} [given] `send` sends the same
 *   bytes again; `on` is the second press; `acted`: something was being sent, so that an alarm says
 *   it has arrived
 * @returns {void}
 */
export function showRefusal(error, { send, on, acted = false } = {}) {
  if (error instanceof ClientRefusal && ALARMS.has(error.code)) {
    alarm(error, acted);
    return;
  }
  const place = alert(element("p", {}, refusalText(error)));
  if (send) place.append(button("Send again", send));
  if (on) place.append(button("Go on with this clock", on));
  if (error instanceof OtherKeys) place.append(button("I enrolled anew: forget the old keys here", forget));
  if (signedOut(error)) place.append(...signIn());
}

/** @param {string} words @param {() => void} press @returns {HTMLElement} */
function button(words, press) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", press);
  return made;
}

/** Only the person can know that their keys are new; the next act unlocks and compares them. */
async function forget() {
  try {
    await (await import("../keys/unlock.js")).forgetKeys();
  } catch (error) {
    showRefusal(error);
    return;
  }
  alert();
  say("This browser has forgotten your old keys.");
  const done = button("Go on with the new ones", () => location.reload());
  document.getElementById("status")?.append(" ", done);
}

/** Where one signs in; beside this page if something was typed here. @returns {HTMLElement[]} */
function signIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (
    document.querySelectorAll("main form :is(textarea, input:not([type=radio], [type=checkbox]))")
  );
  const typed = [...fields].some((field) => field.value !== field.defaultValue);
  const link = element(
    "a",
    { class: "button", href: `/sign-in?next=${next}`, ...(typed ? { target: "_blank", rel: "noopener" } : {}) },
    typed ? "Sign in beside this page" : "Sign in, and come back here",
  );
  const stays = element("p", {}, "What you typed stays here: come back, and press once more.");
  return typed ? [stays, link] : [link];
}
