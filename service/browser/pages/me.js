/** Who I am here: the words of my keys against what this device remembers; sessions. */
import { fingerprint } from "../device/memory.js";
import { endSession, me } from "../acts/people.js";
import { tellTabs } from "../frame/tabs.js";
import { signOut } from "../keys/signin.js";
import { act } from "./act.js";
import { clockWarnings } from "../link/clocks.js";
import { all, byId, say, text } from "./dom.js";
import { showRefusal } from "./refusal.js";
import "./slots.js";

/** @returns {Promise<void>} */
async function compare() {
  const place = document.getElementById("checked");
  if (place === null) return;
  const person = await me();
  const warnings = clockWarnings();
  if (warnings.length) say(warnings.join(" "));
  const known = await fingerprint(person.person);
  if (known === null) {
    text(place, "This device has not used your keys yet; it will remember them when it does.");
  } else if (known === person.fingerprint) {
    text(place, "The same keys as this device remembers.");
    place.className = "good";
  } else {
    text(
      place,
      "NOT the keys that this device remembers. If you did not enrol anew, call another custodian.",
    );
    place.className = "wrong";
  }
}

for (const button of all("[data-session]")) {
  act(button, {
    needsKey: false,
    run: () => endSession(button.dataset.session ?? ""),
    said: () => "That session was ended.",
  });
}
act(byId("sign-out"), {
  needsKey: false,
  run: () => signOut().then(() => tellTabs("")),
  said: () => "Signed out.",
  then: () => location.assign("/sign-in"),
});
compare().catch(showRefusal);
