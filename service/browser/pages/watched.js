/** A page that is only read: shows within seconds that what it names in `data-watch` changed. */
import { live } from "./live.js";

live(document.body.dataset.watch ?? "");
