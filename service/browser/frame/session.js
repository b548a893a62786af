/**
 * Who is signed in at this tab, as far as the frame knows; signing in again over a view, and
 * signing out, which other tabs of this browser are told of.
 */

import { whenSignedOut } from "../link/api.js";
import { signOut as endSession } from "../keys/signin.js";
import { askToSignIn } from "./signInDialog.js";
import { hearTabs, tellTabs } from "./tabs.js";

/** @typedef {import("./menu.js").Me} Me */
/**
 * @typedef {object} Watching
 * @property {() => void} changed who is signed in is not who was, or is known now
 * @property {() => void} left nobody is signed in any more: what views hold goes
 * @property {() => void} stranger a call found nobody signed in, and nobody was
 */

/** @type {Watching} */
let watching;
/** @type {Me | null} */
let known = null;

/** Begins to listen to other tabs. @param {Watching} given @returns {void} */
export function begin(given) {
  watching = given;
  hearTabs((person) => {
    if (person === "") leave();
    else if (known !== null && known.person !== person) forget();
  });
}

/** @returns {Me | null} */
export const me = () => known;

/** The service says who calls. @param {Me} person @returns {void} */
export function greet(person) {
  const same = known?.person === person.person && known.name === person.name;
  known = person;
  if (!same) watching.changed();
}

/** Asks whoever turns out to be signed out to sign in over the view; or, in a view that is open to
 * everyone, nobody. @param {boolean} open @returns {void} */
export function guard(open) {
  whenSignedOut(open ? null : again);
}

/** Somebody signed in here: other tabs look again. @param {string} person @returns {void} */
export function signedIn(person) {
  tellTabs(person);
  if (known !== null && known.person !== person) known = null;
}

/** Ends this session, here and in the other tabs. @returns {Promise<void>} */
export async function signOut() {
  await endSession();
  tellTabs("");
  leave();
}

/** @returns {Promise<boolean>} whether the same person is signed in again */
async function again() {
  if (known === null) {
    watching.stranger();
    return false;
  }
  const was = known.person;
  const who = await askToSignIn();
  if (who === null) return false;
  signedIn(who.person);
  if (who.person === was) return true;
  forget();
  return false;
}

/** Somebody else is signed in: nothing that the other saw stays. @returns {void} */
function forget() {
  known = null;
  watching.changed();
}

function leave() {
  known = null;
  watching.left();
}
