/** A look at a release afterwards, by somebody of each group. */

import { fetchRequest, review } from "../client/requests.js";
import { act, refusalText } from "./act.js";
import { byId, text, verified } from "./dom.js";
import { check, chosen, guard, value } from "./form.js";
import { reviewFacts } from "./reviewFacts.js";

const request = document.body.dataset.request ?? "";
const button = /** @type {HTMLButtonElement} */ (byId("review"));
/** @type {any} */
let shown = null;

async function begin() {
  try {
    shown = await fetchRequest(request);
    verified(await reviewFacts(shown));
  } catch (error) {
    text(byId("checking"), refusalText(error));
    return;
  }
  byId("checking").hidden = true;
  byId("facts").hidden = false;
  button.disabled = false;
}

guard(byId("form"), button, () =>
  check(byId("form"), [
    ["rotated", chosen("rotated") !== "", "Say whether it was changed."],
    ["note", value("note") !== "", "Say what happened."],
  ]),
);
act(button, {
  run: (/** @type {any} */ identity) =>
    review(shown, identity, { rotated: chosen("rotated") === "yes", note: value("note") }),
  said: (/** @type {any} */ done) =>
    `Reviewed. The request is ${String(done.state ?? "reviewed").replaceAll("_", " ")}.`,
  then: () => location.assign(`/requests/${request}`),
});
void begin();
