/** Before someone asks, seals or signs a first roster beside an older line that names them. */

import { otherLines } from "../acts/lines.js";
import { listing } from "../link/render.js";
import { byId, element, say } from "./dom.js";

/**
 * Hold the button back until it is known which other lines there are, and until anyone who is named
 * in an older one has typed a yes. Other lines that can act are said.
 *
 * @param {string} account
 * @param {HTMLElement} button
 * @param {() => boolean} [besides] whether this act needs none of it
 * @returns {() => Promise<void>} finds out; again where it failed
 */
export function heldForLines(account, button, besides = () => false) {
  let known = false;
  let free = false;
  const typed = /** @type {HTMLInputElement} */ (
    element("input", { id: "line-typed", autocomplete: "off", autocapitalize: "off" })
  );
  const hold = (/** @type {Event} */ event) => {
    if (besides() || free || (known && typed.value.trim().toLowerCase() === "yes")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (known) typed.focus();
    else say("It is not known yet which other lines this account has.");
  };
  button.addEventListener("click", hold, { capture: true });
  return async () => {
    if (known) return;
    const { able, hidden, mine } = await otherLines(account);
    known = true;
    free = mine.length === 0;
    if (able.length) {
      tell(`${listing(able)} of this AWS account can act today: ask why ${account} is needed.`);
    }
    if (hidden.length) {
      tell(
        `This browser has verified a roster of ${listing(hidden)}, of the same AWS account, and the ` +
          "service does not show it: ask its people before you go on.",
      );
    }
    if (free) return;
    const why = `You are named in ${listing(mine)}, older than ${account}. To go on here, type yes:`;
    tell(element("label", { for: "line-typed" }, why), typed);
  };
}

/** @param {(string | Node)[]} parts */
function tell(...parts) {
  byId("status").after(element("p", { class: "banner wait" }, ...parts));
}
