/** What was verified of the log, in one plain sentence. Pure functions; nothing is decided here. */

import { listing } from "../link/render.js";

/**
 * @typedef {import("../log/witnesses.js").Word} Word
 * @typedef {import("../log/witnesses.js").Heard} Heard
 * @typedef {{ text: string, tone: "good" | "late" | "wrong" }} Said
 */

/** @param {number} number */
export function counted(number) {
  return number.toLocaleString("en");
}

/** @param {number} number @param {string} one @param {string} many */
function several(number, one, many) {
  return `${counted(number)} ${number === 1 ? one : many}`;
}

/**
 * How many entries: `1,204 entries`.
 *
 * @param {number} size
 */
export function entries(size) {
  return several(size, "entry", "entries");
}

/**
 * Who has cosigned entry `seq` in a log of `size`, as the end of a sentence that is about that log.
 *
 * @param {Heard} heard
 * @param {number} seq
 * @param {number} size
 */
function stand({ words }, seq, size) {
  if (words.length === 0) return ".";
  const those = words.filter((word) => word.size > seq);
  if (those.length === 0) return ". No witness has cosigned it yet.";
  const verb = those.length === 1 ? "has" : "have";
  const kind = those.length === 1 ? "the witness" : "the witnesses";
  const who = `${kind} ${listing(those.map(({ name }) => name))}${named(those)} ${verb} cosigned`;
  const least = Math.min(...those.map((word) => word.size));
  if (least >= size) return `, and that ${who}.`;
  return `; ${who} its first ${entries(least)}, this one among them.`;
}

/** @param {readonly Word[]} words */
function named(words) {
  const own = words.filter(({ compared }) => compared).length;
  if (own === words.length) return words.length === 1 ? ", whose key was compared here," : ", whose keys were compared here,";
  if (own === 0) return words.length === 1 ? " (named by the service)" : " (all named by the service)";
  return ` (${several(own, "key was", "keys were")} compared here, the rest is named by the service)`;
}

/**
 * One entry that was verified.
 *
 * @param {number} seq
 * @param {number} size of the log that it stands in
 * @param {Heard} heard
 * @returns {Said}
 */
export function entryWords(seq, size, heard) {
  const stands = `Verified on this device: entry ${seq} stands in the log of ${entries(size)} that the service has signed`;
  return { text: `${stands}${stand(heard, seq, size)}${troubles(heard)}`, tone: tone(heard) };
}

/**
 * The whole log, in a few words.
 *
 * @param {number} size
 * @param {Heard} heard
 * @returns {Said}
 */
export function headWords(size, heard) {
  const those = heard.words.filter((word) => word.size > 0);
  const least = Math.min(...those.map((word) => word.size));
  const parts = [size === 0 ? "the log is empty" : `log verified to entry ${counted(size - 1)}`];
  if (those.length) {
    const own = those.every(({ compared }) => compared) ? "" : " named by the service";
    const far = least === size ? "" : ` to entry ${counted(least - 1)}`;
    parts.push(`${several(those.length, "witness", "witnesses")}${own}${far}`);
  } else if (heard.words.length) parts.push("no witness has cosigned it yet");
  return { text: [...parts, ...wrongs(heard)].join(" · "), tone: tone(heard) };
}

/**
 * What one witness has said, beside its name.
 *
 * @param {Word} word
 */
export function witnessWords({ size, at, compared }) {
  const key = compared ? "its key was compared here" : "named by the service";
  if (size === 0) return `has cosigned nothing yet; ${key}`;
  const when = new Date(at * 1000).toISOString().replace("T", " ").slice(0, 16);
  return `cosigned the first ${entries(size)} at ${when} UTC by its clock: verified here; ${key}`;
}

/** @param {Heard} heard */
function wrongs({ words, missing }) {
  const of = (/** @type {string} */ state) => words.filter((word) => word.state === state).map(({ name }) => name);
  const [silent, refuses] = [of("silent"), of("refuses")];
  return [
    ...(silent.length ? [`${listing(silent)} ${silent.length === 1 ? "is" : "are"} silent`] : []),
    ...(refuses.length ? [`${listing(refuses)} ${refuses.length === 1 ? "refuses" : "refuse"} this log`] : []),
    ...(missing.length ? [`${listing(missing)}, compared here, ${missing.length === 1 ? "is" : "are"} not named any more`] : []),
  ];
}

/** @param {Heard} heard */
function troubles(heard) {
  const found = wrongs(heard);
  return found.length ? ` But: ${found.join("; ")}.` : "";
}

/** @param {Heard} heard @returns {"good" | "late" | "wrong"} */
function tone({ words, missing }) {
  if (missing.length || words.some(({ state }) => state === "refuses")) return "wrong";
  return words.some(({ state }) => state === "silent") ? "late" : "good";
}

/**
 * What a kept checkpoint proves now.
 *
 * @param {number} kept how many entries it has
 * @param {number} size how many the log has now
 * @param {number} count how many kept ones were compared
 */
export function keptWords(kept, size, count) {
  const whose = count === 1 ? "Your kept checkpoint" : `The newest of your ${counted(count)} kept checkpoints, the one`;
  const rest = count === 1 ? "" : " All the others are beginnings of it, too.";
  if (kept === 0) return "Your kept checkpoint is of an empty log: every log begins like that, so it proves nothing.";
  if (kept === size) return `${whose} of ${entries(kept)} is this log as it is now: nothing of it was changed.${rest}`;
  return `${whose} of ${entries(kept)} is the beginning of this log: nothing before it was changed, and ${entries(size - kept)} came after it.${rest}`;
}
