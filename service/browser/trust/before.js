/**
 * Before anything is signed: the log, times and envelopes, judged for one act. Pure rules on what
 * was verified; nothing of the service's word. Codes:
 *
 * - those of an alarm: the log is not the one that this browser has seen;
 * - `log-key-changed`: the roster names another key of the log than signs it here;
 * - `wrong-log-key`: a draft does; `log-unseen` (second press): no key was ever seen here;
 * - `not-yet-in-log` (second press): no signed checkpoint covers an entry yet;
 * - `entry-replaced`: the service shows another time or place than the entry that the log has;
 * - `clock-differs`: a request was signed ten minutes or more from its entry;
 * - `request-over` (second press): by this device's clock the request ended, or was not made yet;
 * - `line-retired`: the request, or the envelope, was entered after its line was ended;
 * - `request-before-epoch`: the request was entered before entries of the log were given up;
 * - `envelope-rewound`: a newer one was verified here as ready;
 * - `newer-envelope` (a line): a newer one is not ready;
 * - `not-yet-witnessed` (a line): too few of the roster's witnesses have seen the request's entry.
 */

/**
 * @typedef {import("../crypto/leaf.js").Leaf} Leaf
 * @typedef {"approve" | "release" | "close" | "review" | "confirm" | "paper" | "ask" | "seal" |
 *   "sign" | "deny" | "cancel"} Act a drill is asked, approved and released as the rest
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {{what: string, hear: string, leaf: Leaf | null, group?: GroupName, ends?: boolean}} Entry what an
 *   act relies on, and who knows of it, in words; null where no checkpoint proves it. An approval
 *   has its `group`: as many of them as the group needs. `ends`: it ended the line
 * @typedef {object} Asked the request that the act is about
 * @property {string} requester a name
 * @property {Date} signedAt by the requester's clock
 * @property {number} lifetime seconds
 * @property {boolean} offline
 * @property {number} place as the service shows it, and so `enteredAt`
 * @property {Date} enteredAt
 * @property {Leaf | null} leaf
 * @typedef {object} Facts
 * @property {Act} act
 * @property {{code: string, message: string} | null} alarm
 * @property {string} pinned the log's verifier key here; empty where none was ever seen
 * @property {string} named the same as the newest roster names it; empty where there is none
 * @property {string} [drafted] as the draft names it
 * @property {readonly Entry[]} entries
 * @property {Readonly<Record<GroupName, number>>} needed approvals in each group
 * @property {Asked | null} asked
 * @property {{version: number, digest: string} | null} envelope
 * @property {{version: number, digest: string} | null} ready the newest verified here as ready
 * @property {{version: number, confirmed: number, wanted: number} | null} waiting a newer envelope
 *   that is not ready
 * @property {boolean} unseen too few of the roster's witnesses have seen the request's entry
 * @property {Date} own this device's clock
 * @property {number} epoch place of the newest epoch's first leaf; -1
 * @typedef {object} Finding `code` and what `words/before` needs to say it
 * @property {"refuse" | "press" | "say"} weight `press`: a second press goes on
 * @property {string} code
 * @property {Record<string, any>} facts
 * @typedef {object} Verdict fine where all three are empty
 * @property {Finding | null} refusal
 * @property {readonly Finding[]} asks one press answers all of them
 * @property {readonly Finding[]} remarks
 */

const SLACK = 10 * 60_000; // ms between a requester's clock, the log's and one's own
/** @type {ReadonlySet<Act>} */
const GOES_ON = new Set(/** @type {Act[]} */ (["deny", "cancel"]));
/** @type {ReadonlySet<Act>} */
const OPENS = new Set(/** @type {Act[]} */ (["approve", "release"]));
/** @type {ReadonlySet<Act>} */
const IN_USE = new Set(/** @type {Act[]} */ (["approve", "release", "confirm", "paper"]));
/** @type {ReadonlySet<Act>} */
const NEEDS_NEWEST = new Set(/** @type {Act[]} */ (["approve", "confirm", "paper", "ask", "seal"]));

/**
 * What becomes of an act. What would block another is a remark for a denial and a cancellation:
 * they go on, whatever the log looks like.
 *
 * @param {Facts} facts
 * @returns {Verdict}
 */
export function judge(facts) {
  const found = RULES.flatMap((rule) => rule(facts));
  const of = (/** @type {string} */ weight) => found.filter((one) => one.weight === weight);
  if (GOES_ON.has(facts.act)) return { refusal: null, asks: [], remarks: found };
  const [refusal = null] = of("refuse");
  return { refusal, asks: refusal ? [] : of("press"), remarks: of("say") };
}

