/**
 * A year of requests at a glance: each week's bars, the same in words, how fast decisions came and who
 * never made any. Pure. All numbers are the service's word; an export lets anyone count again.
 */

import { listing, oneLine } from "../link/render.js";
import { span, day } from "./times.js";
import { tone } from "./tones.js";

/**
 * @typedef {"asked" | "unchanged" | "changed" | "drill" | "denied" | "lapsed"} Kind
 * @typedef {{begin: string} & Record<Kind, number>} Week the API's; `begin` is its Monday
 * @typedef {{x: number, y: number, width: number, height: number, kind: Kind}} Bar whole numbers of the
 *   drawing; `y` counts from the top
 * @typedef {object} Drawing
 * @property {number} width
 * @property {number} height
 * @property {readonly {title: string, bars: readonly Bar[]}[]} rows weeks in which anything happened
 * @property {readonly {kind: Kind, count: number, words: string, tone: import("./tones.js").Tone}[]} totals
 * @property {string} label all of it in words
 */

/** What is counted, in words. @type {Readonly<Record<Kind, string>>} */
export const KINDS = Object.freeze({
  asked: "asked",
  unchanged: "released, password not changed yet",
  changed: "released, password changed",
  drill: "drill",
  denied: "denied",
  lapsed: "expired or taken back",
});
// From the foot of the bar of what ended to its top.
const ENDED = /** @type {const} */ (["unchanged", "changed", "drill", "denied", "lapsed"]);
const ALL = /** @type {const} */ (["asked", ...ENDED]);
const LOWEST = 4; // a year in which hardly anything happened does not look like one full of it
const UNIT = 10; // so that all numbers of the drawing are whole
const [ASKED_WIDTH, ENDED_WIDTH] = [3, 5]; // of the ten that a week has

/**
 * Draw weeks, oldest first; each has a bar of what was asked and beside it one of what ended.
 *
 * @param {{today: string, weeks: readonly Week[]}} toldYear the API's
 * @returns {Drawing}
 */
export function drawing({ today, weeks }) {
  const ended = (/** @type {Week} */ week) => ENDED.reduce((sum, kind) => sum + week[kind], 0);
  const tallest = Math.max(LOWEST, ...weeks.map((week) => Math.max(week.asked, ended(week))));
  const height = tallest * UNIT;
  const rows = weeks.flatMap((week, number) =>
    week.asked + ended(week) ? [{ title: weekInWords(week), bars: bars(week, number, height) }] : [],
  );
  const totals = ALL.map((kind) => {
    const count = weeks.reduce((sum, week) => sum + week[kind], 0);
    return { kind, count, words: KINDS[kind], tone: tone("year", kind) };
  });
  const told = listing(totals.filter(({ count }) => count).map(({ count, words }) => `${count} ${words}`));
  const since = weeks.length ? day(weeks[0].begin) : day(today);
  const label = `Requests by week from ${since} to today, ${day(today)}: ${rows.length ? told : "none"}.`;
  return { width: weeks.length * UNIT, height, rows, totals, label };
}

/** @param {Week} week */
function weekInWords(week) {
  const said = ALL.filter((kind) => week[kind]).map((kind) => `${week[kind]} ${KINDS[kind]}`);
  return `week of ${day(week.begin)}: ${listing(said)}`;
}

/** @param {Week} week @param {number} number @param {number} height @returns {Bar[]} */
function bars(week, number, height) {
  const left = number * UNIT + 1;
  /** @type {Bar[]} */
  const found = [];
  if (week.asked) found.push(bar("asked", { x: left, width: ASKED_WIDTH, foot: height, count: week.asked }));
  let foot = height;
  for (const kind of ENDED) {
    if (!week[kind]) continue;
    found.push(bar(kind, { x: left + ASKED_WIDTH, width: ENDED_WIDTH, foot, count: week[kind] }));
    foot -= week[kind] * UNIT;
  }
  return found;
}

/** @param {Kind} kind @param {{x: number, width: number, foot: number, count: number}} given */
function bar(kind, { x, width, foot, count }) {
  return { x, y: foot - count * UNIT, width, height: count * UNIT, kind };
}

/**
 * How long it took until enough had approved.
 *
 * @param {{count: number, median: number, worst: number} | null} toldWaits the API's, in seconds
 */
export function waitsInWords(toldWaits) {
  if (!toldWaits) return "No request came to have enough approvals.";
  const { count, median, worst } = toldWaits;
  if (count === 1) return `Once enough had approved, after ${span(median)}.`;
  return `${count} times enough had approved: half of them within ${span(median)}, the slowest after ${span(worst)}.`;
}

/**
 * Who decided how often, and who was asked and never did.
 *
 * @param {readonly {name: string, asked: number, decided: number}[]} toldAnswers the API's
 */
export function answersInWords(toldAnswers) {
  const silent = toldAnswers.filter(({ asked, decided }) => asked && !decided);
  return {
    lines: toldAnswers.map(({ name, asked, decided }) => ({
      name: oneLine(name),
      words: asked ? `decided ${decided} of ${asked}` : "was not asked",
    })),
    silent: silent.length ? `Never decided: ${listing(silent.map(({ name }) => name))}.` : "",
  };
}
