/** One request: verified on this device before anything may be done about it. */
import { approve, cancel, checkApprovable, deny, earlierRequests, fetchRequest } from "../client/requests.js";
import { TASKS } from "../domain/tasks.js";
import { act, press } from "./act.js";
import { all, byId, element, goOn, oneLine, show, text, verified } from "./dom.js";
import { live } from "./live.js";
import { showRefusal } from "./refusal.js";
import { day, span } from "./times.js";

const id = document.body.dataset.request ?? "";

/** @typedef {Awaited<ReturnType<typeof fetchRequest>>} Shown */

/** @param {string} name @returns {HTMLElement | null} */
const maybe = (name) => document.getElementById(name);

/** Lets everything be pressed that `names` names. @param {...string} names @returns {void} */
function enable(...names) {
  for (const name of names) maybe(name)?.removeAttribute("disabled");
}

/** Writes what was signed, as this device has verified it. @param {Shown} shown @returns {void} */
function write(shown) {
  const { request, roster } = shown.about;
  verified({
    reason: request.reason,
    task: /** @type {any} */ (TASKS)[request.task]?.title ?? request.task,
    taskText: request.taskText,
    ticket: request.ticket,
    accountName: roster.name,
    window: span(request.window),
    requester: shown.requesterName,
  });
  const checked = byId("checked");
  text(
    checked,
    shown.anchor
      ? `checked: named in roster version ${shown.anchor.version}, which you signed on ${day(shown.anchor.at)}`
      : "checked: named in the roster in force, of which you have signed no version",
  );
  checked.className = shown.anchor ? "tag ok" : "tag wait";
}

/** Their words; the list of words is loaded for that alone. @param {Shown} shown */
async function writeWords(shown) {
  text(byId("words"), (await shown.requesterWords()).join(" "));
}

/** Requests on this envelope that ended after shares had been handed over.
 * @param {Shown} shown */
async function writeEarlier(shown) {
  const lines = await earlierRequests(shown);
  if (lines.length === 0) return;
  byId("earlier").replaceChildren(
    element("div", { class: "banner wait" }, ...lines.map((one) => element("p", {}, oneLine(one)))),
  );
}

/** A dialog that asks for a reason, and then does what it is for.
 * @param {string} name @param {(reason: string, identity: any) => Promise<any>} run @param {string} said */
function withReason(name, run, said) {
  const button = maybe(name);
  if (button === null) return;
  const dialog = /** @type {HTMLDialogElement} */ (byId(`${name}-dialog`));
  const reason = /** @type {HTMLTextAreaElement} */ (byId(`${name}-reason`));
  button.addEventListener("click", () => dialog.showModal());
  for (const back of all("[data-close]", dialog)) {
    back.addEventListener("click", () => dialog.close());
  }
  byId(`${name}-form`).addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    const words = reason.value.trim();
    if (words === "") return;
    void press({ run: (identity) => run(words, identity), said: () => said });
  });
}

/** @param {Shown} shown @returns {void} */
function offer(shown) {
  const approving = maybe("approve");
  if (approving) {
    act(approving, {
      run: (identity) => approve(shown, identity),
      said: () =>
        shown.about.request.drill
          ? `You approved the drill that ${shown.requesterName} asked for.`
          : `You approved: ${shown.requesterName} may be root of ${shown.about.roster.name}, ` +
            `“${oneLine(shown.about.request.reason)}”.`,
    });
    void offerApproval(shown);
  }
  withReason("deny", (reason, identity) => deny(shown, identity, reason), "You denied it.");
  withReason("cancel", (reason, identity) => cancel(shown, identity, reason), "You took it back.");
  enable("deny", "cancel");
  const asking = maybe("again");
  if (asking) {
    act(asking, {
      run: async (identity) => (await import("../client/asking.js")).again(shown, identity),
      said: () => "You asked again, from this device.",
      then: (done) => goOn(`/requests/${done.request}`, "You asked again, from this device."),
    });
    enable("again");
    if (!shown.keyHere) offerAgain(asking);
  }
}

/** Whether I may approve; else the page says why not. @param {Shown} shown */
async function offerApproval(shown) {
  try {
    const { confirmed } = await checkApprovable(shown);
    enable("approve");
    if (!confirmed) {
      byId("what").append(" You have not confirmed your share yet: approving does that as well.");
    }
  } catch (error) {
    showRefusal(error);
  }
}

/** The key that the shares are sealed to stays on the device where it was asked from.
 * @param {HTMLElement} asking @returns {void} */
function offerAgain(asking) {
  show(asking);
  text(
    byId("what"),
    "The key of this request is not on this device: ask again from here, or open this page on the " +
      "device where you asked.",
  );
}

try {
  const shown = await fetchRequest(id, { looking: true });
  write(shown);
  offer(shown);
  void writeWords(shown).catch(showRefusal);
  void writeEarlier(shown).catch(showRefusal);
} catch (error) {
  const checked = byId("checked");
  text(checked, "not checked: do not rely on what stands here");
  checked.className = "tag bad";
  showRefusal(error);
}
live(`/requests/${id}`);
