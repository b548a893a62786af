/** Sealing an account's new password: split among two groups before it leaves this device. */

import { b64encode } from "../crypto/encoding.js";
import { MalformedError } from "../crypto/errors.js";
import * as passwords from "../crypto/passwords.js";
import { randomUuid } from "../crypto/randomness.js";
import { rosterWords } from "../crypto/spoken.js";
import { awsAccount } from "../domain/account.js";
import { FIRST_PREVIOUS, custodians, sealerOf } from "../domain/roster.js";
import { topicAccount } from "../domain/topic.js";
import { checkSame, done, posted, send, stamp } from "./acting.js";
import { get } from "../link/api.js";
import { exclusive } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { fetchEnvelopes } from "./envelopes.js";
import { fetchChain, fetchMe, named } from "./fetching.js";
import { comparedByVoice, rememberCompared } from "../device/notes.js";
import { part } from "../link/part.js";
import { newKeys } from "../trust/able.js";
import { checkMyKeys } from "../trust/chain.js";
import { checkNotRetired } from "../trust/retired.js";
import { sealedToOldKeys } from "../words/able.js";
import { YOU_SEAL } from "../words/envelopes.js";
import { before } from "./proving.js";
import { acceptance, sealing } from "./relying.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {Awaited<ReturnType<typeof prepareSeal>>} Prepared
 */

/**
 * Verify who counts, and say what a seal made now would follow. `compare` holds the roster's
 * eight words when this browser has compared none of this account: custodians of both groups have
 * to read the same ones.
 *
 * Refused as `ClientRefusal`: `not-in-roster`: not a sealer; `not-successor`: a requester who has
 * released nothing that waits for a new password; `circular-channel`;
 * `server-answer`; a code of `trust/chain`.
 *
 * @param {string} account
 */
export async function prepareSeal(account) {
  const me = await fetchMe();
  const detail = await get(`/accounts/${account}`);
  checkChannel(account, detail.sns_topic_arn);
  const { chain, previous, warnings } = await look(account, me);
  const roster = chain.newest;
  const told = roster.sealers.includes(me.person) ? [] : await ownRelease(roster, me.person, detail);
  const digests = chain.rosters.map(({ digest }) => digest);
  const lost = newKeys(chain);
  const confirming = (/** @type {readonly string[]} */ people) =>
    named(chain, people.filter((one) => !lost.has(one)));
  const unable = named(chain, [...custodians(roster)].filter((one) => lost.has(one)));
  const heard = await comparedByVoice(me.person, account, digests);
  /** @type {{words: readonly string[]} | null} */
  const compare = heard ? null : { words: await rosterWords(roster.digest) };
  return {
    account,
    me,
    chain,
    detail,
    previous,
    rotating: /** @type {string[]} */ (detail.rotating),
    exposed: detail.state === "exposed" || detail.findings.some(known),
    version: previous ? previous.version + 1 : 1,
    people: {
      password: confirming(roster.groups.password.custodians),
      mfa: confirming(roster.groups.mfa.custodians),
    },
    compare,
    warnings: [...told, ...warnings, ...(unable.length ? [sealedToOldKeys(unable)] : [])],
  };
}

/** @param {{code: string}} finding */
const known = ({ code }) => code === "sealed-by-requester";

/**
 * What a requester who seals has to know. Only after a release of their own; the service and every
 * client hold it to the log afterwards.
 *
 * @param {import("../domain/roster.js").Roster} roster
 * @param {string} person
 * @param {any} detail the account
 */
async function ownRelease(roster, person, { account, rotating }) {
  if (!sealerOf(roster, person)) {
    throw new ClientRefusal("not-in-roster", "the account's roster does not name you as a sealer");
  }
  const { requests } = await get(`/requests?account=${account}&state=open`);
  const own = (/** @type {any} */ one) => one.requester === person && rotating.includes(one.digest);
  if (requests.some(own)) return [YOU_SEAL];
  throw new ClientRefusal(
    "not-successor",
    "no release of yours waits for a new password: a sealer seals",
  );
}

/**
 * Refuse a topic inside the account that it is to warn about: root could silence it.
 *
 * @param {string} account
 * @param {string} arn
 */
function checkChannel(account, arn) {
  if (arn === "") return;
  const owner = topicAccount(arn);
  if (owner === null) {
    throw new ClientRefusal(
      "server-answer",
      "the service answered with a malformed ARN in the field sns_topic_arn",
      "reload the page; if it stays so, call the operator",
    );
  }
  if (owner !== awsAccount(account)) return;
  throw new ClientRefusal(
    "circular-channel",
    "the SNS topic is in the protected account itself; use a topic in another account",
  );
}

/**
 * What a seal made now would follow, proved to be in the log.
 *
 * @param {string} account
 * @param {import("./fetching.js").Me} me
 */
