/**
 * What is known of an announcement, in place of "everyone is told". Pure. An entry of the log is known where
 * it was proved; that Amazon SNS took a notice is the service's word, and that a person read it is known
 * to no one.
 */

import { sentence } from "./people.js";

/**
 * Before an act: what happens to its notice. `toldOutside` is the service's word for whether notices
 * leave its machine at all.
 *
 * @param {{toldOutside: boolean}} given
 */
export function willBeAnnounced({ toldOutside }) {
  return toldOutside
    ? "This is recorded in the log for good, and announced through Amazon SNS."
    : "This is recorded in the log for good. It is announced to no one outside the service's machine.";
}

/**
 * After an act: that it is in the log, and how far its notice got.
 *
 * @param {object} given
 * @param {number} given.entry its place in the log
 * @param {boolean} given.proved this browser has verified that the log holds it there
 * @param {boolean} given.toldOutside
 * @param {{accepted: number, waiting: number} | null} given.toldSent of how many channels SNS has accepted
 *   the notice and of how many not yet; null where the service does not say
 * @returns {{log: string, toldNotice: string}} one sentence of each; a view tells the second
 */
export function announced({ entry, proved, toldOutside, toldSent }) {
  const log = proved
    ? `Recorded in the log as entry ${entry}; this browser has verified that.`
    : `The service says that it is entry ${entry} of the log; this browser has not verified that yet.`;
  return { log, toldNotice: noticeInWords(toldOutside, toldSent) };
}

/** @param {boolean} outside @param {{accepted: number, waiting: number} | null} sent */
function noticeInWords(outside, sent) {
  if (!outside) return "It is announced to no one outside the service's machine.";
  if (!sent) return "Whether its notice has been sent is not known here.";
  const { accepted, waiting } = sent;
  const all = accepted + waiting;
  if (!all) return "There is no channel for its notice.";
  const channels = `${all} ${all === 1 ? "channel" : "channels"}`;
  if (!waiting) return `Amazon SNS has accepted its notice for ${channels}.`;
  if (!accepted) return `Amazon SNS has not accepted its notice yet, for ${channels}.`;
  return `Amazon SNS has accepted its notice for ${accepted} of ${channels}; the rest are not sent yet.`;
}

/** The banner of an installation whose notices go nowhere: red, since no one hears what happens. */
export const UNHEARD =
  "No one outside hears of anything: notices of this service do not leave its machine. Tell an operator, " +
  "and do not take silence for safety.";

/**
 * How one channel is doing, for operators.
 *
 * @param {{channel: string, waiting: number, oldest_at: string, fault: string}} toldChannel the API's
 * @param {(at: string) => string} since says a time in words
 */
export function channelInWords({ waiting, oldest_at: oldest, fault }, since) {
  if (!waiting) return fault ? sentence(`it fails: ${fault}`) : "Every notice has been accepted.";
  const what = `${waiting} ${waiting === 1 ? "notice" : "notices"} not sent`;
  return sentence(`${what}, the oldest of ${since(oldest)}${fault ? `: ${fault}` : ""}`);
}
