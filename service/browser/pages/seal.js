/** Sealing an account's password: made or typed here, split and locked before it leaves. */

import { listing } from "../link/render.js";
import { checkPassword, compared, generatePassword, prepareSeal, seal } from "../acts/sealing.js";
import { act, refusalText } from "./act.js";
import { byId, say, text } from "./dom.js";
import { check, chosen, guard, value, wrong } from "./form.js";
import { heldForLines } from "./lines.js";
import { showRefusal } from "./refusal.js";
import { handOut } from "./secret.js";
import { holdBack, step } from "./steps.js";
import { askSame } from "./voiceCheck.js";

const account = document.body.dataset.account ?? "";
const button = /** @type {HTMLButtonElement} */ (byId("seal"));
/** @type {any} */
let prepared = null;
let password = "";
let made = ""; // here, in case none is typed
let same = true;

/** @param {string} id */
const typed = (id) => /** @type {HTMLInputElement} */ (byId(id)).value; // spaces count in it

/** Asked once, and again where the answer did not come. @type {() => Promise<void>} */
const lines = heldForLines(account, button);

async function begin() {
  try {
    prepared = await prepareSeal(account);
    await lines();
  } catch (error) {
    byId("checking").hidden = true;
    showRefusal(error, { on: begin });
    return;
  }
  const everybody = [...prepared.people.password, ...prepared.people.mfa];
  text(
    byId("checking"),
    `Every signature verified here. Version ${prepared.version}, for ${listing(everybody)}, ` +
      `as roster version ${prepared.chain.newest.version} says.`,
  );
  text(byId("confirmers"), listing(everybody));
  made = await generatePassword();
  if (prepared.warnings.length) say(prepared.warnings.join(" "));
  same = prepared.compare === null;
  askSame(prepared.compare, (said) => {
    same = said;
    if (said) compared(prepared);
    byId("compared-error").hidden = true;
  });
  button.disabled = false;
}

byId("source").addEventListener("change", () => {
  byId("own").hidden = chosen("source") !== "typed";
});

function ready() {
  const own = chosen("source") === "typed";
  const fine = check(byId("form"), [
    ["sign_in_email", value("sign_in_email") !== "", "Say what root signs in with."],
    ["repeated", !own || typed("password") === typed("repeated"), "You typed two different ones."],
  ]);
  byId("compared-error").hidden = same;
  text(byId("compared-error"), "First have these words read to you.");
  if (!same) byId("compared").focus();
  return fine && same && good(own);
}

/** @param {boolean} own */
function good(own) {
  if (!own) {
    password = made;
    return true;
  }
  try {
    checkPassword(prepared, typed("password"));
  } catch (error) {
    wrong("password", refusalText(error));
    byId("password").focus();
    return false;
  }
  password = typed("password");
  return true;
}

guard(byId("form"), button, ready);
act(button, {
  run: (/** @type {any} */ identity) =>
    seal(prepared, { password, signInEmail: value("sign_in_email"), note: value("note") }, identity),
  said: () => "Sealed. It is in force when enough custodians of both groups have confirmed.",
  then: sealed,
});

function sealed() {
  const ours = chosen("source") === "generated";
  text(byId("question"), ours ? "Set this password at AWS now" : "Have the custodians confirm");
  text(byId("place"), `Sealed as version ${prepared.version}`);
  text(byId("sealed-email"), value("sign_in_email"));
  for (const id of ["password", "repeated"]) {
    /** @type {HTMLInputElement} */ (byId(id)).value = "";
  }
  byId("handed").hidden = !ours;
  byId("set-it").hidden = !ours;
  made = "";
  if (ours) {
    const hide = handOut({ secret: "secret", show: "show", copy: "copy", told: "secret-told" }, () => password);
    byId("leave").addEventListener("click", () => {
      hide();
      password = "";
    });
  } else password = "";
  step("sealed");
}

// A password that nobody has set at AWS yet is gone with this page.
holdBack(() => password !== "" && !byId("handed").hidden);
void begin();
