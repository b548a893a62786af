/**
 * What happened to a request, step by step. Pure. Steps of people are taken from verified statements
 * alone; what time did is the service's word, and a step says which of both it is.
 */

import { oneLine } from "../link/render.js";
import { groupName } from "./groups.js";
import { drillTone, tone } from "./tones.js";

/**
 * @typedef {import("../trust/shown.js").VerifiedDetail} VerifiedDetail
 * @typedef {import("./people.js").Names} Names
 * @typedef {"request" | "approve" | "deny" | "cancellation" | "release" | "closure" | "review"
 *   | "not-changed" | "expired" | "expired-early" | "window-ended" | "window-ended-early"} StepKind
 * @typedef {object} Step `seq` is the entry of the log, or -1 where it has none yet; `person`, `group`
 *   and `said` (what the person wrote) may be empty; `signed`: a verified signature says so
 * @property {StepKind} kind
 * @property {Date} at the log's time
 * @property {number} seq
 * @property {string} person
 * @property {import("./groups.js").GroupName | ""} group
 * @property {string} said
 * @property {boolean} signed
 * @typedef {{leaf: number, at: string} | null} TimedOut the API's: when time ended it, and where
 */

const NOT_ENTERED = -1;
const EARLY = "the log began a new epoch, or the operator accepted another clock";
const COLLECTING = new Set(["pending", "approved"]);

/**
 * All that happened so far, in the log's order; what the log has not entered yet comes last.
 *
 * @param {Pick<VerifiedDetail, "about" | "decisions" | "further">} verified
 * @param {object} told the service's word
 * @param {string} told.toldState
 * @param {TimedOut} told.toldTimedOut
 * @param {number} told.toldSeq the request's own entry
 * @returns {Step[]}
 */
export function steps({ about, decisions, further }, { toldState, toldTimedOut, toldSeq }) {
  const { requester, enteredAt, expiresAt, reason, drill, window } = about.request;
  const found = [
    step({ kind: "request", at: enteredAt, seq: toldSeq, person: requester, said: reason, signed: true }),
    ...decisions.map((one) =>
      step({ ...one, kind: one.approves ? "approve" : "deny", person: one.custodian, said: one.reason, signed: true }),
    ),
    ...further.map(ofWord),
  ];
  const ended = [];
  if (toldState === "expired") ended.push(timedOut("expired", expiresAt, toldTimedOut));
  const release = further.find(({ kind }) => kind === "release");
  const closed = further.some(({ kind }) => kind === "closure");
  const over = release && !drill && !COLLECTING.has(toldState) && toldState !== "released";
  if (over && (toldTimedOut || !closed)) {
    ended.push(timedOut("window-ended", new Date(release.at.getTime() + window * 1000), toldTimedOut));
  }
  const [first, ...rest] = found; // whatever its entry is said to be, the question comes first
  return [first, ...[...rest, ...ended].sort((a, b) => place(a) - place(b))];
}

/** @param {Step} one */
function place({ seq }) {
  return seq === NOT_ENTERED ? Number.MAX_SAFE_INTEGER : seq;
}

/**
 * @param {Partial<Step> & {kind: StepKind, at: Date}} given
 * @returns {Step}
 */
function step({ kind, at, seq = NOT_ENTERED, person = "", group = "", said = "", signed = false }) {
  return Object.freeze({ kind, at, seq, person, group, said, signed });
}

/** @param {import("../trust/shown.js").Further} word */
function ofWord({ kind, payload, seq, at }) {
  const given = { seq, at, signed: true, said: payload.summary ?? payload.note ?? payload.reason ?? "" };
  if (kind !== "review") {
    return step({ ...given, kind: /** @type {StepKind} */ (kind), person: payload.requester });
  }
  const { group, reviewer: person, rotated } = payload;
  return step({ ...given, kind: rotated ? "review" : "not-changed", person, group });
}

/**
 * What time did when it was due; or a new epoch, or an accepted clock, before that.
 *
 * @param {"expired" | "window-ended"} kind
 * @param {Date} due as it follows from what was signed
 * @param {TimedOut} told
 */
function timedOut(kind, due, told) {
  if (!told) return step({ kind, at: due });
  const at = new Date(told.at);
  // A time that is none is not before it: it is said as due.
  if (at < due) return step({ kind: `${kind}-early`, at, seq: told.leaf });
  return step({ kind, at: due, seq: told.leaf });
}

/** @type {Readonly<Record<StepKind, (who: string, group: string) => string>>} */
const SENTENCES = {
  request: (who) => `${who} asked`,
  approve: (who, group) => `${who} approved for the ${group}`,
  deny: (who, group) => `${who} denied for the ${group}`,
  cancellation: (who) => `${who} took the request back`,
  release: (who) => `the shares were released to ${who}`,
  closure: (who) => `${who} says the work is done`,
  review: (who, group) => `${who} reviewed for the ${group}`,
  "not-changed": (who, group) => `${who} reviewed for the ${group}, and found the password NOT changed`,
  expired: () => "it expired",
  "expired-early": () => `it expired early: ${EARLY}`,
  "window-ended": () => "the window closed",
  "window-ended-early": () => `the window closed early: ${EARLY}`,
};

/**
 * A step as a sentence without its full stop; what a person wrote is in quotes.
 *
 * @param {Step} one
 * @param {Names} chain
 */
export function stepInWords({ kind, person, group, said }, chain) {
  const words = SENTENCES[kind](oneLine(chain.nameOf(person)), group ? groupName(group) : "");
  // The reason of the request heads the page.
  return said && kind !== "request" ? `${words}: “${oneLine(said)}”` : words;
}

/** The tone of a step; none is red in a drill. @param {Step} one @param {boolean} drill */
export function stepTone({ kind }, drill) {
  return drill ? drillTone("step", kind) : tone("step", kind);
}
