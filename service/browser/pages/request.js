/** One request: verified on this device before anything may be done about it. */
import { alarmOf, checkApprovable, fetchRequest } from "../acts/requests.js";
import { loader } from "../link/part.js";
import { spaced } from "../link/render.js";
import { TASKS } from "../domain/tasks.js";
import { act, ahead, press } from "./act.js";
import { all, byId, element, goOn, oneLine, say, show, text, verified } from "./dom.js";
import { live } from "./live.js";
import { showRefusal } from "./refusal.js";
import { day, span } from "./times.js";

const id = document.body.dataset.request ?? "";
const deciding = loader(() => import("../acts/deciding.js"));
const endings = loader(() => import("../acts/endings.js"));
const proving = loader(() => import("../acts/proving.js"));
const outsiders = loader(() => import("./unseen.js"));
const gone = loader(() => import("../acts/earlierShares.js"));
const NOES = ["deny", "cancel"];
const NOTHING = "nothing: the shares are tried, and no password is combined";

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
  const titled = /** @type {any} */ (TASKS)[request.task]?.title ?? request.task;
  verified({
    reason: request.reason,
    task: request.taskText ? `${titled} · ${request.taskText}` : titled,
    ticket: request.ticket,
    account: spaced(request.account),
    accountName: roster.name,
    sees: request.drill ? NOTHING : `the root password, for ${span(request.window)}, on their own device`,
    expires: `${request.expiresAt.toISOString().slice(0, 16).replace("T", " ")} UTC`,
    requester: shown.requesterName,
  });
  byId("drill").hidden = !request.drill;
  const checked = byId("checked");
  text(
    checked,
    shown.anchor
      ? `checked: named in roster version ${shown.anchor.version}, which you signed on ${day(shown.anchor.at)}`
      : "checked: named in the roster in force; you signed no version of it",
  );
  checked.className = shown.anchor ? "tag ok" : "tag wait";
}

/** Their words, once somebody asks; the list of words is loaded for that alone.
 * @param {Shown} shown @returns {void} */
function offerWords(shown) {
  const keys = byId("keys");
  const write = () =>
    void shown.requesterWords().then((words) => text(byId("words"), words.join(" ")), showRefusal);
  if (keys.hasAttribute("open")) write();
  else keys.addEventListener("toggle", write, { once: true });
}

/** Requests on this envelope for which my share has left before. @param {Shown} shown */
async function writeEarlier(shown) {
  const found = await (await gone()).earlierRequests(shown);
  if (found.length === 0) return;
  const lines = found.map(({ request, said }) =>
    element("li", {}, element("a", { href: `/requests/${encodeURIComponent(request)}` }, oneLine(said))),
  );
  byId("earlier").replaceChildren(
    element(
      "div",
      { class: "banner wait" },
      element("p", {}, "Your share of this password has left your hands before, for:"),
      element("ul", { class: "steps" }, ...lines),
    ),
  );
}

/** A dialog that says what it costs, asks for a reason, and then does what it is for.
 * @param {Shown} shown @param {string} name @param {() => Promise<any>} acts where it is done
 * @param {string} said */
function withReason(shown, name, acts, said) {
  const button = maybe(name);
  if (!button) return;
  const dialog = /** @type {HTMLDialogElement} */ (byId(`${name}-dialog`));
  const reason = /** @type {HTMLTextAreaElement} */ (byId(`${name}-reason`));
  button.addEventListener("click", () => {
    dialog.showModal();
    sayCost(shown, button.id);
  });
  for (const back of all("[data-close]", dialog)) {
    back.addEventListener("click", () => dialog.close());
  }
  byId(`${name}-form`).addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    const why = reason.value.trim();
    if (!why) return;
    const run = async (/** @type {any} */ identity) => (await acts())[name](shown, identity, why);
    void press({ run, said: () => said, despite: true });
  });
}

/** What it costs that the request ends without a release. @param {Shown} shown @param {string} name */
const sayCost = (shown, name) => void endings().then((it) => it.tellCost(shown, byId(`${name}-cost`)));

/** The beginning of a long text; all of it stands below. @param {string} said @returns {string} */
function shortened(said) {
  const line = oneLine(said);
  return line.length > 160 ? `${line.slice(0, 150)}…` : line;
}

/** @param {Shown} shown @returns {void} */
function offer(shown) {
  const { request, roster } = shown.about;
  const approving = maybe("approve");
  if (approving || maybe("deny")) {
    const asks = request.drill ? "asks for a drill of" : "asks to be root of";
    const heading = document.querySelector("h1");
    if (heading) text(heading, oneLine(`${shown.requesterName} ${asks} ${roster.name}`));
    const what = request.drill
      ? "Your device shows that your share opens, and hands nothing over."
      : `Your share is opened on this device and sealed to ${oneLine(shown.requesterName)} alone.`;
    if (byId("what").hasAttribute("data-first")) text(byId("what"), what);
  }
  if (approving) {
    act(approving, {
      gather: async () => (await deciding()).gather(shown),
      run: async (identity, gathered) => (await deciding()).approve(shown, identity, gathered),
      said: () =>
        request.drill
          ? `You approved the drill of ${oneLine(roster.name)} that ${shown.requesterName} asked for.`
          : `You approved that ${shown.requesterName} is root of ${oneLine(roster.name)}: ` +
            `“${shortened(request.reason)}”.`,
    });
    if (alarmOf(shown) === null) void offerApproval(shown);
  }
  withReason(shown, "deny", deciding, "You denied it.");
  withReason(shown, "cancel", endings, "You took it back.");
  enable(...NOES);
  const again = maybe("again");
  if (again) {
    act(again, {
      run: async (identity) => (await import("../acts/asking.js")).again(shown, identity),
      said: () => "You asked again, from this device.",
      then: (done) => goOn(`/requests/${done.request}`, "You asked again, from this device."),
    });
    enable("again");
    if (maybe("cancel")) sayCost(shown, "again");
    if (!shown.keyHere) {
      show(again); // the key that the shares are sealed to stays where it was asked from
      text(
        byId("what"),
        "Its key is not on this device: ask again from here, or go on where you asked.",
      );
    }
  }
}

/** Whether I may approve; else the page says why not. @param {Shown} shown */
async function offerApproval(shown) {
  try {
    const { before, onRequest } = await proving();
    const { unseen, warnings } = await before("approve", await onRequest("approve", shown));
    const { confirmed } = await checkApprovable(shown);
    if (warnings.length) say(warnings.join(" "));
    if (unseen) void (await outsiders()).lookAgain("approve", shown).catch(showRefusal);
    enable("approve");
    void ahead(async () => (await deciding()).shareAhead(shown));
    if (!confirmed) {
      byId("what").append(" You have not confirmed your share yet: approving does that as well.");
    }
  } catch (error) {
    showRefusal(error, { on: () => void offerApproval(shown), leaves: NOES });
  }
}

try {
  const shown = await fetchRequest(id, { looking: true, despite: true });
  write(shown);
  offer(shown);
  offerWords(shown);
  const news = shown.logs.flatMap((log) => log.news);
  if (news.length) say(news.join(" "));
  const alarm = alarmOf(shown);
  if (alarm) showRefusal(alarm, { leaves: NOES }); // saying no goes on
  if (maybe("approve")) void writeEarlier(shown).catch(showRefusal);
} catch (error) {
  const checked = byId("checked");
  text(checked, "not checked: do not rely on what stands here");
  checked.className = "tag bad";
  showRefusal(error);
}
live(`/requests/${id}`);
