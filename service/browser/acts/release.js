/** Taking what a quorum has released: signed, answered, verified to the last digest, opened. */

import { custodians } from "../domain/roster.js";
import { checkSame, posted, send, signed } from "./acting.js";
import { get } from "../link/api.js";
import { checkDrill, openRelease } from "../shares/combining.js";
import { ClocksDiffer, clockWarnings, hasPressed } from "../link/clocks.js";
import { ClientRefusal } from "../link/errors.js";
import { moment } from "../link/render.js";
import { exclusive, now } from "../link/environment.js";
import { part } from "../link/part.js";
import { whoKnows } from "../words/envelopes.js";
import { keepReleased, keptReleased, noteReleasing } from "../device/keeping.js";
import { named } from "./fetching.js";
import { ownOf, proved, verified } from "./handedOut.js";
import { checkLog } from "../log/watch.js";
import { rememberChain, seenRoster } from "../device/memory.js";
import { open } from "../device/requestKeys.js";
import { before, onRequest } from "./proving.js";
import { refreshed } from "./requests.js";
import { sweep } from "./sweeping.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("./requests.js").Shown} Shown
 * @typedef {object} Opened
 * @property {string} password empty for a drill
 * @property {string} signInEmail
 * @property {string} note
 * @property {string[]} warnings sentences; wrong shares are named
 * @property {Date} windowEndsAt
 * @property {string[]} usedNames whose shares opened it
 * @property {string[]} wrongNames whose shares are wrong and were left out
 * @property {{person: string, name: string, after: number, wrong: boolean}[] | null} drill
 *   who answered a drill, seconds after it was asked; null if it is none
 * @property {string[]} silent whom a drill has not heard
 */

/**
 * My request as this browser signed and keeps it, and its state now. It can be asked for while the
 * keys are being unlocked.
 *
 * @param {Shown} shown
 */
export async function gather(shown) {
  const [current, mine] = await Promise.all([refreshed(shown), ownOf(shown)]);
  const { state } = current.detail;
  const proof =
    state === "released" ? null : await before("release", await onRequest("release", current));
  return { mine, proof }; // without `mine` a release would only expose the envelope
}

/**
 * What someone has to know before they release; mostly nothing. A passkey needs this service's
 * page: without the service, opening what was fetched takes the phrase and the command line.
 *
 * @param {readonly {kind: string, unlocks: boolean}[]} ways with which they unlock
 * @returns {string}
 */
export function beforeReleasing(ways) {
  if (!ways.some(({ kind, unlocks }) => kind === "passkey" && unlocks)) return "";
  return (
    "Have your recovery phrase at hand: a passkey works only while this service answers; without " +
    "it you will need the phrase."
  );
}

/**
 * Sign the release and open what it hands out. When it is released already, it is fetched.
 *
 * Refused as `ClientRefusal`: `no-request-key`, `not-my-request`, a code of `trust/release`,
 * `trust/log` or `shares/combining`.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {ReturnType<typeof gather>} [gathered] of this very `shown`
 * @returns {Promise<Opened>}
 */
export async function release(shown, identity, gathered) {
  checkSame(shown.me.keyid, identity);
  const { id, digest } = shown.about.request;
  return exclusive(`request ${id}`, async () => {
    const { mine: own, proof } = await (gathered ?? gather(shown));
    // In the unlocking that a release makes anyway, and before anything is posted.
    const mine = { ...own, key: await open(shown.me.person, id, identity.root) };
    if (proof === null) return fetched(shown, mine);
    const fields = { request: digest, requester: shown.me.person };
    const statement = await signed("release", fields, identity, proof);
    await noteReleasing(shown.me.person, id);
    const path = `/requests/${id}/release`;
    const released = async () => (await get(`/requests/${id}`)).state === "released";
    return send(
      path,
      posted(statement),
      (answer) => (answer.repeated ? fetched(shown, mine) : opened(shown, mine, answer)),
      released,
    );
  });
}

/**
 * Fetch once more while the window is open, for approvals since; everybody is told.
 *
 * @param {Shown} shown
 * @param {Identity} identity unlocking it has made the session fresh
 * @returns {Promise<Opened>}
 */
export async function fetchAgain(shown, identity) {
  checkSame(shown.me.keyid, identity);
  const { id } = shown.about.request;
  return exclusive(`request ${id}`, async () => {
    const own = await ownOf(shown);
    const mine = { ...own, key: await open(shown.me.person, id, identity.root) };
    return fetched(shown, mine);
  });
}

/**
 * With which kinds of slot that were kept beside it a kept release opens; none if none was kept.
 *
 * @param {Shown} shown
 * @returns {Promise<string[]>}
 */
export async function keptKinds(shown) {
  if ((await keptReleased(shown.me.person, shown.about.request.id)) === null) return [];
  return (await ownOf(shown)).slots.map(({ kind }) => kind);
}

/**
 * Open what this browser kept of a release, without fetching it once more; null if it kept none.
 * One unlocking, by the slots kept beside the key first. What was kept is verified again. A window
 * that is over by this device's clock wants a second press: `own-clock`.
 *
 * @param {Shown} shown
 * @param {import("../keys/unlock.js").Way} way
 * @returns {Promise<Opened | null>}
 */
