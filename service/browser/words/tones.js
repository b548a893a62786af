/**
 * Which state has which colour. A tone says nothing that the words beside it do not. Red is for what is
 * exposed, unexplained, rewritten or unheard, and for nothing else: what is only overdue, refused or
 * broken is amber, or red would mean nothing when a password is out.
 */

/**
 * @typedef {"plain" | "ok" | "wait" | "bad"} Tone plain, green, amber, red; the classes of the style
 *   sheet
 * @typedef {"exposed" | "unexplained" | "rewritten" | "unheard"} Alarm why something is red
 */

/** Every state that is red, with the one reason why. @type {Readonly<Record<string, Alarm>>} */
export const RED = Object.freeze({
  "account exposed": "exposed",
  "request released": "exposed",
  "request rotation_due": "exposed",
  "finding exposed": "exposed",
  "finding exposed-retired": "exposed",
  "finding successor-overdue": "exposed",
  "finding keys-replaced": "unheard",
  "finding nobody-told": "unheard",
  "finding circular-channel": "unheard",
  "duty request.fetch": "exposed",
  "step release": "exposed",
  "step window-ended": "exposed",
  "event log:epoch-began": "rewritten",
  "event identity:replaced": "unheard",
  "event passkey:fell-back": "unexplained",
  "event envelope:exposed": "exposed",
  "event request:released": "exposed",
  "event request:fetched": "exposed",
  "event request:imported": "exposed",
  "event offline:papers": "exposed",
  "event channel:failed": "unheard",
  "event witness:refused": "rewritten",
  "witness refuses": "rewritten",
});

const GREEN = new Set([
  "account ready",
  "request approved",
  "request closed",
  "decision approve",
  "step approve",
  "step review",
  "year changed",
  "witness cosigning",
  "custodian able",
]);

const AMBER = new Set([
  "account no-roster",
  "account no-envelope",
  "account unconfirmed",
  "request pending",
  "request review_due",
  "decision deny",
  "decision awaited",
  "custodian new-keys",
  "custodian unproven",
  "step deny",
  "step not-changed",
  "step expired-early",
  "step window-ended-early",
  "year unchanged",
  "witness silent",
]);

/** Kinds whose members are amber unless they are red: what is listed there needs someone. */
const AMBER_KINDS = new Set(["finding", "duty"]);

/**
 * The tone of one state of one kind of thing; `plain` for what is in no table.
 *
 * @param {string} kind such as `account`, `request`, `finding`, `duty`, `event`, `decision`, `step`
 * @param {string} state its code
 * @returns {Tone}
 */
export function tone(kind, state) {
  const name = `${kind} ${state}`;
  if (Object.hasOwn(RED, name)) return "bad";
  if (GREEN.has(name)) return "ok";
  return AMBER.has(name) || AMBER_KINDS.has(kind) ? "wait" : "plain";
}

/**
 * The same of what belongs to a drill: nothing is exposed by one, so nothing of it is red.
 *
 * @param {string} kind
 * @param {string} state
 * @returns {Tone}
 */
export function drillTone(kind, state) {
  const found = tone(kind, state);
  return found === "bad" ? "plain" : found;
}
