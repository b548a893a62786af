/** The log was restored from an older copy: a person types that they accept what was given up. */
import { acceptEpoch } from "../log/standing.js";
import { element } from "./dom.js";

/**
 * @param {import("../link/errors.js").EpochBegan} error
 * @param {HTMLElement} place where the refusal stands
 * @param {(error: unknown) => void} failed
 * @returns {void}
 */
export function offer(error, place, failed) {
  const typed = /** @type {HTMLInputElement} */ (
    element("input", { id: "epoch-typed", autocomplete: "off", autocapitalize: "off" })
  );
  const go = element("button", { type: "submit" }, "Go on with this log");
  const form = element(
    "form",
    {},
    element("label", { for: "epoch-typed" }, "If you have asked the operator and want to go on, type yes:"),
    typed,
    go,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (typed.value.trim().toLowerCase() !== "yes") return typed.focus();
    return void acceptEpoch(error).then(() => location.reload(), failed);
  });
  place.append(form);
}
