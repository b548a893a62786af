/**
 * Words for people: lengths of time, lists. Nothing here decides anything. Whatever came from elsewhere goes
 * through `clean`: a name or a reason must not be able to change the direction of what stands
 * around it.
 */

const OBEYED = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069]/g;
/** @type {readonly [string, number][]} */
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

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
 * A time to the second, so that two clocks can be compared.
 *
 * @param {Date} at
 */
export function moment(at) {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/**
 * An account's id as AWS prints it, with the number of its line: `1111 2222 3333.2`.
 *
 * @param {string} account
 */
export function spaced(account) {
  return account.replace(/(\d{4})(?=\d)/g, "$1 ");
}

/**
 * Names as people join them: `Ann, Bo and Cy`; `no one` for none.
 *
 * @param {Iterable<string>} items
 */
export function listing(items) {
  const names = [...items].map(oneLine);
  if (names.length < 2) return names[0] ?? "no one";
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
