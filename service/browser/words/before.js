/** What is known before an act is signed, in sentences. Pure functions; nothing is decided here. */

import { duration, listing, moment, oneLine } from "../link/render.js";

/** @typedef {import("../trust/before.js").Finding} Finding */

/** @type {Record<string, (facts: any) => string>} */
const SENTENCES = {
  "wrong-log-key": () =>
    "The draft names another key of the log than the one that this browser has pinned: do not " +
    "sign it, and compare both keys' words with a custodian of the other group",
  "log-key-changed": () =>
    "The account's roster names another key of the log than the one that signs it here: act with " +
    "a bundle and without the service, or have a roster signed that names the new key",
  "entry-replaced": ({ shown, entered }) =>
    `The service shows the request as entered at ${moment(shown)}; the log has it at ${moment(entered)}`,
  "line-retired": () =>
    "The account's own people had retired this line when the log took this: an honest service " +
    "takes nothing new in it, so warn the other custodians",
  "request-before-epoch": () =>
    "The request was entered before an older copy of the log was restored, and what was said on " +
    "it since may be lost: have it asked again",
  "clock-differs": ({ requester, signedAt, entered }) =>
    `${oneLine(requester)} signed the request at ${moment(signedAt)} by their clock, and it was ` +
    `entered at ${moment(entered)}: have it asked again, with the right time`,
  "request-over": ({ own, begins, ends, requester, proved }) =>
    `${times(own, begins, proved)}. If this device's clock is right, this request ` +
    (own < ends ? `was made ${between(own, begins)} from now` : `ended ${between(ends, own)} ago`) +
    `: hear ${oneLine(requester)} by voice before you go on`,
  "log-unseen": () =>
    "This browser has not seen the service's log yet, so the log's key in the draft was compared " +
    "with none: compare its words with a custodian of the other group before you go on",
  "not-yet-in-log": ({ missing }) =>
    `The log does not show ${listing(missing.map((/** @type {any} */ one) => one.what))} yet: hear ` +
    `${listing(new Set(missing.map((/** @type {any} */ one) => one.hear)))} by voice before you go on`,
  "envelope-rewound": ({ ready, shown }) =>
    `This browser has verified version ${ready} of the sealed password as ready, and the service ` +
    `shows ${shown ? `version ${shown}` : "none"} in its place`,
  "not-yet-witnessed": () =>
    "No outsider has seen this entry: too few of the witnesses that the roster names have cosigned " +
    "the log since the request was entered. This browser looks again, and says so if they have not " +
    "after a day",
  "newer-envelope": ({ version, confirmed, wanted }) =>
    `Version ${version} waits for confirmations, ${confirmed} of ${wanted}`,
};

/**
 * One finding as a sentence.
 *
 * @param {Finding} finding
 * @returns {string}
 */
export function sentence({ code, facts }) {
  return facts.alarm ? facts.alarm.message : `${SENTENCES[code](facts)}.`;
}

/** @param {Date} own @param {Date} begins @param {boolean} proved */
function times(own, begins, proved) {
  const how = proved ? "it entered the log" : "the request was signed";
  return `This device's clock says ${moment(own)}; ${how} at ${moment(begins)}`;
}

/** @param {Date} from @param {Date} to */
function between(from, to) {
  return duration(Math.floor((to.getTime() - from.getTime()) / 1000));
}
