/**
 * The events of the history in words, one sentence an action, as `service/domain/events.py` has them. Pure.
 * Who and what an event names is the service's word unless the entry was proved.
 */

import { oneLine } from "../link/render.js";
import { GROUP_WORDS } from "./groups.js";
import { drillTone, tone } from "./tones.js";

/**
 * @typedef {{action: string, actor: string, subject: string, details: Readonly<Record<string, unknown>>}}
 *   Leaf the API's
 */

/** `{who}` and details in braces are put in. @type {Readonly<Record<string, string>>} */
const SENTENCES = Object.freeze({
  "log:started": "the log was started",
  "log:epoch-began":
    "{who} began a new epoch of the log after a restore: a checkpoint over {abandoned_size} entries is " +
    "abandoned, the first {continues} are unchanged",
  "clock:accepted": "{who} made the service accept a clock that is behind its log",
  "invitation:created": "{who} issued an enrolment link for {name}",
  "identity:enrolled": "{who} enrolled with new keys",
  "identity:replaced": "{who} replaced their keys with new ones",
  "enrolment:failed": "an enrolment was refused ({count} times)",
  "session:opened": "{who} signed in",
  "session:ended": "{who} ended a session",
  "session:failed": "a sign-in failed ({count} times)",
  "session:all-ended": "{who} ended all sessions of {name}",
  "role:withdrawn": "{who} withdrew the role of {name} as {role}; their sessions ended",
  "passkey:fell-back":
    "a passkey of {name} answered with a counter that does not go on: someone may have a copy",
  "slot:added": "{who} added a key slot",
  "slot:replaced": "{who} replaced a key slot",
  "slot:removed": "{who} removed a key slot",
  "account:registered": "{who} registered the account",
  "account:channel-set": "{who} changed where notices about this account go",
  "line:registered":
    "{who} registered {line}, a further line of this AWS account, with people of its own",
  "line:announced": "day {day} since {line}, a further line of this AWS account, was registered",
  "roster:drafted": "{who} drafted roster version {version}",
  "roster:signed": "{who} signed roster version {version}",
  "roster:accepted": "roster version {version} is in force",
  "envelope:sealed": "{who} sealed envelope version {version}",
  "envelope:confirmed": "{who} confirmed that their share of the {group} group opens",
  "envelope:ready": "envelope version {version} is ready and in force",
  "envelope:exposed": "envelope version {version} is exposed; change the password",
  "envelope:superseded": "envelope version {version} is superseded",
  "share:printed": "{who} printed their share of the {group} group",
  "request:opened": "{who} asks to be root",
  "request:approved": "{who} approved for the {group} group",
  "request:denied": "{who} denied for the {group} group",
  "request:ended-by-denial": "the request ended: it was denied",
  "request:cancelled": "the request was cancelled",
  "request:expired": "the request expired",
  "request:released": "the shares were released to {who}",
  "request:fetched": "{who} fetched the released shares again",
  "request:drill-over": "the drill is over; nothing was shown",
  "request:closure": "{who} says the work is done; the password must be changed",
  "request:window-ended": "the release window is over; the password must be changed",
  "request:rotated": "a newer envelope is ready; both groups must review",
  "request:reviewed": "{who} reviewed for the {group} group",
  "request:imported": "{who} imported a release made while the service was down",
  "offline:papers":
    "someone who has the secret of envelope version {version} reports that it was opened with papers; " +
    "change the password, and ask their keepers",
  "bundle:fetched": "{who} downloaded a bundle for use without the service",
  "events:exported": "{who} exported the log",
  "events:read": "{who} read the log's events",
  "channel:failed": "notices cannot be delivered to a channel: {fault}",
  "channel:recovered": "notices can be delivered to a channel again",
  "witness:silent": "a witness of the log does not answer: {fault}",
  "witness:refused": "a witness refuses the log: {fault}",
  "witness:recovered": "a witness cosigns the log again",
});

/** Every action that has a sentence, in the table's order: to choose from. */
export const ACTIONS = Object.freeze(Object.keys(SENTENCES));

/** @type {ReadonlyMap<unknown, string>} */
const GROUPS = new Map(Object.entries(GROUP_WORDS));

/**
 * An event as a sentence without its end. An action that is not known here is shown as it is, and a
 * detail that an older entry lacks as `?`.
 *
 * @param {Pick<Leaf, "action" | "details">} leaf
 * @param {string} who the actor's name
 */
export function eventInWords({ action, details }, who) {
  if (!Object.hasOwn(SENTENCES, action)) return oneLine(action);
  const said = SENTENCES[action].replace(/\{(\w+)\}/g, (_, name) => {
    if (name === "who") return who;
    if (!Object.hasOwn(details, name)) return "?";
    return (name === "group" && GROUPS.get(details[name])) || String(details[name]);
  });
  return oneLine(said);
}

/**
 * The same in a list: an approval says how far its group is, and who asks says for what, of which
 * account.
 *
 * @param {Leaf} toldLeaf
 * @param {{who: string, account: string}} names of the actor, and of the account or empty
 */
export function eventInList(toldLeaf, { who, account }) {
  const { action, details } = toldLeaf;
  const words = eventInWords(toldLeaf, who);
  if (action === "request:approved") return words + howFar(details);
  if (action !== "request:opened") return words;
  const asked = details.drill === true ? `${oneLine(who)} asks for a drill` : words;
  return account ? `${asked} of ${oneLine(account)}` : asked;
}

/** An older entry has neither number. @param {Leaf["details"]} details */
function howFar({ counted, needed }) {
  if (typeof counted !== "number" || typeof needed !== "number") return "";
  return counted <= needed ? `, ${counted} of ${needed}` : `, beyond the ${needed} needed`;
}

/**
 * The tone of an event. Only the opening of a request says of itself that it is a drill: a view that
 * knows it of the others says so.
 *
 * @param {Pick<Leaf, "action" | "details">} leaf
 * @param {boolean} [drill]
 */
export function eventTone({ action, details }, drill = details.drill === true) {
  return drill ? drillTone("event", action) : tone("event", action);
}

/** What an action is called in a list to choose from: `request: ended by denial`. @param {string} action */
export function actionName(action) {
  return oneLine(action).replace(":", ": ").replaceAll("-", " ");
}
