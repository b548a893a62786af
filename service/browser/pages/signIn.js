/** Signing in: the passkey first, the recovery phrase as the other way. */
import { element } from "../frame/element.js";
import { ways } from "../frame/entrance.js";
import { onward } from "../frame/route.js";
import { signedIn } from "../frame/session.js";
import { checked, told, toldTogether } from "../frame/values.js";
import { get } from "../link/api.js";
import { clockWarnings } from "../link/clocks.js";
import { ADVICE, missing } from "../link/support.js";
import { showRefusal } from "./refusal.js";

/** @type {import("../frame/route.js").Show} */
export async function show(place, route, signal) {
  const goOn = (sentence = "") => place.go(onward(route.query.get("next"), location.origin), sentence);
  place.ask("Sign in", "Here people guard the root passwords of AWS accounts together. Your keys stay on your own device.");
  const lacking = element("div", { class: "banner wait", hidden: true });
  const who = element("section", { class: "card", "aria-labelledby": "who" }, ...WHO());
  const cards = ways({
    entered: ({ person, name }) => {
      signedIn(person);
      goOn([`Signed in as ${name}.`, ...clockWarnings()].join(" "));
    },
    failed: showRefusal,
    doing: (on) => {
      place.warn();
      if (on) place.say("Signing in…");
      else place.say();
    },
  });
  place.put(lacking, ...cards, who);
  // A link from a message brings no cookie along, since it comes from elsewhere; this call does.
  get("/people/me", signal).then(() => goOn(), () => undefined);
  const [note] = await Promise.all([get("/note", signal).catch(() => ({ paragraphs: [] })), lacks(lacking)]);
  if (note.paragraphs.length === 0) return;
  who.children[0].after(toldTogether(...note.paragraphs.map(paragraph)));
}

/** @param {string} text @returns {HTMLElement} */
const paragraph = (text) =>
  element("p", {}, ...text.split("\n").flatMap((line) => [told(line), element("br")]));

const WHO = () => [
  element("h2", { id: "who" }, "Who can sign in"),
  element(
    "p",
    {},
    "Anyone who enrolled with a link from an operator. If you have a link, open it: it leads to a page of ",
    "its own. If you lost both passkey and phrase, ask an operator for a new link; it is announced to ",
    "everyone, and the other custodians compare your new keys with you.",
  ),
];

/** Says what this browser lacks; reading works all the same. @param {HTMLElement} place */
async function lacks(place) {
  const lacking = await missing();
  if (lacking.length === 0) return;
  place.replaceChildren(
    element("b", {}, "This browser lacks ", checked(lacking.join(", ")), "."),
    ` You can read here, but not sign or open anything. ${ADVICE}`,
  );
  place.hidden = false;
}
