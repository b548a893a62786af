/** Ways to unlock my keys: a passkey more, a new phrase on paper, one less. */

import { me } from "../acts/people.js";
import { addPasskey, list, preparePhrase, remove, replacePhrase } from "../acts/slots.js";
import { act, refusalText } from "./act.js";
import { byId, element, text } from "./dom.js";
import { besides, check, guard, value } from "./form.js";
import { holdBack } from "./steps.js";
import { fillSheet, forgetWords, showWords } from "./words.js";

/** @type {any} a phrase that is shown and not yet in force */
let prepared = null;

/** @param {string} id */
const button = (id) => /** @type {HTMLButtonElement} */ (byId(id));

async function refresh() {
  try {
    const mine = await list();
    byId("slot-list").replaceChildren(...mine.map((/** @type {any} */ slot) => row(slot, mine)));
  } catch (error) {
    byId("slot-list").replaceChildren(element("li", {}, refusalText(error)));
  }
}

/**
 * @param {any} slot
 * @param {any[]} all
 */
function row(slot, all) {
  const made = element("time", { datetime: slot.created_at }, slot.created_at.slice(0, 10));
  const unlocks = slot.unlocks ? "signs in and unlocks" : "signs in, does not unlock";
  const told = element("span", {}, element("b", {}, slot.title), ` · ${unlocks} · made `, made);
  if (slot.kind === "phrase" || all.length === 1) return element("li", {}, told);
  const taker = /** @type {HTMLButtonElement} */ (
    element("button", { type: "button", class: "no" }, "Remove")
  );
  act(taker, {
    run: (/** @type {any} */ identity) => remove(identity, slot.slot),
    said: () => "Removed. It signs nobody in any more.",
    then: () => void refresh(),
  });
  return element("li", {}, told, element("span", {}, taker));
}

act(button("add-passkey"), {
  run: (/** @type {any} */ identity) => addPasskey(identity),
  said: (/** @type {any} */ done) =>
    done.passkey === "unlocks"
      ? "Added: it signs you in and unlocks your keys."
      : "Added: it signs you in. It does not unlock your keys here, since this browser or device " +
        "lacks what that takes (the PRF extension).",
  then: () => void refresh(),
});

byId("replace-phrase").addEventListener("click", async () => {
  const mine = await me();
  prepared ??= await preparePhrase();
  fillSheet({ name: mine.name });
  show(true);
});

/** @param {boolean} words whether they are shown, or typed back */
function show(words) {
  byId("new-phrase").hidden = false;
  byId("phrase-sheet").hidden = !words;
  byId("phrase-sheet").classList.toggle("sheet", words); // what is printed, if anything is
  byId("phrase-shown").hidden = !words;
  byId("phrase-form").hidden = words;
  if (words) showWords("new-words", prepared.words);
  else forgetWords("new-words");
  byId(words ? "new-written" : "new_typed").focus();
}

byId("new-written").addEventListener("click", () => show(false));
byId("new-again").addEventListener("click", () => show(true));
byId("new-print").addEventListener("click", () => window.print());
guard(byId("phrase-form"), button("new-finish"), () =>
  check(byId("phrase-form"), [["new_typed", value("new_typed") !== "", "Type the eleven words."]]),
);
act(button("new-finish"), {
  run: (/** @type {any} */ identity) =>
    besides({ "malformed-phrase": "new_typed", "other-phrase": "new_typed" }, () =>
      replacePhrase(prepared, value("new_typed"), identity),
    ),
  said: () => "The new phrase is in force. Destroy the paper of the old one.",
  then: () => {
    prepared = null;
    /** @type {HTMLTextAreaElement} */ (byId("new_typed")).value = "";
    text(byId("new-words"), "");
    byId("new-phrase").hidden = true;
    byId("phrase-sheet").classList.remove("sheet");
    void refresh();
  },
});
holdBack(() => prepared !== null);
void refresh();
