/** Home: shows within seconds that something new waits. */
import { live } from "./live.js";

live("/home");
