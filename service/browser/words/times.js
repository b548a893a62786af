/**
 * Times in words first; the exact one, in UTC, beside them. Pure: `now` is an argument. A time is a
 * `Date`, or the service's text for one (`2026-11-23T09:30:00Z`); text that is no such time is said to
 * be none.
 */

/** @typedef {Date | string} Time */

const WIRE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const MONTHS = [
  ..."January February March April May June July August September October November December".split(" "),
];
/** @type {readonly [string, number][]} seconds */
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const NEAR = 20 * 3_600; // seconds; further away, the day is said too
export const UNKNOWN = "at an unknown time";

/** @param {Time} at @returns {Date | null} */
function instant(at) {
  if (typeof at === "string" && !WIRE.test(at)) return null;
  const found = new Date(at);
  return Number.isNaN(found.getTime()) ? null : found;
}

/**
 * A length of time in at most two units that follow each other: `3 hours 41 minutes`, `2 days`. What
 * is left over is cut off, so that time left is never said to be more than it is.
 *
 * @param {number} seconds
 */
export function span(seconds) {
  let left = Math.floor(Math.abs(seconds));
  const first = UNITS.findIndex(([, size]) => left >= size);
  if (first === -1) return "0 seconds";
  const parts = [];
  for (const [name, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    // Seconds beside minutes change while they are read.
    if (count && !(name === "second" && parts.length)) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.join(" ");
}

/**
 * A time seen from now: `in 12 minutes`, `3 days ago`, `just now`, `in a moment`.
 *
 * @param {Time} at
 * @param {Date} now
 */
export function relative(at, now) {
  const found = instant(at);
  if (found === null) return UNKNOWN;
  const away = (found.getTime() - now.getTime()) / 1000;
  if (Math.abs(away) < 10) return away <= 0 ? "just now" : "in a moment";
  return away > 0 ? `in ${span(away)}` : `${span(away)} ago`;
}

/**
 * The time of day, with the day where that is not obvious: `14:02 UTC`, `3 May, 14:02 UTC`.
 *
 * @param {Time} at
 * @param {Date} now
 */
export function clock(at, now) {
  const found = instant(at);
  if (found === null) return UNKNOWN;
  const time = `${found.toISOString().slice(11, 16)} UTC`;
  if (Math.abs(found.getTime() - now.getTime()) < NEAR * 1000) return time;
  const year = found.getUTCFullYear() === now.getUTCFullYear() ? "" : ` ${found.getUTCFullYear()}`;
  return `${found.getUTCDate()} ${MONTHS[found.getUTCMonth()]}${year}, ${time}`;
}

/**
 * Both: `in 12 minutes, at 14:02 UTC`, `3 days ago, on 3 May, 14:02 UTC`.
 *
 * @param {Time} at
 * @param {Date} now
 */
export function when(at, now) {
  if (instant(at) === null) return UNKNOWN;
  const exactly = clock(at, now);
  return `${relative(at, now)}, ${exactly.includes(",") ? "on" : "at"} ${exactly}`;
}

/** The day: `22 November 2026`. @param {Time} at */
export function day(at) {
  const found = instant(at);
  if (found === null) return UNKNOWN;
  return `${found.getUTCDate()} ${MONTHS[found.getUTCMonth()]} ${found.getUTCFullYear()}`;
}

/** To the second, so that two clocks can be compared: `2026-11-22 14:21:05 UTC`. @param {Time} at */
export function exact(at) {
  const found = instant(at);
  if (found === null) return UNKNOWN;
  return `${found.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Time left, to the second: `14:05`, `1:00:00`; `0:00` once it is over. @param {number} seconds */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
