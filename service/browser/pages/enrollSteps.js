/** What each step of an enrolment shows. */

import { button, element } from "../frame/element.js";
import { checked, told, toldTogether } from "../frame/values.js";
import { check, guard } from "./form.js";

/** @typedef {import("../acts/enrolment.js").Invitee} Invitee */
/** @typedef {import("../acts/enrolment.js").State} State */

/** @param {"For" | "As" | "Ends"} term @param {...Node} facts */
const row = (term, ...facts) => [element("dt", {}, term), element("dd", {}, ...facts)];

/** @param {Invitee} invitee @returns {HTMLElement[]} */
export function who(invitee) {
  const role = invitee.operator ? "operator" : invitee.auditor ? "auditor" : "someone whom rosters may name";
  const ends = `${invitee.expires_at.slice(0, 16).replace("T", " ")} UTC`;
  const facts = element(
    "dl",
    {},
    ...row("For", element("b", {}, told(invitee.name)), element("br"), told(invitee.email)),
    ...row("As", told(role)),
    ...row("Ends", told(ends)),
  );
  const card = element("div", { class: "card" }, toldTogether(facts));
  return [card, ...(invitee.replaces ? [REPLACES()] : []), ...happens()];
}

const REPLACES = () =>
  element(
    "p",
    { class: "banner wait" },
    "You have keys here already, and this replaces them. Your old sessions end, your old passkeys and ",
      "your old recovery phrase stop working, and the new keys count nowhere until a roster names them. ",
      "Go on only if you asked for this.",
  );

const happens = () => [
  element("h2", {}, "What will happen"),
  element(
    "ol",
    { class: "steps card" },
    element("li", {}, "You make a ", element("b", {}, "passkey"), ", with which you sign in and sign what you do. You may skip this."),
    element("li", {}, "You get a ", element("b", {}, "recovery phrase"), " of eleven words, for paper."),
    element("li", {}, "You type it back once, so that you know your paper is right. Only then anything is sent."),
  ),
  element(
    "p",
    { class: "muted" },
    "Until the last step nothing is kept: you can close this page and open the link again. A passkey ",
      "that you made by then signs no one in; delete it.",
  ),
];

/** @returns {HTMLElement} */
export const passkey = () =>
  element(
    "div",
    { class: "card" },
    element(
      "p",
      {},
      element("b", {}, "A passkey"),
      " lives in this device, in your password manager or on a security key. Your finger, face or PIN ",
        "lets it sign you in here and, where the browser can do it, unlock your keys for one act at a time.",
    ),
    element(
      "p",
      { class: "muted" },
      "Without one you type the recovery phrase each time. You can add a passkey later, under your own name.",
    ),
  );

/** @param {State} state @returns {HTMLElement[]} the sheet, with its words, and what the passkey can do */
export function phrase({ words, passkey: can, invitee }) {
  const print = button("Print this sheet", () => window.print());
  const date = new Date().toISOString().slice(0, 10);
  const sheet = element(
    "div",
    { class: "sheet card" },
    element("p", { class: "muted" }, "Breakglass · ", checked(location.host)),
    element("h2", {}, "Recovery phrase of ", told(invitee.name)),
    list("words", words),
    element(
      "p",
      {},
      "These eleven words unlock the keys of ",
      told(invitee.name),
      " (",
      told(invitee.email),
      "), written down on ",
      checked(date),
      ". Whoever has them is that person. No one can give them back, nor can the service. Keep this sheet ",
        "where you keep a passport; if someone may have seen it, ask an operator for a new enrolment link.",
    ),
  );
  return [
    ...CAN[can](),
    sheet,
    element("p", {}, print),
    element(
      "p",
      { class: "muted" },
      "Or write the words on paper, with their numbers. They are not shown again after the next step.",
    ),
  ];
}

const CAN = {
  unlocks: () => [element("p", { class: "banner ok" }, "Your passkey signs you in and unlocks your keys.")],
  "sign-in-only": () => [
    element(
      "p",
      { class: "banner wait" },
      "Your passkey signs you in and ",
      element("b", {}, "does not unlock"),
      " your keys: this browser or this device lacks what that takes (the PRF extension), or answers ",
        "otherwise each time. To sign something you will type the phrase below.",
    ),
  ],
  none: () => [],
};

/** @param {string} id @param {readonly string[]} words numbered, so that the sixth can be asked for */
const list = (id, words) =>
  element("ol", { class: "words", id }, ...words.map((word) => element("li", {}, checked(word))));

/**
 * The form for the phrase from paper; nothing of it is sent by the browser itself.
 *
 * @returns {{ parts: HTMLElement[], typed: HTMLTextAreaElement, ready: (button: HTMLElement) => void }}
 */
export function back() {
  const typed = /** @type {HTMLTextAreaElement} */ (
    element("textarea", {
      id: "typed",
      rows: "3",
      maxlength: "1000",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      "aria-describedby": "typed-hint typed-error",
      required: true,
    })
  );
  const field = element(
    "div",
    { class: "field" },
    element("label", { for: "typed" }, "All eleven words, as they stand on your paper"),
    element(
      "p",
      { class: "hint", id: "typed-hint" },
      "Capitals and spaces do not matter. If a word is wrong you are told which one, not what it should be.",
    ),
    typed,
    element("p", { class: "error", id: "typed-error", hidden: true }),
  );
  const form = element("form", { class: "form card", id: "back-form", autocomplete: "off" }, field);
  const nothing = element(
    "p",
    { class: "muted" },
    "Nothing has been sent yet. With the right words your keys become known to the service, locked; ",
    "the phrase stays with you.",
  );
  const given = () => check(form, [["typed", typed.value.trim() !== "", "Type the eleven words."]]);
  const parts = [form, nothing];
  return { parts, typed, ready: (finish) => guard(form, finish, given) };
}

/** @param {Invitee} invitee @param {string[]} words of the keys @returns {HTMLElement[]} */
export function done(invitee, words) {
  return [
    element(
      "div",
      { class: "card" },
      element(
        "p",
        {},
        "The eight words of your keys. Others will ask you for them ",
        element("b", {}, "by voice"),
        ": only so they know that these keys are yours.",
      ),
      list("fingerprint", words),
      element("p", { class: "muted" }, "They are no secret, and you find them again under your own name."),
    ),
    element("h2", {}, "What comes next"),
    element("ol", { class: "steps card" }, ...next(invitee)),
  ];
}

/** @param {Invitee} invitee @returns {HTMLElement[]} */
function next(invitee) {
  if (invitee.operator) {
    return [element("li", {}, "Invite people, register an account, and draft who counts in it.")];
  }
  if (invitee.auditor) {
    return [element("li", {}, "Look at the history; the command line exports and verifies it.")];
  }
  return [
    invitee.replaces
      ? element("li", {}, "Your new keys count nowhere yet: an operator drafts a roster with them for each account.")
      : element("li", {}, "An operator drafts a roster that names you."),
    element("li", {}, "Its custodians sign it, on one call with you. They ask you for four of the words above."),
    element("li", {}, "You sign it as well: it waits for you on your first page."),
  ];
}
