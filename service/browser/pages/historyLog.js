/** The log itself: its head, its witnesses, and what somebody kept, held against each other here. */
import { b64encode } from "../crypto/encoding.js";
import { ClientRefusal } from "../link/errors.js";
import { checkpointsIn } from "../log/keptCheckpoints.js";
import { headAfter, verifiedHead } from "../log/head.js";
import { headWords, keptWords, witnessWords } from "../words/log.js";
import { compareWitness, forgetWitness, heardWitnesses } from "../log/witnesses.js";
import { all, byId, element, oneLine, say, show, text, verified } from "./dom.js";
import { clear, value, wrong } from "./form.js";
import { copies, listHashes, saves, tell } from "./logParts.js";
import { refusalText, showRefusal } from "./refusal.js";

/** Of these a person is told beside what they gave; nothing else is wrong. */
const GIVEN = new Set(["not-a-checkpoint", "too-many", "malformed", "other-witness"]);

/** @type {import("../log/head.js").Head} */
let head;
/** @type {import("../log/witnesses.js").Heard} */
let heard;
let compared = "";

async function look() {
  head = await verifiedHead();
  if (head.news.length) say(head.news.join(" "));
  heard = await heardWitnesses();
  const { size, root } = head.checkpoint;
  const shown = byId("note").textContent ?? "";
  if (!shown.startsWith(head.checkpoint.text)) text(byId("signed"), "now");
  text(byId("note"), head.note);
  verified({ size: String(size), root: b64encode(root), key: head.verifier.vkey });
  tell("finding", sentence());
  for (const row of all("[data-witness]")) {
    const word = heard.words.find(({ key }) => key === row.dataset.witness);
    if (word) text(/** @type {Element} */ (row.querySelector("[data-word]")), witnessWords(word));
  }
  byId("missing").replaceChildren(...heard.missing.map(gone));
}

/** @returns {import("../words/log.js").Said} */
function sentence() {
  const { text: words, tone } = headWords(head.checkpoint.size, heard);
  return { text: `On this device: ${words}.`, tone };
}

/** A witness that was compared here and is not named any more. @param {string} name */
function gone(name) {
  const button = element("button", { type: "button" }, "Forget it here");
  button.addEventListener("click", async () => {
    await forgetWitness(name);
    await look();
    say(`This browser has forgotten the witness ${oneLine(name)}.`);
  });
  const words =
    `${oneLine(name)} was compared in this browser, and the service names it no more. Ask whoever ` +
    "runs it before you believe that it has ended.";
  return element("div", { class: "finding wrong" }, element("p", {}, words), button);
}

async function compare() {
  clear(byId("form"));
  byId("consistency").hidden = true;
  byId("compared").replaceChildren();
  const given = value("kept");
  const kept = await checkpointsIn(given, head.verifier);
  const whose = kept.length === 1 ? "the checkpoint that you kept" : "a checkpoint that you kept";
  const found = [];
  for (const one of kept) found.push(await headAfter(one, whose));
  const [{ checkpoint, note, proof }] = found;
  compared = [given, "", note, ...proof, ""].join("\n");
  const words = keptWords(kept[0].size, checkpoint.size, kept.length);
  byId("compared").append(element("p", { class: "finding good" }, words));
  listHashes("hashes", proof);
  show(byId("consistency"));
}

async function compareKey() {
  clear(byId("witness-form"));
  const word = await compareWitness(value("witness"), heard.words);
  await look();
  say(`The key of ${oneLine(word.name)} is the one in your notes. This browser will say if it is ever left out.`);
}

/**
 * @param {string} form
 * @param {string} button
 * @param {string} input
 * @param {() => Promise<void>} run
 */
function runs(form, button, input, run) {
  byId(button).toggleAttribute("disabled", false);
  byId(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ClientRefusal) || !GIVEN.has(error.code)) return showRefusal(error);
      wrong(input, refusalText(error));
      byId(input).focus();
    }
  });
}

text(byId("finding"), "The log is being checked in this browser…");
try {
  await look();
  copies("copy", () => head.note);
  copies("copy-key", () => head.verifier.vkey);
  saves("save", "checkpoint.txt", () => head.note);
  saves("save-consistency", "compared.txt", () => compared);
  runs("form", "compare", "kept", compare);
  if (document.getElementById("witness-form")) runs("witness-form", "compare-witness", "witness", compareKey);
} catch (error) {
  tell("finding", { text: "The log was not verified.", tone: "late" });
  showRefusal(error);
}
