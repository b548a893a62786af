/** Ways out of a refusal that are seldom needed: signing in again, and going on with new keys. */
import { OtherKeys } from "../link/errors.js";
import { alert, button, element, say } from "./dom.js";

/**
 * @param {unknown} error that this browser has other keys, or that the person is signed out
 * @param {HTMLElement} place where the refusal is
 * @param {(error: unknown) => void} failed
 * @returns {void}
 */
export function offer(error, place, failed) {
  if (error instanceof OtherKeys) {
    const words = "I enrolled anew: forget the old keys here";
    place.append(button(words, () => void forget().catch(failed)));
    return;
  }
  place.append(...signIn());
}

/** Only the person can know that their keys are new; the next act unlocks and compares them. */
async function forget() {
  await (await import("../keys/unlock.js")).forgetKeys();
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
