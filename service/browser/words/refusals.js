/**
 * What the service refuses, in the sentences of its own table (`docs/refusals.md`), and what a person does
 * about it. Pure. The service may send a more exact sentence: that is its word, and told as that.
 */

import { sentence } from "./people.js";

/** @type {Readonly<Record<string, string>>} */
const SENTENCES = Object.freeze({
  "already-confirmed": "this is already confirmed",
  "already-decided": "you have already given this decision",
  "auditor-in-roster": "an auditor cannot be a custodian, requester or sealer",
  "bad-link": "this enrolment link is not valid; ask an operator for a new one",
  "bad-passkey": "this passkey's answer does not match the challenge; start again",
  "both-groups": "no one may be in both groups",
  busy: "the service is busy; nothing was done, try again",
  "circular-channel":
    "the SNS topic is in the protected account itself; use a topic in another account",
  "clock-behind":
    "the service's clock is more than five minutes behind its log; an operator must correct it or " +
    "run 'breakglass-ops clock accept'",
  "clock-differs": "the request's signed time and the service's clock are more than ten minutes apart",
  conflict: "someone else changed this at the same time; reload it and try again",
  "duplicate-person": "no key and no name may appear twice",
  expired: "the request has expired; ask again",
  "forbidden-origin": "the call does not come from a page of this service",
  "identity-missing": "a person's identity is missing; enrol them, or draft the roster again",
  internal: "the service failed; its log says where",
  "last-operator": "no operator would be left; enrol another one first",
  "last-slot": "this key slot can be replaced, not removed",
  "line-order": "the lines of an account follow one another: the one before this is not registered",
  "line-retired":
    "this line of the account is retired: no request, password or roster is taken in it any more",
  "line-too-soon":
    "this account got a further line within the last seven days; everyone is warned first",
  "log-forked":
    "the statement names a head that this log never had: your device was shown another log; keep " +
    "it as it is, and warn the auditor and the other custodians",
  "log-not-signed":
    "the log cannot be signed at the moment; an operator must run 'breakglass-ops status'",
  malformed: "the call does not have the form that the route takes",
  "method-not-allowed": "this route does not allow that method",
  "no-envelope": "no password is sealed for this account yet",
  "no-quorum": "not enough approvals yet: both groups must reach their threshold",
  "no-roster": "the account has no signed roster yet",
  "not-allowed": "your role does not permit this",
  "not-awaited": "this draft does not need your signature",
  "not-found": "this does not exist, or you may not see it",
  "not-in-roster": "the account's roster does not give you this role",
  "not-signed-in": "sign in first",
  "not-successor": "a requester seals only the password that follows their own release",
  "operator-in-roster": "an operator cannot be a custodian, requester or sealer",
  "people-mismatch":
    "the people listed must be exactly those the roster names, with their enrolled keys",
  policy: "the policy of the roster does not permit this",
  "rate-limited": "this is wrong, and there were too many failed attempts; wait 15 minutes",
  "reason-needed": "give a reason",
  replayed: "this statement was already received",
  "requester-is-custodian": "a custodian cannot be a requester of the same account",
  "retiring-changes":
    "a roster that retires its line changes no group, threshold, role, name or key; draft it " +
    "from the version in force",
  "roster-too-long": "this roster is too long to be signed by all who may; name fewer people",
  "self-approval": "you cannot decide on your own request",
  "shares-lost": "the shares of this request can no longer be read; cancel it and ask again",
  "sign-in-failed": "this e-mail address and recovery phrase do not match",
  "slot-kind": "only a recovery phrase can be replaced; add another passkey, then remove the old one",
  "stale-roster": "this was made under an older roster; load the newest one and try again",
  "stale-session": "sign in again with your passkey or recovery phrase, then repeat this",
  "strands-envelope":
    "this roster would leave too few custodians with a share; add people, seal again, then remove",
  taken: "this is already in use",
  threshold: "a group needs 1 to 16 members and a threshold from 1 to the number of its members",
  "too-few-signers": "the roster is missing required signatures",
  "too-large": "the body is larger than 256 KiB",
  "too-many-acts":
    "you have done this too often within an hour, and each time is announced; try again later",
  "too-many-open": "five of your requests already wait for approvals here; cancel one you do not need",
  "too-many-reports": "three reports already say that this password was opened with papers; change it",
  "unknown-suite": "this statement is of an unknown suite: a newer release is needed",
  "unknown-task": "there is no such task; use 'other' and describe the task",
  "window-over": "the release window is over",
  "wrong-account": "the statement names another account",
  "wrong-blob": "a blob does not match the signed digest",
  "wrong-envelope": "the statement names another envelope",
  "wrong-group": "the signer is not in that group",
  "wrong-host": "this service does not answer under that name; see BREAKGLASS_URL",
  "wrong-length": "a resealed share has the wrong length",
  "wrong-log-key": "the draft names another log key than this service's; draft it again",
  "wrong-media-type": "send application/json, in UTF-8, without compression",
  "wrong-person": "the statement names another person",
  "wrong-recipient": "the recipient key belongs to another request",
  "wrong-request": "the statement names another request",
  "wrong-state": "it is in a state in which this cannot be done",
  "wrong-version": "the version does not follow the newest one",
});

/** Only where there is something to do. @type {Readonly<Record<string, string>>} */
const ADVICE = Object.freeze({
  "bad-link": "Ask an operator for a new link.",
  busy: "Try again in a moment.",
  "clock-behind": "An operator must look: nothing can be done from here.",
  conflict: "Load this again and look before you decide.",
  expired: "Ask again if it is still needed.",
  internal: "Try again; if it stays, tell an operator.",
  "line-too-soon": "Wait until the seven days are over.",
  "log-forked": "Do nothing more here. Keep this device as it is, and call the auditor and the other custodians.",
  "log-not-signed": "An operator must look: nothing can be done from here.",
  "no-envelope": "A sealer seals the password first.",
  "no-roster": "An operator drafts a roster, and its custodians sign it.",
  "not-found": "Go back and look.",
  "not-signed-in": "Sign in; nothing that you typed is lost.",
  "rate-limited": "Wait, then try again.",
  "shares-lost": "Take the request back, and ask again.",
  "sign-in-failed":
    "Check the address and the words. If you have neither passkey nor phrase any more, ask an operator " +
    "for a new link.",
  "stale-roster": "Load this again and look before you decide.",
  "stale-session": "Press again: the proof that it is you has to be fresh.",
  "too-many-acts": "Try again in an hour.",
  "too-many-open": "Take back one that you do not need.",
  "unknown-suite": "Load this page again; if it stays, tell an operator.",
  "window-over": "Ask again if it is still needed. The password must be changed in any case.",
  "wrong-log-key": "Have an operator draft it again, and compare the log's key with another custodian.",
  "wrong-state": "It has moved on. Load this again and look.",
});

/** Every code that has a sentence. */
export const REFUSALS = Object.freeze(Object.keys(SENTENCES));

/**
 * A refusal: what the code means, what the service says beside that (empty if no more than the code
 * does), and what to do, or nothing. Of a code that is not known here, `text` says so.
 *
 * @param {string} code
 * @param {string} toldMessage the service's sentence
 * @returns {{text: string, toldDetail: string, advice: string}}
 */
export function refusal(code, toldMessage) {
  const known = Object.hasOwn(SENTENCES, code);
  const text = known ? sentence(SENTENCES[code]) : "The service refuses this, for a reason that this page does not know.";
  const told = toldMessage ? sentence(toldMessage) : "";
  return { text, toldDetail: told === text ? "" : told, advice: known ? (ADVICE[code] ?? "") : "" };
}
