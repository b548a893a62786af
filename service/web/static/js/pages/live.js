/** Notices within seconds that something changed; nobody who types or acts is interrupted. */
import { watch } from "../client/api.js";
import { ApiRefusal } from "../client/errors.js";
import { busy } from "./act.js";
import { alarmed } from "./alarm.js";
import { byId, element, goOn } from "./dom.js";
import { showRefusal } from "./refusal.js";

/** @returns {boolean} whether somebody has begun to type or choose */
function typing() {
  const here = document.activeElement;
  return here !== null && here.matches("input, textarea, select, dialog *");
}

/**
 * Loads the page anew when what is at `path` (below the API) changes, or offers to.
 * @param {string} path
 * @returns {() => void} stops looking
 */
export function live(path) {
  const stop = watch(path, () => {
    if (alarmed()) return; // it would go with the page
    if (busy() || typing()) offer();
    else reload();
  }, { onTrouble });
  return stop;

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
