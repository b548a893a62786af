/** What went wrong, in words: what happened, that nothing was lost or sent, and what to do. */
import { refusalText, signedOut } from "../frame/refusals.js";
import { ALARMS, ClientRefusal, EpochBegan, OtherKeys, SecondPress } from "../link/errors.js";
import { alarm } from "./alarm.js"; // at once: what is to be distrusted is not asked for it
import { alert, button, element } from "./dom.js";

export { refusalText } from "../frame/refusals.js";

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
