/** Begins the application: the views that there are, in the frame. */

import { drawMenu } from "../frame/menu.js";
import * as router from "../frame/router.js";
import * as session from "../frame/session.js";
import { get } from "../link/api.js";
import { busy } from "./act.js";
import { alarmed } from "./alarm.js";
import { failed, gone, lost } from "./refused.js";

/** @type {readonly import("../frame/route.js").View[]} */
const VIEWS = [
  { name: "sign-in", path: "/sign-in", open: true, load: () => import("./signIn.js") },
  { name: "enroll", path: "/enroll", open: true, load: () => import("./enroll.js") },
];

const here = () => location.pathname + location.search;
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
  views: VIEWS,
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
