/**
 * Words for people: times, lists. Nothing here decides anything. Whatever came from elsewhere goes
 * through `clean`: a name or a reason must not be able to change the direction of what stands
 * around it.
 */

const OBEYED = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** @type {readonly [string, number][]} */
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const HOUR = 3_600_000; // ms

/**
 * Text without what a display obeys; newlines stay.
 *
 * @param {string} text
 */
export function clean(text) {
  return text.replace(OBEYED, "\ufffd");
}

/**
 * `clean` text on a single line.
 *
 * @param {string} text
 */
export function oneLine(text) {
  return clean(text).replaceAll("\n", " ");
}

/**
 * A length of time in at most two units: `2 hours 5 minutes`.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  const parts = [];
  let rest = seconds;
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.slice(0, 2).join(" ") || "0 seconds";
}

/**
 * A wire time in words: `in 5 minutes (14:05 UTC)`; `never` for empty text. A text that is no time
 * is returned cleaned, since it is only shown.
 *
 * @param {string} text
 * @param {Date} now
 */
export function moment(text, now) {
  if (!text) return "never";
  const at = TIME.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) return oneLine(text);
  const away = at - now.getTime();
  const far = Math.abs(away);
  const clock = far < 20 * HOUR ? text.slice(11, 16) : text.slice(0, 16).replace("T", " ");
  if (far < 1000) return `now (${clock} UTC)`;
  const length = duration(Math.floor(far / 1000));
  return away > 0 ? `in ${length} (${clock} UTC)` : `${length} ago (${clock} UTC)`;
}

/**
 * Names as people join them: `Ann, Bo and Cy`; `nobody` for none.
 *
 * @param {Iterable<string>} items
 */
export function listing(items) {
  const names = [...items].map(oneLine);
  if (names.length < 2) return names[0] ?? "nobody";
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/**
 * Words to be read out, numbered, so that a listener can ask for the sixth.
 *
 * @param {readonly string[]} words
 */
export function spoken(words) {
  return words.map((word, place) => `${place + 1} ${oneLine(word)}`).join("  ");
}
