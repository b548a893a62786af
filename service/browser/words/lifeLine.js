/** A request's life drawn as one line: where its steps lie, how far it has come, when it ends. Pure. */

import { stepInWords, stepTone } from "./life.js";
import { clock, when } from "./times.js";

/**
 * @typedef {import("./life.js").Step} Step
 * @typedef {{x: number, tone: import("./tones.js").Tone, title: string}} Dot `x` is from 0 to 1
 * @typedef {object} LifeLine `now` is how far it has come, from 0 to 1; `ends` says what happens at `end`
 * @property {readonly Dot[]} dots
 * @property {number} now
 * @property {Date} start
 * @property {Date} end
 * @property {"expires" | "window closes" | "ended" | "now"} ends
 * @property {string} label all of it in words, for a screen reader
 */

const FINAL = new Set(["closed", "denied", "cancelled", "expired"]);

/**
 * Draw it from when the request was entered to when it ends by itself.
 *
 * @param {readonly Step[]} known its steps, in order
 * @param {object} given
 * @param {import("../trust/request.js").VerifiedRequest} given.about
 * @param {import("./people.js").Names} given.chain
 * @param {string} given.toldState the service's word
 * @param {Date} given.now
 * @returns {LifeLine}
 */
export function lifeLine(known, { about, chain, toldState, now }) {
  const { enteredAt: start, drill } = about.request;
  const { end, ends } = endOf(known, { about, toldState, now });
  const whole = Math.max(end.getTime() - start.getTime(), 1000);
  const place = (/** @type {Date} */ at) => Math.min(Math.max((at.getTime() - start.getTime()) / whole, 0), 1);
  const dots = known.map((one) => ({
    x: place(one.at),
    tone: stepTone(one, drill),
    title: `${clock(one.at, now)}: ${stepInWords(one, chain)}`,
  }));
  const label = `${dots.map(({ title }) => title).join("; ")}. ${endInWords({ end, ends }, now)}`.trim();
  return { dots, now: place(ends === "ended" ? end : now), start, end, ends, label };
}

/**
 * @param {readonly Step[]} known
 * @param {{about: import("../trust/request.js").VerifiedRequest, toldState: string, now: Date}} given
 * @returns {Pick<LifeLine, "end" | "ends">}
 */
function endOf(known, { about, toldState, now }) {
  const { expiresAt, window } = about.request;
  if (toldState === "pending" || toldState === "approved") return { end: expiresAt, ends: "expires" };
  const release = known.find(({ kind }) => kind === "release");
  if (toldState === "released" && release) {
    return { end: new Date(release.at.getTime() + window * 1000), ends: "window closes" };
  }
  if (!FINAL.has(toldState)) return { end: now, ends: "now" };
  return { end: known[known.length - 1].at, ends: "ended" };
}

/**
 * When it ends: `Expires in 12 minutes, at 14:02 UTC.`; empty where no time ends it.
 *
 * @param {Pick<LifeLine, "end" | "ends">} line
 * @param {Date} now
 */
export function endInWords({ end, ends }, now) {
  if (ends === "now") return "";
  const past = end <= now;
  const words = {
    expires: past ? "Its time ran out" : "Expires",
    "window closes": past ? "The window closed" : "The window closes",
    ended: "Ended",
  }[ends];
  return `${words} ${when(end, now)}.`;
}
