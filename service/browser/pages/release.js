/** What the quorum hands over, opened on this device: hidden, shown for a moment, and wiped. */
import { clocks, hasPressed } from "../link/clocks.js";
import { loader } from "../link/part.js";
import { before, onRequest } from "../acts/proving.js";
import { fetchRequest } from "../acts/requests.js";
import { TASKS } from "../domain/tasks.js";
import { act, ahead } from "./act.js";
import { all, byId, element, goOn, hide, oneLine, say, show, text, verified } from "./dom.js";
import { showRefusal } from "./refusal.js";
import { handOut } from "./secret.js";
import { countdown, span } from "./times.js";

const id = document.body.dataset.request ?? "";
const releasing = loader(() => import("../acts/release.js"));
const keeping = loader(() => import("./kept.js"));

/** @typedef {Awaited<ReturnType<typeof fetchRequest>>} Shown */
/** @typedef {{ password: string, signInEmail: string, note: string, windowEndsAt: Date,
 *   usedNames: string[], wrongNames: string[], warnings: string[], silent: string[],
 *   drill: null | { person: string, name: string, after: number, wrong: boolean }[] }} Opened */

/** @type {Opened | null} */
let opened = null;
const hideIt = document.getElementById("reveal")
  ? handOut(
      { secret: "password", show: "reveal", copy: "copy", told: "copied" },
      () => opened?.password ?? "",
    )
  : () => undefined;

/** @returns {void} nothing of it stays in the page */
function forget() {
  const kept = opened;
  opened = null;
  hideIt();
  if (kept) void import("../acts/release.js").then(({ wipe }) => wipe(/** @type {any} */ (kept)));
}

/** Counts the window down, and closes it. @param {Date} until @returns {void} */
function count(until) {
  const left = document.getElementById("left");
  const timer = setInterval(tick, 1000);
  tick();

  function tick() {
    // Whoever has pressed on is not shut out by this device's clock: the service's word counts down.
    const { own, service } = clocks();
    const now = hasPressed() ? service : own;
    if (now === null) return clearInterval(timer);
    const seconds = (until.getTime() - now.getTime()) / 1000;
    if (left) text(left, countdown(seconds));
    if (seconds > 0) return;
    clearInterval(timer);
    forget();
    const place = document.getElementById("opened");
    if (place) hide(place);
    say("The window is over; this device has forgotten the password. Change it at AWS now.");
  }
}

/** @param {Opened} found @returns {void} */
function showOpened(found) {
  opened = found;
  show(byId("opened"));
  hide(byId("release"));
  for (const button of all("[data-phrase]")) hide(button);
  hide(byId("before-opening"));
  show(byId("after-opening"));
  const done = document.getElementById("done");
  if (done) show(done);
  if (found.drill) {
    byId("drilled").replaceChildren(...found.drill.map(drilled), ...found.silent.map(silent));
    text(byId("what"), "The drill is over; nothing was shown.");
    return;
  }
  text(byId("sign-in-as"), oneLine(found.signInEmail));
  text(byId("note"), found.note === "" ? "none" : found.note);
  const wrong = found.wrongNames.length > 0
    ? `; WRONG and left out: ${found.wrongNames.map(oneLine).join(", ")}`
    : "";
  text(byId("used"), `the shares of ${found.usedNames.map(oneLine).join(", ")}${wrong}`);
  text(byId("what"), "Even if you do nothing with it: it was seen, so it changes.");
  count(found.windowEndsAt);
}

/** @param {{ name: string, after: number, wrong: boolean }} one @returns {HTMLElement} */
function drilled(one) {
  return element(
    "li",
    {},
    element("span", {}, oneLine(one.name)),
    one.wrong
      ? element("span", { class: "wrong" }, "does NOT open")
      : element("span", { class: "good" }, `opens; answered after ${span(one.after)}`),
  );
}

/** @param {string} name @returns {HTMLElement} */
function silent(name) {
  return element(
    "li",
    {},
    element("span", {}, oneLine(name)),
    element("span", { class: "muted" }, "did not answer"),
  );
}

/** @param {Shown} shown @returns {void} */
function offer(shown) {
  const { request } = shown.about;
  verified({
    task: /** @type {any} */ (TASKS)[request.task]?.title ?? request.task,
    taskText: request.taskText,
  });
  const button = document.getElementById("release");
  if (button === null) return;
  if (!shown.keyHere) return missing(shown, button);
  const fresh = shown.detail.state === "approved";
  act(button, {
    gather: async () => fresh && (await releasing()).gather(shown),
    run: async (identity, gathered) => {
      const { fetchAgain, release } = await releasing();
      return /** @type {Promise<Opened>} */ (
        /** @type {unknown} */ (
          fresh ? release(shown, identity, gathered) : fetchAgain(shown, identity)
        )
      );
    },
    ...(fresh ? {} : { kept: (refused, chosen) => keeping().then((it) => it.openedKept(shown, refused, chosen)) }),
    said: () => (request.drill ? "The drill was released." : "Released. It is hidden until you show it."),
    then: (found) => {
      showOpened(found);
      if (!request.drill) void sweepOthers(shown);
    },
  });
  void enable(shown, button);
  void ahead(releasing);
  if (!fresh) void keeping().catch(() => {}); // there before the service is gone
  if (!request.drill) void tellFirst().catch(() => {}); // the act itself says what is wrong
}

/** Keys of other requests that are over go once the password is there. @param {Shown} shown */
async function sweepOthers(shown) {
  await (await releasing()).sweepOthers(shown).catch(showRefusal);
}

/** Says what has to be known before the press. @returns {Promise<void>} */
async function tellFirst() {
  const [{ beforeReleasing }, { ways }] = await Promise.all([
    releasing(),
    import("../keys/unlock.js"),
  ]);
  const sentence = beforeReleasing(await ways());
  if (sentence && !opened) byId("what").append(` ${sentence}`);
}

/** Whether I may release; else the page says why not. @param {Shown} shown @param {HTMLElement} button */
async function enable(shown, button) {
  try {
    const proving = shown.detail.state === "approved";
    if (proving) await prove(shown);
    button.removeAttribute("disabled");
  } catch (error) {
    showRefusal(error, { on: () => void enable(shown, button) });
  }
}

/** What a release relies on is in the log; else it is refused. @param {Shown} shown */
async function prove(shown) {
  const { unseen, warnings } = await before("release", await onRequest("release", shown));
  if (warnings.length) say(warnings.join(" "));
  if (unseen) void (await import("./unseen.js")).lookAgain("release", shown).catch(showRefusal);
}

/** The key of this request is elsewhere. @param {Shown} shown @param {HTMLElement} button */
function missing(shown, button) {
  hide(button);
  text(
    byId("what"),
    "The key of this request is not on this device: ask again from here, or open this page on the " +
      "device where you asked.",
  );
  const asking = document.getElementById("again");
  if (asking === null) return;
  act(asking, {
    run: async (identity) => (await import("../acts/asking.js")).again(shown, identity),
    said: () => "You asked again, from this device.",
    then: (done) => goOn(`/requests/${done.request}`, "You asked again, from this device."),
  });
  asking.removeAttribute("disabled");
  show(asking);
}

addEventListener("pagehide", forget);

try {
  offer(await fetchRequest(id));
} catch (error) {
  showRefusal(error);
}
