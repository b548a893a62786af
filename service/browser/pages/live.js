/** Notices within seconds that something changed; nobody who types or acts is interrupted. */
import { watch } from "../link/api.js";
import { ApiRefusal } from "../link/errors.js";
import { busy } from "./act.js";
import { alarmed } from "./alarm.js";
import { byId, element, goOn } from "./dom.js";
import { showRefusal } from "./refusal.js";

/** @returns {boolean} whether somebody has begun to type or choose */
function typing() {
  const here = document.activeElement;
  return here !== null && here.matches("input, textarea, select, dialog *");
}

let leaving = 0; // when somebody last set out for another page
addEventListener("beforeunload", () => {
  leaving = Date.now();
});
const ON_THE_WAY = 30_000; // milliseconds; after them whoever is still here has stopped it

/**
 * Loads the page anew when what is at `path` (below the API) changes, or offers to.
 * Whoever is on the way to another page arrives there: loading this one would call them back.
 * @param {string} path
 * @param {() => void} [first] once, after the first answer
 * @returns {() => void} stops looking
 */
export function live(path, first) {
  const stop = watch(path, changed, { onTrouble, first });
  return stop;

  /** @returns {void} */
  function changed() {
    if (alarmed()) return; // it would go with the page
    if (Date.now() - leaving < ON_THE_WAY) setTimeout(changed, ON_THE_WAY);
    else if (busy() || typing()) offer();
    else reload();
  }

  /** @param {Error | null} error @returns {void} */
  function onTrouble(error) {
    if (!(error instanceof ApiRefusal) || error.code !== "not-signed-in") return;
    stop();
    if (!busy()) showRefusal(error);
  }
}

/** What the page says of an act stays when others act. @returns {void} */
function reload() {
  const said = byId("status").textContent ?? "";
  if (said === "") location.reload();
  else goOn(location.pathname + location.search, said);
}

/** @returns {void} */
function offer() {
  const status = byId("status");
  if (status.querySelector("button") !== null) return;
  const button = element("button", { type: "button" }, "Show it");
  button.addEventListener("click", () => location.reload());
  status.replaceChildren(element("p", {}, "Something changed."), button);
  status.hidden = false;
}
