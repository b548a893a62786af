/** Begins the application, with the views that there are. */

import { compose } from "./compose.js";

compose([
  { name: "sign-in", path: "/sign-in", open: true, load: () => import("./signIn.js") },
  { name: "enroll", path: "/enroll", open: true, load: () => import("./enroll.js") },
]);