async function look(account, me) {
  const { chain, warnings, log } = await fetchChain(account, me);
  checkNotRetired(chain.newest);
  const { sealed, log: later } = await fetchEnvelopes(account, chain, me);
  const newest = sealed[0] ?? null;
  const envelope = newest?.envelope ?? null;
  const followed = newest ? [sealing(chain, newest.envelope, newest.manifest)] : [];
  const proof = await before("seal", {
    account,
    person: me.person,
    logs: [log, later],
    newest: chain.newest,
    relied: [acceptance(chain, chain.newest), ...followed],
    envelope,
  });
  return { chain, previous: envelope, proof, warnings: [...warnings, ...later.news, ...proof.warnings] };
}

/**
 * The person says that one custodian of each group reads these same eight words.
 *
 * @param {Prepared} prepared
 */
export async function compared(prepared) {
  prepared.compare = null;
  const { me, account, chain } = prepared;
  await rememberCompared(me.person, account, chain.newest.digest);
}

/**
 * A password that AWS accepts.
 *
 * @param {number} [length] characters, 8 to 128; 64
 */
export function generatePassword(length) {
  return passwords.generate(length);
}

/**
 * Demand a password that AWS accepts for this account's root user.
 *
 * @param {Prepared} prepared
 * @param {string} password
 */
export function checkPassword({ account, chain }, password) {
  const { name, rootEmail } = chain.newest;
  try {
    passwords.checkPassword(password, { account: awsAccount(account), name, email: rootEmail });
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new ClientRefusal("weak-password", error.message);
  }
}

/**
 * Seal, open it again with sets of shares that together use every share, and only then sign.
 *
 * Refused as `ClientRefusal`: `words-not-compared`; `weak-password`; `keys-replaced`;
 * `seal-moved`: another roster or envelope is the newest by now.
 *
 * @param {Prepared} prepared
 * @param {{password: string, signInEmail: string, note: string}} wanted
 * @param {Identity} identity
 */
export async function seal(prepared, wanted, identity) {
  const { account, chain, me } = prepared;
  checkSame(me.keyid, identity);
  if (prepared.compare !== null) {
    throw new ClientRefusal("words-not-compared", "first have the roster's words read to you");
  }
  checkPassword(prepared, wanted.password);
  await checkMyKeys(chain.newest, me.person, identity.public);
  return exclusive(`sealing ${account}`, async () => {
    const proof = await checkUnmoved(prepared);
    const { sealed } = await part(import("../shares/sealing.js"));
    const roster = chain.statements[chain.statements.length - 1];
    const { at, head: logHead } = await stamp(proof);
    const members = [...chain.newest.members.values()];
    const keys = new Map(members.map(({ person, encryptionKey }) => [person, encryptionKey]));
    const place = { roster, keys, head: { ...head(prepared), ...logHead }, at };
    const { statement, content, shares } = await sealed(wanted, place, identity);
    const body = {
      ...posted(statement),
      content: b64encode(content),
      sealed_shares: shares.map(({ group, custodian, sealed: share }) => ({
        group,
        custodian,
        sealed_share: b64encode(share),
      })),
    };
    const { envelope } = statement.payload;
    const there = () => isThere(account, envelope);
    return send("/envelopes", body, done, there);
  });
}

/** @param {string} account @param {string} envelope */
async function isThere(account, envelope) {
  const { envelopes } = await get(`/accounts/${account}/envelopes`);
  return envelopes.some((/** @type {any} */ one) => one.id === envelope);
}

/**
 * What another tab or person sealed meanwhile is not sealed over with an old plan.
 *
 * @param {Prepared} prepared
 */
async function checkUnmoved({ account, chain, me, previous, rotating }) {
  const { chain: newer, previous: newest, proof } = await look(account, me);
  const detail = await get(`/accounts/${account}`);
  const same =
    newer.newest.digest === chain.newest.digest &&
    newest?.digest === previous?.digest &&
    JSON.stringify(detail.rotating) === JSON.stringify(rotating);
  if (same) return proof;
  throw new ClientRefusal(
    "seal-moved",
    "something changed while this page was open: another roster, password or request",
    "reload the page and look again",
  );
}

/** @param {Prepared} prepared */
function head(prepared) {
  const { me, previous, rotating, version } = prepared;
  return {
    envelope: randomUuid(),
    version,
    previous: previous ? previous.digest : FIRST_PREVIOUS,
    sealer: me.person,
    cause: cause(prepared),
    after_requests: [...rotating].sort(),
  };
}

/** @param {Prepared} prepared */
function cause({ chain, exposed, previous, rotating }) {
  if (previous === null) return "initial";
  const moved = previous.roster !== chain.newest.digest;
  return moved && !rotating.length && !exposed ? "roster" : "rotation";
}
