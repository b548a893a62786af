/** The menu: where one can go, and who is signed in, as the service has it. */

import { make } from "./make.js";
import { part } from "./place.js";
import { told } from "./values.js";

/** @typedef {{ person: string, name: string, operator: boolean, auditor: boolean }} Me */

const LINKS = /** @type {const} */ ([
  ["/", "Home"],
  ["/requests", "Requests"],
  ["/accounts", "Accounts"],
  ["/history", "History"],
  ["/operate", "Operate"],
]);

/** Whether an address lies in a section of the menu. @param {string} path @param {string} section */
const within = (path, section) =>
  path === section || (section !== "/" && path.startsWith(`${section}/`));

/** Draws it. @param {Me | null} me null: nobody is known to be signed in, so there is none
 * @param {string} path of the view @returns {void} */
export function drawMenu(me, path) {
  const menu = part("menu");
  menu.hidden = me === null;
  if (me === null) return menu.replaceChildren();
  const shown = LINKS.filter(([href]) => href !== "/operate" || me.operator);
  const role = me.operator ? " · operator" : me.auditor ? " · auditor" : "";
  const last = link("/me", path, [told(me.name), role]);
  last.className = "me";
  menu.replaceChildren(...shown.map(([href, words]) => link(href, path, [words])), last);
}

/** @param {string} href @param {string} path @param {(Node | string)[]} words */
const link = (href, path, words) =>
  make("a", { href, ...(within(path, href) ? { "aria-current": "page" } : {}) }, words);
