/** What stands where a view cannot be shown: why, in the frame, with a way on. */

import { button, element } from "../frame/element.js";
import * as session from "../frame/session.js";
import { told } from "../frame/values.js";
import { ApiRefusal } from "../link/errors.js";
import { showRefusal } from "./refusal.js";

/** @typedef {import("../frame/place.js").Place} Place */

const home = () => element("p", {}, element("a", { href: "/" }, "Go to what waits for me"));
/** Refusals that say: not for you. Somebody else may have to sign in. */
const NOT_YOURS = new Set(["not-allowed", "not-in-roster", "not-found"]);

/** @param {Place} place @param {unknown} error @returns {void} */
export function failed(place, error) {
  place.ask("This page cannot be shown");
  place.offer();
  place.put(...whoIsHere(error), home());
  showRefusal(error);
}

/** @param {unknown} error @returns {HTMLElement[]} who is signed in, where it may be the wrong one */
function whoIsHere(error) {
  const me = session.me();
  if (me === null || !(error instanceof ApiRefusal) || !NOT_YOURS.has(error.code)) return [];
  const out = button("Sign out", () => void session.signOut().catch(showRefusal));
  return [element("p", {}, "You are signed in as ", told(me.name), "."), element("p", {}, out)];
}

/** @param {Place} place @returns {void} */
export function lost(place) {
  place.ask("There is nothing here");
  place.put(element("p", {}, "No page of this service has this address."), home());
}

/** Nobody is signed in any more, here or in another tab.
 * @param {Place} place @param {string} path where they were @returns {void} */
export function gone(place, path) {
  place.ask("You are signed out");
  const href = path === "/me" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`;
  place.put(
    element("p", {}, "Nothing of what you saw is kept on this page."),
    element("p", {}, element("a", { class: "button", href }, "Sign in")),
  );
}
