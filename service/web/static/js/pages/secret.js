/**
 * A password on the page: hidden, shown for 30 seconds, copied with a wish to clear it.
 *
 * It is in one text node while it is shown, and nowhere else in the document.
 */

import { byId, text } from "./dom.js";

const SHOWN = 30; // seconds
const COPIED = 60;
const HIDDEN = "•".repeat(16);

/**
 * Let the buttons `show` and `copy` hand out a password.
 *
 * @param {() => string} password
 * @returns {() => void} hides it
 */
export function handOut(password) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const button = byId("show");
  const hide = () => {
    clearTimeout(timer);
    text(byId("secret"), HIDDEN);
    text(button, `Show for ${SHOWN} s`);
    timer = undefined;
  };
  button.addEventListener("click", () => {
    if (timer !== undefined) return hide();
    byId("secret").replaceChildren(document.createTextNode(password()));
    text(button, "Hide");
    timer = setTimeout(hide, SHOWN * 1000);
  });
  byId("copy").addEventListener("click", () => void copy(password()));
  window.addEventListener("pagehide", hide);
  document.addEventListener("visibilitychange", () => document.hidden && hide());
  return hide;
}

/** @param {string} password */
async function copy(password) {
  try {
    await navigator.clipboard.writeText(password);
  } catch {
    text(byId("secret-told"), "The browser did not let it be copied. Show it, and type it.");
    return;
  }
  text(byId("secret-told"), `Copied. The clipboard is asked to forget it after ${COPIED} s.`);
  setTimeout(() => void forget(), COPIED * 1000);
}

async function forget() {
  try {
    await navigator.clipboard.writeText("");
    text(byId("secret-told"), "The clipboard was cleared; a history of it may still have it.");
  } catch {
    text(byId("secret-told"), "The clipboard could not be cleared: copy something else now.");
  }
}
