/** What this browser kept of a release, opened while the service does not answer. */
import { keptKinds, openKept } from "../acts/release.js";
import { isUnreachable } from "../link/api.js";
import "../keys/reopening.js"; // there before the service is gone
import { say } from "./dom.js";
import { askPhrase } from "./phrase.js";

/** @typedef {import("./act.js").Way} Way */
/** @typedef {import("../acts/requests.js").Shown} Shown */

/**
 * @param {Shown} shown
 * @param {unknown} refused why the service gave nothing
 * @param {Way | null} chosen with which the person has just tried it, if they came so far
 * @returns {Promise<import("../acts/release.js").Opened | null>} null: given up
 */
export async function openedKept(shown, refused, chosen) {
  if (!isUnreachable(refused)) throw refused;
  const kinds = await keptKinds(shown);
  if (kinds.length === 0) throw refused;
  const way = chosen ?? (await wayOf(kinds));
  if (way === null) return null;
  say("The service does not answer. Opening what this browser kept…");
  const opened = await openKept(shown, way);
  if (opened === null) throw refused;
  const said = "The service does not answer: these are the shares that this browser had fetched.";
  return { ...opened, warnings: [said, ...opened.warnings] };
}

/** @param {readonly string[]} kinds of slots @returns {Promise<Way | null>} */
async function wayOf(kinds) {
  if (kinds.includes("passkey")) return { kind: "passkey" };
  const phrase = await askPhrase();
  return phrase === "" ? null : { kind: "phrase", phrase };
}
