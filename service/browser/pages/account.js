/** An account at a glance: shows within seconds that it changed. */
import { live } from "./live.js";

live(`/accounts/${document.body.dataset.account}`);
