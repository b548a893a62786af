/** Signing a roster: the chain it continues, what it changes, and whose keys it names. */

import { b64encode } from "../crypto/encoding.js";
import { randomBelow } from "../crypto/randomness.js";
import { signBody } from "../crypto/signing.js";
import { rosterWords } from "../crypto/spoken.js";
import { newMembers } from "../domain/signers.js";
import { checkSame, done, posted, send } from "./acting.js";
import { get, isUnreachable } from "../link/api.js";
import { changes, describe } from "../words/rosters.js";
import { exclusive } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { fetchMe, named } from "./fetching.js";
import { before } from "./proving.js";
import { acceptance, drafting } from "./relying.js";
import { rememberChain, seenRoster } from "../device/memory.js";
import { comparedDigests, rememberCompared } from "../device/notes.js";
import { part } from "../link/part.js";
import { oneLine } from "../link/render.js";
import { readWithLog } from "../log/reading.js";
import { keysOf, verifyChain } from "../trust/chain.js";
import { isCompared, readDraft, toCompare, trusted } from "../trust/draft.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {Awaited<ReturnType<typeof prepareSign>>} Prepared
 * @typedef {object} Heard somebody whose words are to be compared
 * @property {string} person
 * @property {string} name
 * @property {boolean} isNew their keys stand in no version that I trust
 * @property {number[]} positions four places, 0 to 7, of the words to type
 * @property {boolean} done
 */

const WORDS = 8;
const ASKED = 4;

/** @type {WeakMap<object, Map<string, readonly string[]>>} the words, not yet to be shown */
const hidden = new WeakMap();

/**
 * Verify the draft and say all that its signer has to know and to compare.
 *
 * Refused as `ClientRefusal` with a code of `trust/draft`, `trust/chain` or `proving`.
 *
 * @param {string} account
 */
export async function prepareSign(account) {
  const me = await fetchMe();
  const { shown, draft } = await read(account, me);
  const { roster, chain, previous } = draft;
  const voiced = await comparedDigests(me.person, account);
  const known = trusted(draft, me.keyid, voiced);
  const prepared = {
    account,
    me,
    draft: roster,
    statement: draft.statement,
    before: previous,
    chain,
    lines: describe(roster),
    changes: previous ? changes(previous, roster) : [],
    changesSince:
      known && previous && known.digest !== previous.digest
        ? { version: known.version, lines: changes(known, roster) }
        : null,
    people: /** @type {Heard[]} */ ([]),
    /** @type {{words: readonly string[]} | null} */
    compare: isCompared(draft, voiced) ? null : { words: await rosterWords(roster.digest) },
    needed: { waiting: waiting(shown, draft) },
  };
  const words = new Map();
  const fresh = newMembers(roster, known);
  for (const member of toCompare(draft, me.person, known)) {
    words.set(member.person, await (await keysOf(member)).words());
    prepared.people.push({
      person: member.person,
      name: oneLine(member.name),
      isNew: fresh.has(member.person),
      positions: somePlaces(),
      done: false,
    });
  }
  hidden.set(prepared, words);
  return prepared;
}

/**
 * The draft, verified, and proved to be in the log with the version before it.
 *
 * @param {string} account
 * @param {import("./fetching.js").Me} me
 */
async function read(account, me) {
  const { answer: shown, log, keys: changed } = await fetchRosters(account);
  const { person, keys } = me;
  const remembered = await seenRoster(person, account);
  const draft = await readDraft(shown, { account, person, me: keys, remembered });
  const { roster, chain, previous } = draft;
  const accepted = chain && previous ? [acceptance(chain, previous)] : [];
  const relied = [drafting(roster), ...accepted];
  await before("sign", { account, person, logs: [log], newest: null, relied, drafted: roster.logKey });
  if (changed) {
    await (await newKey()).checkCompared({ person, draft: roster, previous, keys: changed });
  }
  return { shown, draft, changed };
}

/** Loaded where the log is under another key. */
const newKey = () => part(import("./newKey.js"));

/**
 * An account's rosters with the log; `keys` are the log's two where the old one is lost, and a draft
 * names the new one. Refused: a code of `trust/growth`.
 *
 * @param {string} account
 * @returns {Promise<{answer: any, log: import("../log/standing.js").LogNow,
 *   keys: import("./newKey.js").Keys | null}>}
 */
export async function fetchRosters(account) {
  try {
    return { ...(await readWithLog(`/accounts/${account}/rosters`)), keys: null };
  } catch (refused) {
    if (!(refused instanceof ClientRefusal) || refused.code !== "log-key-changed") throw refused;
    return (await newKey()).seeDraft(account);
  }
}

