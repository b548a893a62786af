/**
 * This device's clock, held against the service's and against the log. That a clock is behind the
 * newest leaf is proved. All else is the service's word, the `Date` of its answers: it is shown,
 * and decides nothing.
 */

import { environment } from "./environment.js";
import { SecondPress } from "./errors.js";
import { duration, moment } from "./render.js";

const SHOWN = 2 * 60_000; // ms
const PRESSED = 10 * 60_000;

/**
 * @typedef {{own: Date, service: Date | null, leaf: Date | null}} Clocks `leaf` is the time of the
 *   newest leaf that was proved here
 * @typedef {{ahead: number, differ: boolean, much: boolean, sentence: string}} Compared `ahead` in
 *   ms, negative if this device's clock is behind; `much`: an act wants a second press; `sentence`
 *   names both clocks, and is empty where they agree
 */

/** @type {{service: number, own: number, ticks: number} | null} by its newest answer, in ms */
let newest = null;
let pressed = false;

/** Both clocks differ by ten minutes or more: anyone who goes on presses a second time. */
export class ClocksDiffer extends SecondPress {
  /** @param {string} sentence */
  constructor(sentence) {
    const hint = "set this device's clock, or go on as it is";
    super("own-clock", sentence, { hint, press: () => pressOn() });
  }
}

/**
 * Note the `Date` of an answer.
 *
 * @param {string | null} header
 */
export function heard(header) {
  const service = header === null ? NaN : Date.parse(header);
  const own = environment.now().getTime();
  newest = Number.isNaN(service) ? null : { service, own, ticks: performance.now() };
}

/**
 * The service's clock as it is now. Of what both of this device's clocks say has passed since the
 * newest answer, the less alarming: one stands still while a device sleeps, the other jumps when
 * someone sets it.
 *
 * @param {number} own ms
 */
function serviceNow(own) {
  if (newest === null) return null;
  const byClock = newest.service + own - newest.own;
  const byTicks = newest.service + performance.now() - newest.ticks;
  return new Date(Math.abs(own - byClock) <= Math.abs(own - byTicks) ? byClock : byTicks);
}

/**
 * What is known of this device's clock now.
 *
 * @param {Date | null} [leaf]
 * @returns {Clocks}
 */
export function clocks(leaf = null) {
  const own = environment.now();
  return { own, service: serviceNow(own.getTime()), leaf };
}

/**
 * @param {Clocks} clocks
 * @returns {Compared}
 */
export function compared({ own, service, leaf }) {
  const proved = leaf !== null && own < leaf && (service === null || service <= leaf);
  const other = proved ? leaf : service;
  const ahead = other === null ? 0 : own.getTime() - other.getTime();
  const differ = Math.abs(ahead) >= SHOWN;
  const much = Math.abs(ahead) >= PRESSED;
  if (!differ || other === null) return { ahead, differ, much, sentence: "" };
  const whose = proved ? "the log's newest entry that was proved here" : "the service's clock";
  const way = ahead > 0 ? "ahead of" : "behind";
  const apart = duration(Math.floor(Math.abs(ahead) / 1000));
  const sentence =
    `this device's clock says ${moment(own)} and is ${apart} ${way} ${whose}, which says ` +
    moment(other);
  return { ahead, differ, much, sentence };
}

/** The sentence about a difference now, for people; none where there is none.
 * @param {Date} [leaf] the time of an entry that was proved here @returns {string[]} */
export function clockWarnings(leaf) {
  const { sentence } = compared(clocks(leaf));
  return sentence ? [whole(sentence)] : [];
}

/** Refuse once to go on without a second press: `own-clock`. */
export function checkClock() {
  const { much, sentence } = compared(clocks());
  if (much && !pressed) throw new ClocksDiffer(sentence);
}

/** The second press: from here on this page goes by what its person said. @param {boolean} [yes] */
export function pressOn(yes = true) {
  pressed = yes;
}

/** Whether someone has pressed. */
export function hasPressed() {
  return pressed;
}

/** @param {string} text */
function whole(text) {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
