/** The end of a release: the requester says what was done; then the password is to be changed. */

import { before, onRequest } from "../acts/proving.js";
import { fetchRequest } from "../acts/requests.js";
import { loader } from "../link/part.js";
import { spaced } from "../link/render.js";
import { act } from "./act.js";
import { byId, text, verified } from "./dom.js";
import { check, guard, value } from "./form.js";
import { showRefusal } from "./refusal.js";
import { step } from "./steps.js";

const request = document.body.dataset.request ?? "";
const endings = loader(() => import("../acts/endings.js"));
const button = /** @type {HTMLButtonElement} */ (byId("close"));
/** @type {any} */
let shown = null;

async function begin() {
  if (button.parentElement?.hidden) return; // closed already; the duty is what is left
  try {
    shown = await fetchRequest(request);
    await before("close", await onRequest("close", shown));
  } catch (error) {
    showRefusal(error, { on: begin });
    return;
  }
  const { reason, account } = shown.about.request;
  verified({ reason, account: spaced(account), accountName: shown.about.roster.name });
  button.disabled = false;
}

guard(byId("form"), button, () =>
  check(byId("form"), [["summary", value("summary") !== "", "Say what was done."]]),
);
act(button, {
  run: async (/** @type {any} */ identity) =>
    (await endings()).close(shown, identity, value("summary")),
  said: () => "Signed. The key of this request is destroyed in this browser.",
  then: (/** @type {any} */ done) => {
    if (done.state !== "rotation_due") location.assign(`/requests/${request}`);
    text(byId("question"), "Now the password is to be changed");
    step("duty");
  },
});
void begin();
