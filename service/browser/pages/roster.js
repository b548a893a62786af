/** Who counts in an account: verified here, compared by voice, and signed. */

import { listing } from "../link/render.js";
import { checkWords, compared, prepareSign, sign } from "../acts/rosters.js";
import { act } from "./act.js";
import { byId, element, say, text } from "./dom.js";
import { heldForLines } from "./lines.js";
import { live } from "./live.js";
import { showRefusal } from "./refusal.js";
import { readRosters } from "./rosterReading.js";
import { describeInto } from "./rosterView.js";
import { askSame, askWords } from "./voiceCheck.js";
import { showLines } from "./words.js";

const account = document.body.dataset.account ?? "";
const signing = document.getElementById("sign");
/** @type {any} */
let prepared = null;
let waiting = 0;
let same = true;

const WHY = /** @type {Record<string, string>} */ ({
  consent: "people with new keys",
  everybody: "everybody who must sign",
  password: "enough of the password group in force",
  mfa: "enough of the MFA group in force",
});

async function begin() {
  try {
    const read = await readRosters(account);
    if (read.news.length) say(read.news.join(" "));
    tellInForce(read);
    if (read.draft) tellDraft(read);
    if (signing && read.draft) await offer();
    byId("checking").hidden = true;
  } catch (error) {
    byId("checking").hidden = true;
    showRefusal(error, { on: begin });
  }
}

/** @param {any} read */
function tellInForce({ chain, mine, since }) {
  if (!chain) return;
  byId("in-force").hidden = false;
  describeInto(byId("roster-words"), chain.newest);
  const signed = mine ? `You signed version ${mine.version}.` : "No version bears your signature.";
  text(byId("signed-by-me"), signed);
  if (!since.length) return;
  text(byId("since-title"), `Since version ${mine.version}, which you signed`);
  showLines("since-changes", since);
  byId("since").hidden = false;
  byId("signed-by-me").after(byId("since"));
}

/** @param {any} read */
function tellDraft({ chain, draft, changes, missing, people, signed }) {
  byId("draft").hidden = false;
  describeInto(byId("draft-words"), draft);
  const before = chain?.newest;
  text(byId("against"), before ? `against version ${before.version}, in force` : "· it is the first");
  showLines("changes", before ? changes : ["Nobody counted until now; all of it is new."]);
  const rows = Object.entries(missing).map(([why, who]) =>
    row(`waits for ${WHY[why] ?? why}`, called(who, people), "late"),
  );
  if (signed.length) rows.unshift(row("signed, verified here", signed, "good"));
  byId("signers").replaceChildren(...rows);
}

/**
 * @param {readonly string[]} ids
 * @param {Map<string, string>} people
 */
function called(ids, people) {
  return ids.map((id) => people.get(id) ?? id).sort();
}

/**
 * @param {string} what
 * @param {readonly string[]} names
 * @param {string} tone
 */
function row(what, names, tone) {
  const who = element("span", {}, listing(names));
  return element("li", {}, element("span", { class: tone }, what), who);
}

const lines = signing && heldForLines(account, signing, () => prepared?.before !== null);

async function offer() {
  prepared = await prepareSign(account);
  if (prepared.before === null) await lines?.();
  if (prepared.changesSince) {
    text(byId("against"), `against version ${prepared.before.version}, in force`);
    text(byId("since-title"), `Against version ${prepared.changesSince.version}, the last you know`);
    showLines("since-changes", prepared.changesSince.lines);
    byId("since").hidden = false;
    byId("changes").after(byId("since"));
  }
  void tellCost(prepared);
  same = prepared.compare === null;
  askSame(prepared.compare, (said) => {
    same = said;
    if (said) compared(prepared);
    ready();
  });
  const compare = (/** @type {string} */ person, /** @type {string[]} */ words) =>
    checkWords(prepared, person, words);
  askWords(prepared.people, compare, (left) => {
    waiting = left;
    ready();
  });
}

/** What it costs the open requests that the draft comes into force. @param {any} prepared */
async function tellCost({ before, draft, me }) {
  const [{ costOfDraft }, { COST_UNKNOWN }] = await Promise.all([
    import("../acts/exposing.js"),
    import("../words/exposure.js"),
  ]);
  const said = await costOfDraft(me.person, draft, before).catch(() => COST_UNKNOWN);
  if (said) byId("changes").after(element("p", { class: "banner wait", id: "cost" }, said));
}

function ready() {
  const button = /** @type {HTMLButtonElement} */ (signing);
  button.disabled = !same || waiting > 0;
  const people = waiting === 1 ? "one person" : `${waiting} people`;
  text(
    byId("why"),
    waiting > 0
      ? `First compare the words of ${people}.`
      : same
        ? "Your signature says: these people and no others, with these keys."
        : "First compare the words of the draft.",
  );
}

if (signing) {
  act(/** @type {HTMLButtonElement} */ (signing), {
    run: (/** @type {any} */ identity) => sign(prepared, identity),
    said: (/** @type {any} */ done) =>
      done.state === "accepted"
        ? `Roster version ${prepared.draft.version} is in force.`
        : "Signed. It waits for others.",
  });
}
// Whoever compares words with others on a call is not interrupted by each of their signatures.
if (!signing) live(`/accounts/${account}/rosters`);
void begin();
