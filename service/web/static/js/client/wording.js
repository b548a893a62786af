/** A request in plain words: what is asked, who has said what, and how far its life has come. */

import { formatTime } from "../crypto/encoding.js";
import { GROUPS } from "../domain/people.js";
import { EVER, lastWords } from "../domain/quorum.js";
import { commonCustodians, needed } from "../domain/roster.js";
import { TASKS } from "../domain/tasks.js";
import { duration, listing, moment, oneLine } from "./render.js";

/**
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("./trust.js").VerifiedChain} VerifiedChain
 * @typedef {import("./trustRequest.js").VerifiedDetail} VerifiedDetail
 * @typedef {import("./trustRequest.js").VerifiedRequest} VerifiedRequest
 */

/** @type {Readonly<Record<GroupName, string>>} */
export const GROUP_TITLES = { password: "password group", mfa: "MFA group" };
/** @type {Record<string, string>} */
const WORDS = {
  cancellation: "cancelled",
  release: "released",
  closure: "closed by the requester",
  review: "reviewed",
};

/**
 * What the whole request is, in one sentence.
 *
 * @param {VerifiedRequest} about
 * @param {string} name the requester's, as one line
 */
export function headline({ request, roster }, name) {
  if (request.drill) return "A DRILL: everything is exercised and nothing is shown.";
  const without = request.offline ? "WITHOUT THE SERVICE, " : "";
  return `${without}${name} asks to be root of ${request.account} (${oneLine(roster.name)}).`;
}

/**
 * What a requester has signed, from the signed statement alone; `key` names the field. `envelope`
 * describes the one that is named.
 *
 * @param {VerifiedRequest} about
 * @param {VerifiedChain} chain
 * @param {{envelope: string, now: Date}} given
 * @returns {{key: string, name: string, text: string}[]}
 */
export function requestFacts({ request, roster }, chain, { envelope, now }) {
  const task = TASKS[request.task]?.title ?? oneLine(request.task);
  const lines = [
    ["requester", "asked by", oneLine(chain.nameOf(request.requester))],
    ["task", "to do", task],
    ...(request.taskText ? [["taskText", "in words", oneLine(request.taskText)]] : []),
    ["reason", "because", oneLine(request.reason)],
    ["ticket", "ticket", oneLine(request.ticket) || "none"],
    ["until", "until", moment(formatTime(request.expiresAt), now)],
    ["window", "window", `${duration(request.window)} after the release`],
    ["envelope", "envelope", envelope],
    ["roster", "roster", `version ${roster.version}`],
  ];
  return lines.map(([key, name, text]) => ({ key, name, text }));
}

/**
 * Both groups side by side: how many have agreed of how many, and what everybody's last word is.
 *
 * @param {VerifiedDetail} shown
 */
export function groupColumns({ chain, about, envelope, decisions }) {
  const sealedFor = chain.named(envelope.roster);
  const last = lastWords(decisions, { untilSeq: EVER });
  return GROUPS.map((group) => {
    const able = commonCustodians(about.roster, sealedFor, group);
    const agreed = [...able].filter((person) => last.get(person)?.approves).length;
    const people = about.roster.groups[group].custodians.map((person) => {
      const said = last.get(person);
      return {
        person,
        name: oneLine(chain.nameOf(person)),
        word: said === undefined ? "no answer" : said.approves ? "approved" : "denied",
        reason: oneLine(said?.reason ?? ""),
        holdsShare: able.has(person),
      };
    });
    const wanted = needed(about.roster, sealedFor, group);
    return { group, title: GROUP_TITLES[group], agreed, wanted, people };
  });
}

/**
 * A request's life step by step, ending with where it stands now (`at` is empty there).
 *
 * @param {VerifiedDetail} shown
 * @returns {{at: string, words: string}[]}
 */
export function lifeSteps({ detail, chain, decisions, further }) {
  const steps = [{ at: /** @type {string} */ (detail.request.at), words: "asked" }];
  for (const { at, custodian, approves } of decisions) {
    const name = oneLine(chain.nameOf(custodian));
    steps.push({ at: formatTime(at), words: `${name} ${approves ? "approved" : "denied"}` });
  }
  for (const { at, kind } of further) steps.push({ at, words: WORDS[kind] });
  steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const state = oneLine(detail.state).replaceAll("_", " ");
  return [...steps, { at: "", words: `now ${state}` }];
}

/**
 * The same as one line.
 *
 * @param {VerifiedDetail} shown
 */
export function lifeLine(shown) {
  const told = lifeSteps(shown).map(({ at, words }) => `${at.slice(11, 16)} ${words}`.trim());
  return told.join(" → ");
}

/**
 * Who is asked, by group, and how many of them it takes.
 *
 * @param {VerifiedRequest} about
 * @param {VerifiedChain} chain
 * @param {Roster} sealedFor the envelope's
 */
export function askedLines({ roster }, chain, sealedFor) {
  return GROUPS.map((group) => {
    const able = commonCustodians(roster, sealedFor, group);
    const people = roster.groups[group].custodians.filter((person) => able.has(person));
    const asked = listing(people.map((person) => chain.nameOf(person)));
    return `${GROUP_TITLES[group]}: ${needed(roster, sealedFor, group)} of ${asked}`;
  });
}

/**
 * People as the roster names them.
 *
 * @param {VerifiedDetail} shown
 * @param {Iterable<string>} people
 */
export function names({ chain }, people) {
  return listing([...people].map((person) => chain.nameOf(person)));
}
