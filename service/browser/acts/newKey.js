/**
 * Signing a roster that names the log's new key, where the old one is lost: the only act in a log
 * under a key that this browser does not know. It goes on remembering the old one until the roster
 * is in force.
 */

import { logKeyWords } from "../crypto/spoken.js";
import { seenLog } from "../device/notes.js";
import { get } from "../link/api.js";
import { clockWarnings } from "../link/clocks.js";
import { exclusive } from "../link/environment.js";
import { ClientRefusal, SecondPress } from "../link/errors.js";
import { readWithLog, sizeOf } from "../log/reading.js";
import { checkReceipt, keyChanged, parsedKey } from "../trust/growth.js";
import { checkChange, continuedUnder } from "../trust/newKey.js";
import { readDrafted } from "../trust/statements.js";

/** @typedef {import("../domain/roster.js").Roster} Roster */
/** @typedef {{known: string, shown: string}} Keys of the log */

/** @type {Set<string>} the drafts of which someone said that both keys' words were compared */
const compared = new Set();

/**
 * An account's rosters where the log is under another key, and that draft names it; nothing is
 * remembered. Refused: `log-key-changed`, `log-not-signed`, `log-rewound`, `log-forked`.
 *
 * @param {string} account
 * @returns {Promise<{answer: any, log: import("../log/standing.js").LogNow, keys: Keys}>}
 */
export async function seeDraft(account) {
  return exclusive("log", async () => {
    const seen = await seenLog();
    const path = `/accounts/${account}/rosters?seen=${sizeOf(seen)}`;
    const { log: shown = null, ...answer } = await get(path);
    if (!seen?.verifierKey || shown === null || !answer.draft) throw keyChanged();
    const checkpoint = await continuedUnder(shown, seen);
    const { log_key: drafted } = (await readDrafted(answer.draft.payload)).payload;
    if (drafted !== shown.verifier_key) throw keyChanged();
    const log = {
      alarm: null,
      verifierKey: shown.verifier_key,
      checkpoint,
      shown,
      leaves: shown.leaves,
      news: [],
      foreign: new Set(), // rosters name no head
      epoch: -1,
    };
    return { answer, log, keys: { known: seen.verifierKey, shown: shown.verifier_key } };
  });
}

/**
 * Demand that the draft changes the one key into the other, and that someone compared the words of
 * both. Refused: `log-key-changed`; `log-key-lost` (second press).
 *
 * @param {{person: string, draft: Roster, previous: Roster | null, keys: Keys}} given `person` signs
 */
export async function checkCompared({ person, draft, previous, keys }) {
  checkChange(draft, previous, keys);
  const subject = [person, draft.digest, keys.known, keys.shown].join(" ");
  if (compared.has(subject)) return;
  const [known, shown] = await Promise.all([logKeyWords(keys.known), logKeyWords(keys.shown)]);
  throw new SecondPress(
    "log-key-lost",
    "the draft changes the log's key, and the service signs with the new one already. The words of " +
      `the key known here: ${known.join(" ")}. Those of the draft's: ${shown.join(" ")}`,
    {
      hint:
        "have a custodian of the other group read the words of both keys to you; go on only if they " +
        "are the same, and the operator said over a channel that you trust that the old key is lost",
      press: () => compared.add(subject),
    },
  );
}

/**
 * What came of the signature, with the log checked under its new key; that key is remembered if the
 * roster is in force by this. Refused: `log-key-changed`, `log-rewound`, `log-forked`,
 * `log-receipt-forged`.
 *
 * @param {any} answer the API's, or `{repeated: true}`
 * @param {string} account
 * @param {Keys} keys
 */
export async function doneUnder(answer, account, keys) {
  await exclusive("log", async () => {
    const seen = await seenLog();
    if (seen?.verifierKey !== keys.known) return; // another tab was faster
    const shown = await get(`/checkpoint?seen=${sizeOf(seen)}`);
    if (shown.verifier_key !== keys.shown) throw keyChanged();
    await continuedUnder(shown, seen);
  });
  if (answer.receipt) await checkReceipt(answer, await parsedKey(keys.shown));
  const warnings = answer.state === "accepted" ? await takeUp(account) : [];
  const whole = { id: "", state: "", leaf: -1, receipt: "", ...answer };
  return { ...whole, warnings: [...warnings, ...clockWarnings()] };
}

/** @param {string} account @returns {Promise<readonly string[]>} */
async function takeUp(account) {
  try {
    return (await readWithLog(`/accounts/${account}/rosters`)).log.news;
  } catch (refused) {
    if (!(refused instanceof ClientRefusal) || refused.code !== "log-key-changed") throw refused;
    return ["The log does not show the roster as accepted yet: until it does, this browser goes on with the key that it knows."];
  }
}
