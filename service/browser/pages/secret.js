/**
 * A password on the page: hidden, shown for 30 seconds, copied with a wish to clear it.
 *
 * It is in one text node while it is shown, and nowhere else in the document. Whoever looks at
 * another window meanwhile leaves nothing behind for the list of windows to picture.
 */
import { byId, text } from "./dom.js";

const SHOWN_FOR = 30; // seconds
const CLEARED_AFTER = 60;
const HIDDEN = "•".repeat(16);

/**
 * Lets two buttons hand out a password.
 * @param {{ secret: string, show: string, copy: string, told: string }} ids where it stands, what
 *   shows it, what copies it, and where is said what came of that
 * @param {() => string} password empty: there is none any more
 * @returns {() => void} hides it
 */
export function handOut({ secret, show, copy, told }, password) {
  const [place, button, said] = [byId(secret), byId(show), byId(told)];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const hide = () => {
    clearInterval(timer);
    timer = undefined;
    text(place, HIDDEN);
    text(button, `Show for ${SHOWN_FOR} s`);
  };
  button.addEventListener("click", () => {
    if (timer !== undefined || password() === "") return hide();
    const until = Date.now() + SHOWN_FOR * 1000;
    text(place, password());
    text(button, `Hide (${SHOWN_FOR} s)`);
    timer = setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 0) text(button, `Hide (${left} s)`);
      else hide();
    }, 250);
  });
  byId(copy).addEventListener("click", () => password() !== "" && void copied(password(), said));
  addEventListener("pagehide", hide);
  document.addEventListener("visibilitychange", () => document.hidden && hide());
  return hide;
}

/** @param {string} password @param {HTMLElement} said @returns {Promise<void>} */
async function copied(password, said) {
  try {
    await navigator.clipboard.writeText(password);
  } catch {
    text(said, "The browser did not let this page copy. Show it and type it.");
    return;
  }
  text(
    said,
    `Copied. This page asks the browser to clear it after ${CLEARED_AFTER} s; keep the page open. ` +
      "A clipboard history, or a clipboard shared with other devices, may keep it all the same.",
  );
  setTimeout(() => void clear(said), CLEARED_AFTER * 1000);
}

/** @param {HTMLElement} said @returns {Promise<void>} */
async function clear(said) {
  try {
    await navigator.clipboard.writeText("");
    text(said, "The clipboard was cleared.");
  } catch {
    text(said, "The browser did not clear the clipboard, since this page is not in front: copy something else.");
  }
}