export async function openKept(shown, way) {
  const { person } = shown.me;
  const { id } = shown.about.request;
  const answer = await keptReleased(person, id);
  if (answer === null) return null;
  const own = await ownOf(shown);
  const { release } = await proved(answer, await verified(own, answer, null));
  checkWindow(release);
  const { withKeptRoot } = await part(import("../keys/reopening.js"));
  return withKeptRoot(way, { person, slots: own.slots }, async (root) => {
    const mine = { ...own, key: await open(person, id, root) };
    return revealed(mine, release, clockWarnings());
  });
}

/** @param {VerifiedRelease} release */
function checkWindow({ releasedAt, windowEndsAt }) {
  if (now() < windowEndsAt || hasPressed()) return;
  throw new ClocksDiffer(
    `this device's clock says ${moment(now())}; by the service's clock the release entered the ` +
      `log at ${moment(releasedAt)}, and its window ended at ${moment(windowEndsAt)}`,
  );
}

/**
 * Forget what was opened, as far as a page can.
 *
 * @param {Opened} it
 */
export function wipe(it) {
  Object.assign(it, { password: "", signInEmail: "", note: "" });
}

/** @typedef {import("./handedOut.js").VerifiedRelease} VerifiedRelease */
/** @typedef {import("./handedOut.js").Own & {key: import("../crypto/recipient.js").Recipient}} Mine unwrapped for one act */

/**
 * @param {Shown} shown
 * @param {Mine} mine
 */
async function fetched(shown, mine) {
  return opened(shown, mine, await get(`/requests/${shown.about.request.id}/release`));
}

/**
 * @param {Shown} shown
 * @param {Mine} mine
 * @param {any} answer
 */
async function opened(shown, mine, answer) {
  const { person } = shown.me;
  const account = /** @type {string} */ (mine.statement.payload.account);
  const remembered = await seenRoster(person, account);
  const [logged, given] = await Promise.all([checkLog(), verified(mine, answer, remembered)]);
  const { release, lacks } = await proved(answer, given);
  await rememberChain(person, release.chain);
  await keepReleased(person, answer);
  const warnings = [...logged, ...lacks, ...clockWarnings(release.releasedAt)];
  const { drill, id } = release.about.request;
  // A drill is opened as a real release is later: from what lies in this browser.
  const again = drill ? await verified(mine, await keptDrill(person, id), null) : release;
  const result = await revealed(mine, again, warnings);
  if (drill) await sweep(person); // a drill does each local step of a release, and no one waits
  return result;
}

/**
 * Destroy what this browser keeps of other requests that are proved to be over; for a page that
 * shows what was released, so that no one waits for it.
 *
 * @param {Shown} shown the request that was released: its key stays
 */
export function sweepOthers({ me, about }) {
  return sweep(me.person, { acting: about.request.id });
}

/**
 * @param {string} person
 * @param {string} request
 */
async function keptDrill(person, request) {
  const kept = await keptReleased(person, request);
  if (kept) return kept;
  throw new ClientRefusal("drill-failed", "this browser did not keep what was released");
}

/**
 * @param {Mine} mine
 * @param {VerifiedRelease} release
 * @param {string[]} warnings
 * @returns {Promise<Opened>}
 */
async function revealed(mine, release, warnings) {
  const { windowEndsAt, about, chain } = release;
  if (about.request.drill) {
    const bad = await checkDrill(release, mine.key);
    const wrongNames = named(chain, bad);
    return { ...NOTHING, warnings, windowEndsAt, wrongNames, ...drilled(release, bad) };
  }
  const { content, keysFit, used, bad } = await openRelease(release, mine.key);
  const { password, signInEmail, note } = content;
  const wrongNames = named(chain, bad);
  const { envelope } = release;
  const knows = whoKnows(envelope, chain.named(envelope.roster));
  const known = knows ? [knows] : [];
  const wrong = wrongNames.map((name) => `The share of ${name} is wrong and was left out.`);
  return {
    ...NOTHING,
    password,
    signInEmail,
    note,
    warnings: [...warnings, ...known, ...(keysFit ? [] : [sealedWrongly(release)]), ...wrong],
    windowEndsAt,
    usedNames: named(chain, used),
    wrongNames,
  };
}

/**
 * The content is shown all the same: someone needs it now.
 *
 * @param {VerifiedRelease} release
 */
function sealedWrongly({ chain, envelope }) {
  const [sealer] = named(chain, [envelope.sealer]);
  return (
    `${sealer} sealed this password with other keys than its manifest states: it opens, and later ` +
    `reports on it cannot be proved. Ask ${sealer} what they sealed with, and tell the auditor.`
  );
}

const NOTHING = {
  password: "",
  signInEmail: "",
  note: "",
  usedNames: [],
  wrongNames: [],
  drill: null,
  silent: [],
};

/**
 * Who answered a drill after how long, quickest first, and who did not.
 *
 * @param {VerifiedRelease} release
 * @param {readonly string[]} bad
 */
function drilled({ about, chain, shares }, bad) {
  const entry = about.request.enteredAt.getTime();
  const heard = [...shares].sort((one, other) => one.at.getTime() - other.at.getTime());
  const silent = new Set(custodians(about.roster));
  for (const share of shares) silent.delete(share.custodian);
  return {
    drill: heard.map(({ custodian, at }) => ({
      person: custodian,
      name: named(chain, [custodian])[0],
      after: Math.floor((at.getTime() - entry) / 1000),
      wrong: bad.includes(custodian),
    })),
    silent: named(chain, silent).sort(),
  };
}
