/** Puts the frame together around a table of views. */

import { drawMenu } from "../frame/menu.js";
import * as router from "../frame/router.js";
import * as session from "../frame/session.js";
import { get } from "../link/api.js";
import { busy } from "./act.js";
import { alarmed } from "./alarm.js";
import { failed, gone, lost } from "./refused.js";

const here = () => location.pathname + location.search;

/** Begins. @param {readonly import("../frame/route.js").View[]} views @returns {void} */
export function compose(views) {
  let open = true; // whether the view is for people who are not signed in, and has no menu
  const menu = () => drawMenu(open ? null : session.me(), location.pathname);

  session.begin({
    changed: () => (session.me() === null ? void router.again() : menu()),
    left: () => {
      gone(router.leave(), here());
      menu();
    },
    stranger: () => router.go(`/sign-in?next=${encodeURIComponent(here())}`),
  });
  router.begin({
    views,
    failed,
    lost,
    busy,
    alarmed,
    entering: (view) => {
      open = view?.open === true;
      session.guard(open || view === null);
      menu();
    },
    entered: (signal) => {
      // A view whose answer names the caller has greeted them by now.
      if (!open && session.me() === null) void get("/people/me", signal).then(session.greet, () => {});
    },
  });
}
