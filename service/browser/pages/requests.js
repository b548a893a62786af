/** The list of requests: shows within seconds that one came or moved. */
import { live } from "./live.js";

live(`/requests${new URLSearchParams(location.search).size > 0 ? "" : "?limit=30"}`);
