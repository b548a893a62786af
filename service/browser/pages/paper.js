/** My share as words, for a safe: shown only when the service has written down that it was. */

import { paper, preparePaper } from "../acts/custody.js";
import { act } from "./act.js";
import { custodyFacts } from "./custodyFacts.js";
import { byId, say, text, verified } from "./dom.js";
import { showRefusal } from "./refusal.js";
import { step } from "./steps.js";
import { fillSheet, forgetWords, showWords } from "./words.js";

const account = document.body.dataset.account ?? "";
/** @type {any} */
let prepared = null;

async function begin() {
  try {
    prepared = await preparePaper(account);
  } catch (error) {
    byId("checking").hidden = true;
    showRefusal(error, { on: begin });
    return;
  }
  verified(custodyFacts(prepared));
  if (prepared.warnings.length) say(prepared.warnings.join(" "));
  byId("checking").hidden = true;
  byId("whole").hidden = prepared.threshold !== 1;
  step("ask");
}

/** @param {"password" | "mfa"} group */
function names(group) {
  const { custodians } = prepared.roster.groups[group];
  return custodians.map((/** @type {string} */ who) => prepared.chain.nameOf(who)).join(", ");
}

act(/** @type {HTMLButtonElement} */ (byId("open")), {
  run: (/** @type {any} */ identity) => paper(prepared, identity),
  said: () => "Everybody of the account is told that you printed your share.",
  then: (/** @type {any} */ printed) => {
    text(byId("question"), "Print this, and put it into a safe");
    showWords("words", printed.words);
    fillSheet({ password: names("password"), mfa: names("mfa") });
    step("done");
  },
});
byId("print").addEventListener("click", () => window.print());
// The page may be kept for "back": the words are not.
window.addEventListener("pagehide", () => forgetWords("words"));
void begin();