/**
 * Names of those whose signature is still missing, as the service counts.
 *
 * @param {any} shown
 * @param {any} draft
 */
function waiting(shown, { roster, chain }) {
  const people = new Set(Object.values(shown.draft.missing).flat());
  const name = (/** @type {any} */ person) =>
    roster.members.has(person)
      ? oneLine(roster.members.get(person).name)
      : chain
        ? named(chain, [person])[0]
        : oneLine(person);
  return [...people].map(name).sort();
}

/** Four of the eight places, each set equally likely, in order. */
function somePlaces() {
  const places = [...Array(WORDS).keys()];
  while (places.length > ASKED) places.splice(randomBelow(places.length), 1);
  return places;
}

/**
 * Compare four words that a person read out with those of the keys in the draft.
 *
 * Refused as `ClientRefusal`: `words-differ`.
 *
 * @param {Prepared} prepared
 * @param {string} person
 * @param {readonly string[]} typed in the order of `positions`
 * @returns {readonly string[]} all eight, which may be shown from now on
 */
export function checkWords(prepared, person, typed) {
  const heard = prepared.people.find((one) => one.person === person);
  const words = hidden.get(prepared)?.get(person);
  if (!heard || !words) throw new TypeError("nobody of this draft is compared by that id");
  const said = typed.map((word) => word.trim().toLowerCase());
  const fits = heard.positions.every((place, index) => words[place] === said[index]);
  if (!fits || said.length !== ASKED) {
    heard.done = false;
    throw new ClientRefusal(
      "words-differ",
      `these are not the words of the keys that the draft gives ${heard.name}`,
      "a slip of the pen is typed again; if they differ, do not sign: the service may have shown " +
        "you somebody else's keys",
    );
  }
  heard.done = true;
  return words;
}

/**
 * The person says that one custodian of each group reads the draft's same eight words.
 *
 * @param {Prepared} prepared
 */
export function compared(prepared) {
  prepared.compare = null;
}

/**
 * Sign exactly the draft that was shown, and remember what was compared.
 *
 * Refused as `ClientRefusal`: `words-not-compared`; `draft-replaced`; a code of `trust/draft`.
 *
 * @param {Prepared} prepared
 * @param {Identity} identity
 */
export async function sign(prepared, identity) {
  const { account, draft, me, people, statement } = prepared;
  checkSame(me.keyid, identity);
  if (prepared.compare !== null || people.some((one) => !one.done)) {
    throw new ClientRefusal("words-not-compared", "first compare everybody's words");
  }
  return exclusive(`roster ${account}`, async () => {
    const { draft: again, changed } = await read(account, me);
    if (again.roster.digest !== draft.digest) {
      throw new ClientRefusal(
        "draft-replaced",
        "another draft has taken this one's place",
        "reload the page and look again",
      );
    }
    const signature = await signBody("roster", statement.body, identity);
    const path = `/accounts/${account}/rosters/${draft.digest}/signatures`;
    const landed = () => isSigned(account, statement, me.keyid);
    return send(path, posted(signature), (answer) => settled(prepared, answer, changed), landed);
  });
}

/**
 * @param {Prepared} prepared
 * @param {any} answer
 * @param {import("./newKey.js").Keys | null} changed
 */
async function settled({ account, chain, draft, me }, answer, changed) {
  await rememberCompared(me.person, account, draft.digest);
  if (answer.state === "accepted") await rememberAccepted(account, me);
  else if (chain) await rememberChain(me.person, chain);
  return changed ? (await newKey()).doneUnder(answer, account, changed) : done(answer);
}

/**
 * @param {string} account
 * @param {import("./fetching.js").Me} me
 */
async function rememberAccepted(account, { keyid, person }) {
  let shown;
  try {
    shown = await get(`/accounts/${account}/rosters`);
  } catch (error) {
    if (isUnreachable(error)) return; // it is signed; the next look at the account remembers it
    throw error;
  }
  const remembered = await seenRoster(person, account);
  const accepted = await verifyChain(shown.chain, shown.identities, {
    account,
    me: keyid,
    remembered,
  });
  await rememberChain(person, accepted);
}

/**
 * Whether my signature is on the draft, or on the version that it has become.
 *
 * @param {string} account
 * @param {import("../crypto/statement.js").Statement} statement
 * @param {string} keyid
 */
async function isSigned(account, statement, keyid) {
  const { chain, draft } = await get(`/accounts/${account}/rosters`);
  const body = b64encode(statement.body);
  const signed = [...chain, ...(draft?.signatures ?? [])];
  return signed.some(
    (one) =>
      one.payload === body &&
      one.signatures.some((/** @type {any} */ signature) => signature.keyid === keyid),
  );
}
