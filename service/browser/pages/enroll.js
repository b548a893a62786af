/**
 * Following an enrolment link: who it is for, a passkey, a phrase on paper, typed back, sent.
 *
 * The token leaves the address bar at once, so that no history, sync or screenshot keeps it. Until
 * the last step nothing is sent but the question whom the link is for.
 */

import { beforeTaking, create, discard, finish, look } from "../acts/enrolment.js";
import { button, element } from "../frame/element.js";
import { checked, told } from "../frame/values.js";
import { takeToken } from "../link/start.js";
import { act, refusalText } from "./act.js";
import { besides } from "./form.js";
import * as steps from "./enrollSteps.js";

/** @typedef {import("../frame/place.js").Place} Place */
/** @typedef {import("../acts/enrolment.js").Invitee} Invitee */
/** @typedef {import("../acts/enrolment.js").State} State */

const MINE = "Your keys are made on this device and stay with you.";
const DEAD = /** @type {const} */ ([
  "A link works once, and for 24 hours. If you enrolled with it, sign in. If you did not, tell the ",
  "operator that someone else may have, and ask for a new one.",
]);
const WITHOUT = /** @type {const} */ ([
  "Open the link that an operator gave you, all of it, also what follows the #. If you ",
  "reloaded this page, open the link again: nothing was sent and nothing is lost.",
]);

/** @type {import("../frame/route.js").Show} */
export async function show(place, _route, signal) {
  const token = takeToken();
  if (!token) {
    place.ask("This page needs an enrolment link", MINE);
    place.put(element("p", { class: "card" }, ...WITHOUT));
    return;
  }
  place.ask("Is this link yours?", `${MINE} It takes about five minutes and a sheet of paper.`);
  place.put(element("p", { class: "card" }, "Looking at the link…"));
  const invitee = await look(token).catch((error) => dead(place, error));
  if (invitee === null) return;
  introduce(place, token, invitee, signal);
  const warnings = await beforeTaking(invitee.person).catch(() => []); // keeps nothing: none
  if (warnings.length) place.say(checked(warnings.join(" ")));
}

/** @param {Place} place @param {any} error @returns {null} */
function dead(place, error) {
  place.ask("This link opens nothing now", "Nothing was sent and nothing is lost.");
  const card = { class: "card" };
  if (error.code === "bad-link") place.put(element("p", card, ...DEAD));
  else place.put(element("p", card, told(refusalText(error))));
  return null;
}

/** @param {Place} place @param {string} token @param {Invitee} invitee @param {AbortSignal} signal */
function introduce(place, token, invitee, signal) {
  place.ask(["Are you ", told(invitee.name), "?"], MINE);
  place.put(...steps.who(invitee));
  const yes = button("Yes, that is me", () => passkey(place, token, invitee, signal));
  yes.className = "go";
  const other = element("p", {}, "If it is not you, close this page and tell who sent it.");
  place.offer(bar(yes, other));
}

/** @param {Place} place @param {string} token @param {Invitee} invitee @param {AbortSignal} signal */
function passkey(place, token, invitee, signal) {
  place.ask("Do you want a passkey?", "Step 1 of 3 · nothing is sent yet");
  place.put(steps.passkey());
  const buttons = /** @type {const} */ ([["Make a passkey", true], ["Go on without", false]]).map(
    ([words, wanted]) => {
      const made = element("button", { type: "button", class: wanted ? "go" : "" }, words);
      act(made, {
        needsKey: false,
        run: () => create(token, invitee, { passkey: wanted }),
        said: () => "Your keys are made.",
        then: (/** @type {State} */ state) => begun(place, state, signal),
      });
      return made;
    },
  );
  const asked = element("p", {}, "Your browser will ask you for finger, face or PIN.");
  place.offer(bar(...buttons, asked));
}

/** Keys are there: who leaves now is asked, and leaves nothing behind.
 * @param {Place} place @param {State} state @param {AbortSignal} signal */
function begun(place, state, signal) {
  const under = { way: true };
  place.hold(() => under.way);
  signal.addEventListener("abort", () => discard(state));
  written(place, state, under);
}

/** @param {Place} place @param {State} state @param {{ way: boolean }} under */
function written(place, state, under) {
  place.ask("Write this phrase on paper", "Step 2 of 3 · it is the only way back to your keys");
  place.put(...steps.phrase(state));
  const done = button("I have it on paper", () => typedBack(place, state, under));
  done.className = "go";
  place.offer(bar(done, element("p", {}, "Next you type it back, whole.")));
}

/** @param {Place} place @param {State} state @param {{ way: boolean }} under */
function typedBack(place, state, under) {
  const lead = "Step 3 of 3 · from your paper, so that you know it is right";
  place.ask("Type the phrase back", lead);
  const { parts, typed, ready } = steps.back();
  place.put(...parts);
  const enrol = element("button", { type: "submit", form: "back-form", class: "go" }, "Enrol");
  ready(enrol);
  act(enrol, {
    needsKey: false,
    run: () =>
      besides({ "malformed-phrase": "typed", "other-phrase": "typed" }, () =>
        finish(state, typed.value.trim()),
      ),
    said: () => "You are enrolled and signed in on this device.",
    then: (/** @type {any} */ enrolled) => {
      under.way = false;
      typed.value = "";
      welcome(place, state.invitee, enrolled.words);
    },
  });
  const again = button("Show the words again", () => written(place, state, under));
  place.offer(bar(enrol, again));
  typed.focus();
}

/** @param {Place} place @param {Invitee} invitee @param {string[]} words */
function welcome(place, invitee, words) {
  place.ask(["You are enrolled, ", told(invitee.name)], "You are signed in on this device.");
  place.put(...steps.done(invitee, words));
  const onward = element("a", { class: "button go", href: "/" }, "Go to what waits for me");
  place.offer(bar(onward));
}

/** @param {...Node} parts buttons, and a sentence on them */
const bar = (...parts) => element("div", { class: "buttons" }, ...parts);
