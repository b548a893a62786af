/** Signing in: the passkey first, the recovery phrase as the other way. */
import { get } from "../link/api.js";
import { clockWarnings } from "../link/clocks.js";
import { ADVICE, missing } from "../link/support.js";
import { signInWithPasskey, signInWithPhrase } from "../keys/signin.js";
import { press } from "./act.js";
import { byId, element, show } from "./dom.js";

/** @returns {string} a path of this service; whatever else stands there is not followed */
function next() {
  const wanted = document.body.dataset.next ?? "/";
  const url = new URL(wanted, location.origin);
  return /^\/(?![/\\])/.test(wanted) && url.origin === location.origin ? wanted : "/";
}

/** @returns {void} */
function goOn() {
  location.replace(next());
}

/** @param {{ name: string }} who @returns {string} */
const said = (who) => [`Signed in as ${who.name}.`, ...clockWarnings()].join(" ");

/** @returns {Promise<void>} says what this browser lacks; reading works all the same */
async function look() {
  const lacking = await missing();
  if (lacking.length === 0) return;
  const place = byId("unsupported");
  place.replaceChildren(
    element("b", {}, `This browser lacks ${lacking.join(", ")}.`),
    ` You can read here, but not sign or open anything. ${ADVICE}`,
  );
  show(place);
}

// A link from a message brings no cookie along, since it comes from elsewhere; this call does.
get("/people/me").then(goOn, () => undefined);
void look();

byId("passkey").addEventListener("click", () => {
  void press({ needsKey: false, run: signInWithPasskey, said, then: goOn });
});

const words = /** @type {HTMLInputElement} */ (byId("words"));
const shown = /** @type {HTMLInputElement} */ (byId("show-words"));
shown.addEventListener("change", () => {
  words.type = shown.checked ? "text" : "password";
});
byId("phrase-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const email = /** @type {HTMLInputElement} */ (byId("email")).value.trim();
  const run = () => signInWithPhrase(email, words.value);
  void press({
    needsKey: false,
    run,
    said,
    then: () => {
      words.value = "";
      goOn();
    },
  });
});
