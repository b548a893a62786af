/**
 * What a person's browser believes of a roster's draft before they sign it: that it follows the
 * verified chain. Nobody vouches for it but those who sign it, so whose keys it names is compared
 * by voice. Codes of lies: `no-draft`, `draft-replaced`, `not-awaited`, `keys-replaced`,
 * `roster-rewound`; and the rules' own.
 */

import { hex } from "../crypto/encoding.js";
import { Refusal } from "../domain/errors.js";
import { checkSuccession, fromPayload } from "../domain/roster.js";
import { awaitedKeys, newMembers } from "../domain/signers.js";
import { ClientRefusal } from "../link/errors.js";
import { keysOf, verifyChain } from "./chain.js";
import { verifyIdentities } from "./identities.js";
import { readDrafted } from "./statements.js";

/**
 * @typedef {import("../crypto/identity.js").PublicKeys} PublicKeys
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/people.js").Member} Member
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("./chain.js").Remembered} Remembered
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 * @typedef {object} Draft `previous` is the newest roster in force
 * @property {Roster} roster
 * @property {Statement} statement not signed: `body` is what is signed
 * @property {VerifiedChain | null} chain
 * @property {Roster | null} previous
 */

/**
 * Verify the chain and that the draft is well-formed, of this account, follows the chain, waits for
 * me and names me with my keys if at all. The chain must hold a roster that I signed, unless no
 * version in it names me: then I am about to sign my first, and the voice check anchors it.
 *
 * @param {any} shown the API's rosters of an account
 * @param {{account: string, person: string, me: PublicKeys, remembered: Remembered | null}} given
 * @returns {Promise<Draft>}
 */
export async function readDraft(shown, { account, person, me, remembered }) {
  if (!shown.draft) {
    throw new ClientRefusal("no-draft", "no draft waits for signatures in this account");
  }
  const chain = await chainBefore(shown, { account, person, me, remembered });
  const previous = chain?.newest ?? null;
  const identities = chain?.identities ?? (await verifyIdentities(shown.identities));
  const statement = await readDrafted(shown.draft.payload);
  let roster;
  try {
    roster = fromPayload(statement.payload, statement.digest, identities);
    if (roster.account !== account || roster.digest !== shown.draft.digest) {
      throw new ClientRefusal(
        "draft-replaced",
        "the service shows another draft than it names",
      );
    }
    checkSuccession(roster, previous);
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    throw new ClientRefusal(refused.code, `the draft: ${refused.message}`);
  }
  if (!awaitedKeys(roster, previous).has(hex(me.signingKey))) {
    throw new ClientRefusal("not-awaited", "this draft does not need your signature");
  }
  const mine = roster.members.get(person);
  if (mine !== undefined && !(await keysOf(mine)).equals(me)) {
    throw new ClientRefusal("keys-replaced", "the draft names you with keys that are not yours");
  }
  return Object.freeze({ roster, statement, chain, previous });
}

/**
 * @param {any} shown
 * @param {{account: string, person: string, me: PublicKeys, remembered: Remembered | null}} given
 */
async function chainBefore({ chain, identities }, { account, person, me, remembered }) {
  if (!Array.isArray(chain) || chain.length === 0) {
    if (remembered === null) return null;
    throw new ClientRefusal(
      "roster-rewound",
      `this browser has seen roster version ${remembered[0]}; now there is none`,
    );
  }
  const verified = await verifyChain(chain, identities, { account, me: null, remembered });
  for (const roster of verified.rosters) {
    const member = roster.members.get(person);
    if (member !== undefined && (await keysOf(member)).equals(me)) {
      return verifyChain(chain, identities, { account, me, remembered });
    }
  }
  return verified;
}

/**
 * The newest version that I signed, or compared in this browser: against it I am told what changed.
 *
 * @param {Draft} draft
 * @param {string} keyid
 * @param {ReadonlySet<string>} compared digests, of `memory`
 * @returns {Roster | null}
 */
export function trusted({ chain }, keyid, compared) {
  if (chain === null) return null;
  const known = [...chain.rosters].reverse();
  return known.find((one) => compared.has(one.digest) || chain.bears(one.version, keyid)) ?? null;
}

/**
 * Whether this draft, or what it rightly descends from, was compared by voice in this browser; else
 * its words are compared first.
 *
 * @param {Draft} draft
 * @param {ReadonlySet<string>} compared
 */
export function isCompared({ roster, chain }, compared) {
  return [roster, ...(chain?.rosters ?? [])].some((one) => compared.has(one.digest));
}

/**
 * Whose keys are to be compared by voice before the draft is signed, by name.
 *
 * @param {Draft} draft
 * @param {string} person me, who compares nothing with myself
 * @param {Roster | null} known what `trusted` returned
 * @returns {Member[]}
 */
export function toCompare({ roster }, person, known) {
  const fresh = newMembers(roster, known);
  fresh.delete(person);
  const members = [...roster.members.values()].filter((one) => fresh.has(one.person));
  return members.sort((a, b) => (a.name < b.name ? -1 : 1));
}
