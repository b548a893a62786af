/** A look at a release afterwards, by somebody of each group. */

import { before, onRequest } from "../acts/proving.js";
import { fetchRequest } from "../acts/requests.js";
import { loader } from "../link/part.js";
import { act } from "./act.js";
import { byId, goOn, say, verified } from "./dom.js";
import { check, chosen, guard, value } from "./form.js";
import { showRefusal } from "./refusal.js";
import { reviewFacts } from "./reviewFacts.js";

const request = document.body.dataset.request ?? "";
const endings = loader(() => import("../acts/endings.js"));
const button = /** @type {HTMLButtonElement} */ (byId("review"));
/** @type {any} */
let shown = null;

async function begin() {
  try {
    shown = await fetchRequest(request);
    await before("review", await onRequest("review", shown));
    verified(await reviewFacts(shown));
  } catch (error) {
    byId("checking").hidden = true;
    showRefusal(error, { on: begin });
    return;
  }
  if (shown.warnings.length) say(shown.warnings.join(" "));
  byId("checking").hidden = true;
  byId("facts").hidden = false;
  button.disabled = false;
}

const REVIEWED = /** @type {Record<string, string>} */ ({
  rotation_due: "Signed. The request waits for a new password again.",
  review_due: "Signed. Somebody of the other group is still to review it.",
  closed: "Signed. Both groups have reviewed it, and the request is closed.",
});

/** @param {{state?: string}} done */
function reviewed({ state = "" }) {
  return REVIEWED[state] ?? "Signed. Your review stands.";
}

guard(byId("form"), button, () =>
  check(byId("form"), [
    ["rotated", chosen("rotated") !== "", "Say whether it was changed."],
    ["note", value("note") !== "", "Say what happened."],
  ]),
);
act(button, {
  run: async (/** @type {any} */ identity) => {
    const seen = { rotated: chosen("rotated") === "yes", note: value("note") };
    return (await endings()).review(shown, identity, seen);
  },
  said: reviewed,
  then: (/** @type {any} */ done) => goOn(`/requests/${request}`, reviewed(done)),
});
void begin();
