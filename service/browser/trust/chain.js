/**
 * What a client believes: nothing but signatures of people, checked from the first roster on. A
 * service that lies is refused with a code for each kind of lie; here:
 *
 * - `malformed-statement`, `unknown-suite`: see `statements`; `identity-forged`: see `identities`;
 * - `identity-missing`: a version names an identity that did not come, or is another person's;
 * - `roster-chain`: a version does not follow the one before, or lacks signatures;
 * - `roster-forged`: a signature on a roster does not verify;
 * - `roster-not-mine`: no version was signed by this person;
 * - `keys-replaced`: the roster names this person with other keys;
 * - `roster-rewound`: older than a roster this browser has seen, or not descended from it;
 * - `roster-unknown`: a statement names a roster that is not in the chain.
 */

import { VerificationError } from "../crypto/errors.js";
import { PublicKeys } from "../crypto/publicKeys.js";
import { verifySignatureOf } from "../crypto/statement.js";
import { Refusal } from "../domain/errors.js";
import { checkSuccession, fromPayload } from "../domain/roster.js";
import { checkSigned } from "../domain/signers.js";
import { ClientRefusal } from "../link/errors.js";
import { verifyIdentities } from "./identities.js";
import { read } from "./statements.js";
import { VerifiedChain } from "./verifiedChain.js";

export { VerifiedChain };

/**
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/people.js").Identities} Identities
 * @typedef {import("../domain/people.js").Member} Member
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {import("./verifiedChain.js").Remembered} Remembered
 */

/**
 * Verify a chain of rosters from version 1 on, with the identities that it names. With `me` (keys, or their fingerprint in hex) at
 * least one version must bear this person's own signature: that anchors the chain in a browser
 * without memory. `first` waives it for somebody who is about to sign their first.
 *
 * Refused: `malformed-statement`, `unknown-suite`, `identity-forged`, `identity-missing`,
 * `roster-chain`, `roster-forged`, `roster-not-mine`, `roster-rewound`.
 *
 * @param {readonly any[]} chain
 * @param {readonly any[]} identities
 * @param {object} given
 * @param {string} given.account
 * @param {PublicKeys | string | null} given.me
 * @param {Remembered | null} given.remembered
 * @param {boolean} [given.first]
 */
export async function verifyChain(chain, identities, given) {
  const { account, me, remembered, first = false } = given;
  if (!Array.isArray(chain) || chain.length === 0) {
    throw new ClientRefusal(
      "roster-chain",
      "the account has no roster that custodians have signed",
    );
  }
  const parsed = [];
  for (const dsse of chain) parsed.push(await read(dsse, "roster"));
  const known = await verifyIdentities(identities);
  /** @type {Roster[]} */
  const rosters = [];
  /** @type {Set<string>} */
  const signed = new Set();
  for (const statement of parsed) {
    const previous = rosters[rosters.length - 1] ?? null;
    const { roster, keyids } = await verifyVersion(statement, previous, { account, identities: known });
    rosters.push(roster);
    for (const keyid of keyids) signed.add(keyid);
  }
  const mine = me instanceof PublicKeys ? me.keyid : me;
  if (mine !== null && !first && !signed.has(mine)) {
    throw new ClientRefusal(
      "roster-not-mine",
      "no version of this account's roster was signed with your key: do not go on, and speak " +
        "to your fellow custodians",
      "if you enrolled anew, that is expected until a roster with your new keys is signed: an " +
        "operator drafts it",
    );
  }
  const verified = new VerifiedChain(rosters, parsed, known);
  checkMemory(verified, remembered);
  return verified;
}

/**
 * Verify one version against the one before; returns it and the fingerprints under it. Refused:
 * `identity-missing`, `roster-chain`, `roster-forged`.
 *
 * @param {Statement} statement
 * @param {Roster | null} previous
 * @param {{account: string, identities: Identities}} given
 */
export async function verifyVersion(statement, previous, { account, identities }) {
  let roster;
  let signed;
  try {
    roster = fromPayload(statement.payload, statement.digest, identities);
    checkSuccession(roster, previous);
    signed = await signingKeys(statement, roster, previous);
    checkSigned(roster, previous, { signed: signed.values() });
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    const { version } = statement.payload;
    const code = refused.code === "identity-missing" ? refused.code : "roster-chain";
    throw new ClientRefusal(code, `roster version ${version}: ${refused.message}`);
  }
  if (roster.account !== account) {
    throw new ClientRefusal("roster-chain", "the roster is another account's");
  }
  return { roster, keyids: new Set(signed.keys()) };
}

/**
 * Fingerprint and signing key of each signature under a roster, all verified.
 *
 * @param {Statement} statement
 * @param {Roster} roster
 * @param {Roster | null} previous
 * @returns {Promise<Map<string, Uint8Array>>}
 */
async function signingKeys(statement, roster, previous) {
  const known = new Map();
  for (const one of [previous, roster]) {
    for (const member of one?.members.values() ?? []) {
      const keys = await keysOf(member);
      known.set(keys.keyid, keys);
    }
  }
  const found = new Map();
  for (const { keyid } of statement.signatures) {
    const keys = known.get(keyid);
    if (keys === undefined) {
      throw new ClientRefusal("roster-forged", "a roster bears a signature of nobody it names");
    }
    try {
      await verifySignatureOf(statement, keys);
    } catch (refused) {
      if (!(refused instanceof VerificationError)) throw refused;
      throw new ClientRefusal("roster-forged", "a signature on a roster is not good");
    }
    found.set(keyid, keys.signingKey);
  }
  return found;
}

/** @param {Member} member */
export function keysOf({ encryptionKey, signingKey }) {
  return PublicKeys.make(encryptionKey, signingKey);
}

/** @param {VerifiedChain} chain @param {Remembered | null} remembered */
function checkMemory(chain, remembered) {
  if (remembered === null) return;
  const [version, digest] = remembered;
  const { newest, rosters } = chain;
  if (newest.version < version) {
    throw new ClientRefusal(
      "roster-rewound",
      `the service shows roster version ${newest.version}, and this browser has seen version ` +
        `${version}`,
    );
  }
  if (rosters[version - 1].digest !== digest) {
    throw new ClientRefusal(
      "roster-rewound",
      `roster version ${version} is not the one this browser has seen`,
    );
  }
}

/**
 * Me as the roster names me, with exactly the keys that I hold. Refused: `not-in-roster`,
 * `keys-replaced`.
 *
 * @param {Roster} roster
 * @param {string} person
 * @param {PublicKeys} me
 * @returns {Promise<Member>}
 */
export async function checkMyKeys(roster, person, me) {
  const member = roster.members.get(person);
  if (member === undefined) {
    throw new ClientRefusal("not-in-roster", "the account's newest roster does not name you");
  }
  if (!(await keysOf(member)).equals(me)) {
    throw new ClientRefusal("keys-replaced", "the roster names you with keys that are not yours");
  }
  return member;
}
