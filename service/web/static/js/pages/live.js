/** Notices within seconds that something changed; nobody who types or acts is interrupted. */
import { watch } from "../client/api.js";
import { busy } from "./act.js";
import { byId, element } from "./dom.js";

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
  return watch(path, () => {
    if (!busy() && !typing()) location.reload();
    else offer();
  });
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
