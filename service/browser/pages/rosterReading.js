/** Reading an account's rosters: every signature verified here, the draft held against the rules. */

import { changes } from "../words/rosters.js";
import { fetchMe } from "../acts/fetching.js";
import { fetchRosters } from "../acts/rosters.js";
import { seenRoster } from "../device/memory.js";
import { keysOf, verifyChain } from "../trust/chain.js";
import { verifyIdentities } from "../trust/identities.js";
import { readDrafted } from "../trust/statements.js";
import { fromPosted, verifySignatureOf } from "../crypto/statement.js";
import { fromPayload } from "../domain/roster.js";

/** @typedef {import("../domain/roster.js").Roster} Roster */

/**
 * The chain without an anchor of mine: enough to read it, not to act on it.
 *
 * @param {string} account
 */
export async function readRosters(account) {
  const me = await fetchMe();
  const { answer: shown, log } = await fetchRosters(account);
  const remembered = await seenRoster(me.person, account);
  const chain = shown.chain.length
    ? await verifyChain(shown.chain, shown.identities, { account, me: null, remembered })
    : null;
  const mine = chain?.rosters.filter((one) => chain.bears(one.version, me.keyid)).at(-1) ?? null;
  const draft = shown.draft ? await drafted(shown) : null;
  const newest = chain?.newest ?? null;
  return {
    news: log.news,
    chain,
    mine,
    since: mine && newest && mine !== newest ? changes(mine, newest) : [],
    draft,
    changes: draft && newest ? changes(newest, draft) : [],
    missing: /** @type {Record<string, string[]>} */ (shown.draft?.missing ?? {}),
    people: called([newest, draft]),
    signed: draft ? await signers(shown.draft.signatures, [draft, newest]) : [],
  };
}

/** @param {any} shown @returns {Promise<Roster>} */
async function drafted({ draft, identities }) {
  const statement = await readDrafted(draft.payload);
  return fromPayload(statement.payload, statement.digest, await verifyIdentities(identities));
}

/**
 * Who has signed the draft, each signature verified; one of nobody who is named is left out.
 *
 * @param {readonly any[]} signatures
 * @param {readonly (Roster | null)[]} rosters
 * @returns {Promise<string[]>}
 */
async function signers(signatures, rosters) {
  const found = new Set();
  for (const statement of await Promise.all(signatures.map(fromPosted))) {
    const keyids = new Set(statement.signatures.map((one) => one.keyid));
    for (const member of rosters.flatMap((one) => [...(one?.members.values() ?? [])])) {
      const keys = await keysOf(member);
      if (!keyids.has(keys.keyid)) continue;
      await verifySignatureOf(statement, keys);
      found.add(member.name);
    }
  }
  return [...found].sort();
}

/**
 * What the rosters call people, later ones last.
 *
 * @param {readonly (Roster | null)[]} rosters
 * @returns {Map<string, string>}
 */
function called(rosters) {
  const found = new Map();
  for (const roster of rosters) {
    for (const member of roster?.members.values() ?? []) found.set(member.person, member.name);
  }
  return found;
}
