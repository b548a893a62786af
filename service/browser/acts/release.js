/** Taking what a quorum has released: signed, answered, verified to the last digest, opened. */

import { b64decode } from "../crypto/encoding.js";
import { CryptoError } from "../crypto/errors.js";
import { custodians } from "../domain/roster.js";
import { checkSame, posted, send, signed } from "./acting.js";
import { get } from "../link/api.js";
import { parsedKey } from "../trust/growth.js";
import { checkDrill, openRelease } from "../shares/combining.js";
import { exclusive, now } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { forget, keepReleased, keptReleased, ownStatement } from "../device/keeping.js";
import { named } from "./fetching.js";
import { checkLog } from "../log/watch.js";
import { rememberChain, seenRoster } from "../device/memory.js";
import { seenLog } from "../device/notes.js";
import { load } from "../device/requestKeys.js";
import { before, onRequest } from "./proving.js";
import { refreshed } from "./requests.js";
import { verifyLogReceipt } from "../trust/log.js";
import { verifyRelease } from "../trust/release.js";

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
    const { mine, proof } = await (gathered ?? gather(shown));
    if (proof === null) return fetched(shown, mine);
    const fields = { request: digest, requester: shown.me.person };
    const statement = await signed("release", fields, identity, proof);
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
  return exclusive(`request ${id}`, async () => fetched(shown, await ownOf(shown)));
}

/**
 * Open what this browser kept of a release, without fetching it once more; null if it kept none.
 * What was kept is verified again.
 *
 * @param {Shown} shown
 * @returns {Promise<Opened | null>}
 */
export async function openKept(shown) {
  const kept = await keptReleased(shown.me.person, shown.about.request.id);
  if (kept === null) return null;
  const mine = await ownOf(shown);
  const release = await verified(shown, mine, kept);
  // The key stays until the sweep, which goes by what was signed: a clock that is wrong for a
  // moment must not destroy it in an emergency.
  if (now() >= release.windowEndsAt) {
    throw new ClientRefusal("window-over", "the release window is over");
  }
  return revealed(shown, mine, release, []);
}

/**
 * Forget what was opened, as far as a page can.
 *
 * @param {Opened} it
 */
export function wipe(it) {
  Object.assign(it, { password: "", signInEmail: "", note: "" });
}

/**
 * My request as I signed it in this browser, and its key.
 *
 * @param {Shown} shown
 */
async function ownOf({ me, about }) {
  const { id } = about.request;
  return { statement: await ownStatement(me.person, id), key: await load(me.person, id) };
}

/** @typedef {Awaited<ReturnType<typeof ownOf>>} Mine */

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
  const [logged, release] = await Promise.all([checkLog(), verified(shown, mine, answer)]);
  await rememberChain(person, release.chain);
  const warnings = [...logged, ...(await checkReceipt(answer, release))];
  if (!release.about.request.drill) await keepReleased(person, answer);
  return revealed(shown, mine, release, warnings);
}

/**
 * @param {Shown} shown
 * @param {Mine} mine
 * @param {any} answer
 */
async function verified(shown, mine, answer) {
  const { person, keyid } = shown.me;
  return verifyRelease(answer, {
    mine: mine.statement,
    recipientKey: mine.key.publicKey,
    me: keyid,
    remembered: await seenRoster(person, mine.statement.payload.account),
  });
}

/** @typedef {Awaited<ReturnType<typeof verifyRelease>>} VerifiedRelease */

/**
 * A missing receipt is a warning, since an emergency goes on; a wrong one is a refusal.
 *
 * @param {any} answer
 * @param {VerifiedRelease} release
 */
async function checkReceipt(answer, release) {
  const seen = await seenLog();
  if (!answer.receipt || seen === null) {
    return ["The log gave no receipt for this release; tell the auditor."];
  }
  let leaf;
  try {
    leaf = b64decode(answer.entry ?? "");
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    leaf = new Uint8Array();
  }
  if (leaf.length === 0) return ["The log did not show the release's entry; tell the auditor."];
  const verifier = await parsedKey(seen.verifierKey); // as it was pinned
  await verifyLogReceipt(answer.receipt, leaf, { verifier, expected: release.expectedLeaf });
  return [];
}

/**
 * @param {Shown} shown
 * @param {Mine} mine
 * @param {VerifiedRelease} release
 * @param {string[]} warnings
 * @returns {Promise<Opened>}
 */
async function revealed({ me }, mine, release, warnings) {
  const { windowEndsAt, about, chain } = release;
  if (about.request.drill) {
    const bad = await checkDrill(release, mine.key);
    await forget(me.person, about.request.id);
    const wrongNames = named(chain, bad);
    return { ...NOTHING, warnings, windowEndsAt, wrongNames, ...drilled(release, bad) };
  }
  const { content, keysFit, used, bad } = await openRelease(release, mine.key);
  const { password, signInEmail, note } = content;
  const wrongNames = named(chain, bad);
  const wrong = wrongNames.map((name) => `The share of ${name} is wrong and was left out.`);
  return {
    ...NOTHING,
    password,
    signInEmail,
    note,
    warnings: [...warnings, ...(keysFit ? [] : [sealedWrongly(release)]), ...wrong],
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
