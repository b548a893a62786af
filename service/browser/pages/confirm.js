/** A custodian's receipt: my share opens here, is what the sealer published, and I have it. */

import { confirm, prepareConfirm } from "../acts/custody.js";
import { act } from "./act.js";
import { custodyFacts } from "./custodyFacts.js";
import { byId, oneLine, say, text, verified } from "./dom.js";
import { live } from "./live.js";
import { showRefusal } from "./refusal.js";

const account = document.body.dataset.account ?? "";
const button = /** @type {HTMLButtonElement} */ (byId("confirm"));
const STALE = "It was sealed for an older roster: it has to be sealed anew, and nobody confirms it.";
/** @type {any} */
let prepared = null;

async function begin() {
  try {
    prepared = await prepareConfirm(account);
  } catch (error) {
    byId("checking").hidden = true;
    showRefusal(error, { on: begin });
    return;
  }
  verified(custodyFacts(prepared));
  if (prepared.warnings.length) say(prepared.warnings.join(" "));
  byId("facts").hidden = false;
  byId("checking").hidden = true;
  if (prepared.stale) {
    stop(STALE);
  } else if (prepared.confirmed) {
    text(byId("question"), `Your share of ${oneLine(prepared.roster.name)} opens`);
    stop("You have signed that it does. Nothing else waits for you here.");
  } else {
    button.disabled = false;
  }
}

/** @param {string} sentence */
function stop(sentence) {
  byId("checking").hidden = true;
  byId("nothing").hidden = false;
  text(byId("nothing-words"), sentence);
  button.hidden = true;
  byId("why").hidden = true;
  byId("way").hidden = true;
  byId("leave").hidden = false;
}

act(button, {
  run: (/** @type {any} */ identity) => confirm(prepared, identity),
  said: (/** @type {any} */ done) =>
    "Your share opens, and you have signed that it does." +
    (done.state === "ready" ? " With yours the envelope is ready and in force." : ""),
});
live(`/accounts/${account}/envelopes`);
void begin();