/** @type {readonly ((facts: Facts) => Finding[])[]} */
const RULES = [logRule, keyRule, entryRule, epochRule, endRule, signedAtRule, clockRule, coverRule, envelopeRule, witnessRule];

/** @param {Facts} facts */
function logRule({ alarm }) {
  return alarm === null ? [] : [refuse(alarm.code, { alarm })];
}

/** @param {Facts} facts */
function keyRule({ pinned, named, drafted }) {
  if (drafted !== undefined && pinned === "") return [press("log-unseen", {})];
  if (drafted !== undefined && drafted !== pinned) return [refuse("wrong-log-key")];
  const other = pinned !== "" && named !== "" && pinned !== named;
  return other ? [refuse("log-key-changed")] : [];
}

/** @param {Facts} facts */
function entryRule({ asked }) {
  if (!asked?.leaf) return [];
  const { leaf, place, enteredAt } = asked;
  const same = leaf.seq === place && leaf.at.getTime() === enteredAt.getTime();
  return same ? [] : [refuse("entry-replaced", { shown: enteredAt, entered: leaf.at })];
}

/** @param {Facts} facts */
function epochRule({ act, asked, epoch }) {
  if (!OPENS.has(act) || asked === null) return [];
  const place = asked.leaf?.seq ?? asked.place;
  return place < epoch ? [refuse("request-before-epoch")] : [];
}

/** @param {Facts} facts approvals are later, and rightly so: what they approve is not */
function endRule({ act, entries }) {
  const end = entries.find((one) => one.ends)?.leaf;
  if (!end || !IN_USE.has(act)) return [];
  const late = entries.some(({ group, leaf }) => !group && leaf && leaf.seq > end.seq);
  return late ? [refuse("line-retired")] : [];
}

/** @param {Facts} facts */
function signedAtRule({ act, asked }) {
  if (act !== "approve" || !asked?.leaf || asked.offline) return [];
  const { leaf, requester, signedAt } = asked;
  const apart = Math.abs(leaf.at.getTime() - signedAt.getTime());
  return apart <= SLACK ? [] : [refuse("clock-differs", { requester, signedAt, entered: leaf.at })];
}

/** @param {Facts} facts */
function clockRule({ act, asked, own }) {
  if (act !== "approve" || asked === null) return [];
  const { leaf, lifetime, requester, signedAt } = asked;
  const begins = leaf?.at ?? signedAt; // never a time of the answer
  const ends = new Date(begins.getTime() + lifetime * 1000);
  const facts = { own, begins, ends, requester, proved: leaf !== null };
  const inTime = begins.getTime() - SLACK <= own.getTime() && own < ends;
  return inTime ? [] : [press("request-over", facts)];
}

/** @param {Facts} facts */
function coverRule({ entries, needed }) {
  const missing = entries.filter((one) => {
    if (one.leaf !== null) return false;
    return one.group === undefined || proven(entries, one.group) < needed[one.group];
  });
  return missing.length === 0 ? [] : [press("not-yet-in-log", { missing })];
}

/** @param {readonly Entry[]} entries @param {GroupName} group */
function proven(entries, group) {
  return entries.filter((one) => one.group === group && one.leaf !== null).length;
}

/** @param {Facts} facts */
function envelopeRule({ act, envelope, ready, waiting }) {
  const said = waiting === null ? [] : [say("newer-envelope", waiting)];
  if (!NEEDS_NEWEST.has(act) || ready === null) return said;
  const newer = envelope !== null && envelope.version > ready.version;
  if (newer || envelope?.digest === ready.digest) return said;
  return [refuse("envelope-rewound", { ready: ready.version, shown: envelope?.version ?? 0 })];
}

/** @param {Facts} facts a witness never blocks */
function witnessRule({ act, unseen }) {
  return unseen && handsOver(act) ? [say("not-yet-witnessed", {})] : [];
}

/** Whether an act hands over what it opens. @param {Act} act */
export function handsOver(act) {
  return OPENS.has(act);
}

/** @param {string} code @param {Record<string, any>} [facts] @returns {Finding} */
function refuse(code, facts = {}) {
  return { weight: "refuse", code, facts };
}

/** @param {string} code @param {Record<string, any>} facts @returns {Finding} */
function press(code, facts) {
  return { weight: "press", code, facts };
}

/** @param {string} code @param {Record<string, any>} facts @returns {Finding} */
function say(code, facts) {
  return { weight: "say", code, facts };
}
