/**
 * One press, one ceremony, one act. The identity lives for that act and no longer; while one runs,
 * no other can be started, and whatever went wrong is said in words.
 */
import { checkClock } from "../link/clocks.js";
import { SecondPress, Unreachable } from "../link/errors.js";
import { loader } from "../link/part.js";
import { alarmed } from "./alarm.js";
import { all, alert, goOn, say } from "./dom.js";
import { showRefusal } from "./refusal.js";

export { refusalText } from "./refusal.js";

/** @typedef {{ destroy(): void }} Identity */
/** @typedef {{ kind: "passkey" } | { kind: "phrase", phrase: string }} Way */
/**
 * @template D
 * @typedef {object} Doing
 * @property {(identity: any, gathered: any) => Promise<D>} run does it and answers with what came
 *   of it
 * @property {() => Promise<any>} [gather] asks for what it needs while the keys are being unlocked
 * @property {(done: D) => string} said the sentence for what came of it
 * @property {boolean} [needsKey] whether the act signs or opens anything; true
 * @property {(done: D) => void} [then] afterwards; else the page is loaded anew and says it
 * @property {() => boolean} [ready] asked first: false stops, having said why
 * @property {(refused: unknown, chosen: Way | null) => Promise<D | null>} [kept] opens what this
 *   browser kept, where the service does not answer; null if given up, and refused as `refused`
 *   where it kept nothing
 * @property {boolean} [despite] goes on on a page that an alarm has taken: a denial does
 */

const HERE = "modules of acts";
const unlocking = loader(() => import("../keys/unlock.js"));
let running = false;
let byPhrase = false;

/** Whether an act runs or a dialog is open: nobody reloads the page then. @returns {boolean} */
export const busy = () => running || document.querySelector("dialog[open]") !== null;

/** From now on the recovery phrase is asked for, not the passkey. @returns {void} */
export function choosePhrase() {
  byPhrase = true;
  for (const button of all("[data-phrase]")) button.textContent = "Recovery phrase: asked for next";
  say("Your recovery phrase will be asked for, in place of the passkey.");
}

/** @returns {Promise<Way | null>} null: given up */
async function way() {
  if (!byPhrase) {
    const { ways } = await unlocking();
    const known = await ways({ acting: true }); // each time: one may have been added since
    if (known.some((one) => one.kind === "passkey" && one.unlocks)) return { kind: "passkey" };
  }
  const { askPhrase } = await import("./phrase.js");
  const phrase = await askPhrase();
  return phrase === "" ? null : { kind: "phrase", phrase };
}

/**
 * Loads ahead of a press what its act will need, in a browser that has acted before and therefore
 * has the modules: others would wait for them at a page that they may only read.
 * @param {() => Promise<unknown>} modules
 * @returns {Promise<void>}
 */
export async function ahead(modules) {
  if (localStorage.getItem(HERE) !== import.meta.url) return;
  const { prepare } = await unlocking();
  // What does not come now is asked for when it is pressed, and refused there.
  await Promise.all([modules(), prepare()]).catch(() => {});
}

/**
 * Lets a button do an act.
 * @template D
 * @param {HTMLElement} button
 * @param {Doing<D>} doing
 * @returns {void}
 */
export function act(button, doing) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    void press(doing);
  });
}

/** Does an act at once, as if its button had been pressed; for forms.
 * @template D @param {Doing<D>} doing @returns {Promise<void>} */
export async function press(doing) {
  if (running || (alarmed() && !doing.despite) || (doing.ready && !doing.ready())) return;
  alert();
  await guarded(async () => {
    if (doing.needsKey === false) return finish(doing, await doing.run(null, undefined));
    checkClock(); // before a phrase is typed; who gives up has unlocked nothing
    const { chosen, done } = await unlocked(doing);
    if (done === null) return say("Given up; nothing was signed or sent.");
    if (chosen) localStorage.setItem(HERE, import.meta.url);
    return finish(doing, done);
  }, doing);
}

/**
 * @template D @param {Doing<D>} doing
 * @returns {Promise<{ chosen: Way | null, done: D | null }>} nothing was done if it was given up
 */
async function unlocked(doing) {
  /** @type {Way | null} */
  let chosen = null;
  try {
    chosen = await way();
    if (chosen === null) return { chosen, done: null };
    say(chosen.kind === "passkey" ? "Use your passkey…" : "Unlocking your keys; a few seconds…");
    const { withIdentity } = await unlocking();
    const gathered = doing.gather?.();
    gathered?.catch(() => {}); // told where it is used
    const done = await withIdentity(chosen, (/** @type {Identity} */ identity) => {
      say("Working on this device…");
      return doing.run(identity, gathered);
    });
    return { chosen, done };
  } catch (error) {
    if (!doing.kept) throw error;
    return { chosen: null, done: await doing.kept(error, chosen) };
  }
}

/** @template D @param {Doing<D>} doing @param {D} done @returns {void} */
function finish(doing, done) {
  const warned = /** @type {{ warnings?: string[] }} */ (done)?.warnings ?? [];
  const sentence = [doing.said(done), ...warned].join(" ");
  say(sentence);
  if (doing.then) doing.then(done);
  else goOn(location.pathname + location.search, sentence);
}

/** Keeps every act's button still while one runs, and shows what it throws.
 * @template D @param {() => Promise<void>} work @param {Doing<D>} doing @returns {Promise<void>} */
async function guarded(work, doing) {
  running = true;
  const buttons = all(".act button, button[data-act]").filter((one) => !one.matches(":disabled"));
  for (const one of buttons) one.setAttribute("disabled", "");
  try {
    await work();
  } catch (error) {
    say("");
    if (error instanceof SecondPress) {
      showRefusal(error, { on: () => void press(doing) });
    } else if (error instanceof Unreachable) {
      const { again } = error;
      const send = () => void guarded(async () => finish(doing, await resend(again)), doing);
      showRefusal(error, { send });
    } else showRefusal(error, { acted: true });
  } finally {
    running = false;
    for (const one of buttons) one.removeAttribute("disabled");
  }
}

/** @param {() => Promise<any>} again @returns {Promise<any>} */
async function resend(again) {
  alert();
  say("Sending the same again…");
  return again();
}

for (const button of all("[data-phrase]")) button.addEventListener("click", choosePhrase);
