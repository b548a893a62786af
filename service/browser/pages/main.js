/** Begins the application: the views that there are, in the frame. */

import { begin } from "../frame/router.js";
import { busy } from "./act.js";
import { alarmed } from "./alarm.js";
import { failed, lost } from "./refused.js";

/** @type {readonly import("../frame/route.js").View[]} */
const VIEWS = [
  { name: "sign-in", path: "/sign-in", open: true, load: () => import("./signIn.js") },
  { name: "enroll", path: "/enroll", open: true, load: () => import("./enroll.js") },
];

begin({ views: VIEWS, failed, lost, busy, alarmed });
