/** A page that is only read: shows within seconds that what it names in `data-watch` changed. */
import { clockWarnings } from "../link/clocks.js";
import { say } from "./dom.js";
import { live } from "./live.js";

live(document.body.dataset.watch ?? "", () => {
  const warnings = clockWarnings();
  if (warnings.length) say(warnings.join(" "));
});
