/** Asking for root, or for a drill: verified, signed with a key that only this browser has. */

import { ask, prepareAsk } from "../acts/asking.js";
import { duration } from "../link/render.js";
import { act } from "./act.js";
import { byId, element, goOn, say, text } from "./dom.js";
import { besides, check, guard, value } from "./form.js";
import { heldForLines } from "./lines.js";
import { showRefusal } from "./refusal.js";

const ASKED = "Asked. Everybody of both groups is being told.";
const account = document.body.dataset.account ?? "";
const form = byId("form");
const drill = form.dataset.drill === "yes";
const button = /** @type {HTMLButtonElement} */ (byId("ask"));

/** Asked once, and again where the answer did not come. @type {() => Promise<void>} */
const lines = heldForLines(account, button);

async function begin() {
  /** @type {any} */
  let prepared;
  try {
    prepared = await prepareAsk(account);
    await lines();
  } catch (error) {
    showRefusal(error, { on: begin });
    return;
  }
  if (prepared.warnings.length) say(prepared.warnings.join(" "));
  if (!prepared.mayAsk) {
    byId("newer").hidden = false;
    text(byId("newer"), "The account's roster, as verified here, does not let you ask.");
    return;
  }
  bound("lifetime", prepared.policy.requestLifetime);
  if (!drill) bound("window", prepared.policy.releaseWindow);
  if (prepared.newer && !drill) {
    byId("newest-choice").hidden = false;
    text(
      byId("newest-words"),
      `Ask for version ${prepared.newer.version}, which is newer and not confirmed yet. Do so if ` +
        "the password was changed at AWS already.",
    );
  }
  button.disabled = false;
}

/**
 * Offer nothing that the verified policy does not permit.
 *
 * @param {string} id
 * @param {number} limit seconds
 */
function bound(id, limit) {
  const select = /** @type {HTMLSelectElement} */ (byId(id));
  for (const option of [...select.options]) if (Number(option.value) > limit) option.remove();
  if (!select.options.length) select.append(element("option", { value: String(limit) }, duration(limit)));
}

const task = document.getElementById("task");
task?.addEventListener("change", () => {
  const elsewhere = instead();
  byId("task-instead").hidden = !elsewhere;
  text(byId("task-instead"), elsewhere && insteadWords(elsewhere));
});

function instead() {
  if (!(task instanceof HTMLSelectElement)) return "";
  return task.selectedOptions[0]?.dataset.instead ?? "";
}

/** @param {string} way */
function insteadWords(way) {
  return `This no longer needs root: use ${way}. If that is out of reach, say why in words below.`;
}

function ready() {
  if (drill) return check(form, [["reason", value("reason") !== "", "Say why now."]]);
  const words = value("task_text");
  return check(form, [
    ["task", value("task") !== "", "Choose what is to be done."],
    ["task_text", value("task") !== "other" || words !== "", "Say in words what is to be done."],
    ["task_text", !instead() || words !== "", "Say why root, though it needs none."],
    ["reason", value("reason") !== "", "Say why."],
  ]);
}

/** @param {any} identity */
function open(identity) {
  const newest = document.getElementById("newest");
  return ask(
    {
      account,
      task: drill ? "drill" : value("task"),
      taskText: drill ? "" : value("task_text"),
      reason: value("reason"),
      ticket: drill ? "" : value("ticket"),
      lifetime: Number(value("lifetime")),
      ...(drill ? {} : { window: Number(value("window")) }),
      drill,
      newest: newest instanceof HTMLInputElement && newest.checked,
    },
    identity,
  );
}

guard(form, button, ready);
act(button, {
  run: (/** @type {any} */ identity) =>
    besides({ policy: "lifetime", "unknown-task": "task", "reason-needed": "reason" }, () =>
      open(identity),
    ),
  said: () => ASKED,
  then: (/** @type {any} */ done) => goOn(`/requests/${done.request}`, ASKED),
});
void begin();
