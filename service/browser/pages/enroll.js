/**
 * Following an enrolment link: who it is for, a passkey, a phrase on paper, typed back, sent.
 *
 * The token leaves the address bar at once, so that no history, sync or screenshot keeps it. Until
 * the last step nothing is sent but the question whom the link is for.
 */

import { beforeTaking, create, finish, look } from "../acts/enrolment.js";
import { act, refusalText } from "./act.js";
import { byId, say, text } from "./dom.js";
import { besides, check, guard, value } from "./form.js";
import { holdBack, step } from "./steps.js";
import { fillSheet, forgetWords, showLines, showWords } from "./words.js";

const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const DEAD =
  "A link works once, and for 24 hours. If you enrolled with it, sign in. If you did not, tell the " +
  "operator that somebody else may have, and ask for a new one.";

/** @type {any} */
let invitee = null;
/** @type {any} what was made here; sent when the phrase was typed back */
let state = null;
let confirmed = false;

/** @param {string} question @param {string} place */
function head(question, place) {
  text(byId("question"), question);
  text(byId("place"), place);
}

async function begin() {
  if (!token) {
    text(byId("question"), "This page needs an enrolment link");
    text(
      byId("looking"),
      "Open the link that an operator gave you, all of it, also what follows the #. If you " +
        "reloaded this page, open the link again: nothing was sent and nothing is lost.",
    );
    return;
  }
  try {
    invitee = await look(token);
  } catch (error) {
    head("This link opens nothing now", "Nothing was sent and nothing is lost.");
    const dead = /** @type {{ code?: string }} */ (error).code === "bad-link";
    text(byId("looking"), dead ? DEAD : refusalText(error));
    return;
  }
  introduce();
  const warnings = await beforeTaking(invitee.person).catch(() => []); // keeps nothing: none
  if (warnings.length) say(warnings.join(" "));
}

function introduce() {
  head(`Are you ${invitee.name}?`, "Your keys are made on this device and stay with you.");
  text(byId("name"), invitee.name);
  text(byId("email"), invitee.email);
  const role = invitee.operator ? "operator" : invitee.auditor ? "auditor" : "";
  text(byId("role"), role || "somebody whom rosters may name");
  text(byId("ends"), `${invitee.expires_at.slice(0, 16).replace("T", " ")} UTC`);
  byId("replaces").hidden = !invitee.replaces;
  step("who");
}

byId("yes").addEventListener("click", () => {
  head("Do you want a passkey?", "Step 1 of 3 · nothing is sent yet");
  step("passkey");
});

/** @param {any} made */
function show(made) {
  state = made;
  head("Write this phrase on paper", "Step 2 of 3 · it is the only way back to your keys");
  byId("passkey-unlocks").hidden = made.passkey !== "unlocks";
  byId("passkey-sign-in-only").hidden = made.passkey !== "sign-in-only";
  showWords("words", made.words);
  fillSheet({ name: invitee.name, email: invitee.email });
  step("phrase");
}

for (const [id, passkey] of /** @type {const} */ ([["make", true], ["skip", false]])) {
  act(/** @type {HTMLButtonElement} */ (byId(id)), {
    needsKey: false,
    run: () => create(token, invitee, { passkey }),
    said: () => "Your keys are made.",
    then: show,
  });
}

byId("print").addEventListener("click", () => window.print());
byId("written").addEventListener("click", () => {
  forgetWords("words");
  head("Type the phrase back", "Step 3 of 3 · from your paper, so that you know it is right");
  step("back");
  byId("typed").focus();
});
byId("again").addEventListener("click", () => show(state));

const button = /** @type {HTMLButtonElement} */ (byId("finish"));
guard(byId("back-form"), button, () =>
  check(byId("back-form"), [["typed", value("typed") !== "", "Type the eleven words."]]),
);
act(button, {
  needsKey: false,
  run: () =>
    besides({ "malformed-phrase": "typed", "other-phrase": "typed" }, () =>
      finish(state, value("typed")),
    ),
  said: () => "You are enrolled and signed in on this device.",
  then: welcome,
});

/** @param {any} enrolled */
function welcome(enrolled) {
  confirmed = true;
  state = null;
  /** @type {HTMLTextAreaElement} */ (byId("typed")).value = "";
  head(`You are enrolled, ${enrolled.name}`, "You are signed in on this device.");
  showWords("fingerprint", enrolled.words);
  showLines("next", nextSteps());
  step("done");
}

/** @returns {string[]} */
function nextSteps() {
  if (invitee.operator) return ["Invite people, register an account, and draft who counts in it."];
  if (invitee.auditor) return ["Look at the history; the command line exports and verifies it."];
  const first = invitee.replaces
    ? "Your new keys count nowhere yet: an operator drafts a roster with them for each account."
    : "An operator drafts a roster that names you.";
  return [
    first,
    "Its custodians sign it, on one call with you. They ask you for four of the words above.",
    "You sign it as well: it waits for you on your first page.",
  ];
}

holdBack(() => state !== null && !confirmed);
void begin();
