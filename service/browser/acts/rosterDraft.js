/** An operator's draft of a roster: composed here from people who have enrolled. */

import { b64encode } from "../crypto/encoding.js";
import { payloadBody } from "../crypto/signing.js";
import { SUITE } from "../crypto/suite.js";
import { GROUPS } from "../domain/people.js";
import { FIRST_PREVIOUS } from "../domain/roster.js";
import { done, send } from "./acting.js";
import { seenLog } from "../device/notes.js";
import { checkLog } from "../log/watch.js";
import { get } from "../link/api.js";
import { now } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { fetchChain, fetchMe } from "./fetching.js";
import { checkNotRetired } from "../trust/retired.js";

/**
 * @typedef {object} Wishes
 * @property {string} name
 * @property {string} root_email
 * @property {string} type
 * @property {string[]} requesters ids
 * @property {string[]} sealers ids
 * @property {Record<"password" | "mfa", {threshold: number, custodians: string[]}>} groups
 * @property {{request_lifetime: number, release_window: number, denials: string,
 *   requester_seals?: boolean, least_suite?: string}} policy
 * @typedef {Awaited<ReturnType<typeof prepareDraft>>} Prepared
 */

const POLICY = {
  request_lifetime: 4 * 3600,
  release_window: 3600,
  denials: "unreachable",
  requester_seals: false,
  least_suite: SUITE,
};

/**
 * Who may be named, and the wishes that would compose the roster in force again.
 *
 * @param {string} account
 */
export async function prepareDraft(account) {
  const me = await fetchMe();
  const { people } = await get("/people");
  const { chain: signed } = await get(`/accounts/${account}/rosters`);
  const read = signed.length ? await fetchChain(account, me, { looking: true }) : null;
  const newest = read ? read.chain.newest : null;
  if (newest) checkNotRetired(newest);
  return {
    account,
    newest,
    news: read ? read.log.news : [],
    people: /** @type {any[]} */ (people).filter((one) => one.identity),
    wishes: newest ? wishesOf(newest) : { policy: POLICY },
  };
}

/**
 * @param {import("../domain/roster.js").Roster} roster
 * @returns {Wishes}
 */
function wishesOf(roster) {
  const group = (/** @type {"password" | "mfa"} */ name) => ({
    threshold: roster.groups[name].threshold,
    custodians: [...roster.groups[name].custodians],
  });
  return {
    name: roster.name,
    root_email: roster.rootEmail,
    type: roster.type,
    requesters: [...roster.requesters],
    sealers: [...roster.sealers],
    groups: { password: group("password"), mfa: group("mfa") },
    policy: {
      request_lifetime: roster.policy.requestLifetime,
      release_window: roster.policy.releaseWindow,
      denials: roster.policy.denials,
      requester_seals: roster.policy.requesterSeals,
      least_suite: roster.policy.leastSuite,
    },
  };
}

/**
 * Post a draft; it changes nothing until it is signed. It names the key of the log that this browser
 * has pinned, and the witnesses of the version before.
 *
 * Refused as `ClientRefusal`: `not-enrolled`: it names someone without keys; `log-unseen`: no
 * key of the log is pinned here; `MalformedError`: a field is not what a roster has.
 *
 * @param {Prepared} prepared
 * @param {Wishes} wishes
 */
export async function draft(prepared, wishes) {
  const { newest, people } = prepared;
  const custodians = GROUPS.flatMap((name) => wishes.groups[name].custodians);
  const wanted = new Set([...custodians, ...wishes.requesters, ...wishes.sealers]);
  const found = people.filter((one) => wanted.has(one.person)).sort(byId);
  if (found.length !== wanted.size) {
    throw new ClientRefusal("not-enrolled", "somebody whom you named has not enrolled yet");
  }
  const policy = { ...(newest ? wishesOf(newest).policy : POLICY), ...wishes.policy };
  return post(prepared, { ...wishes, policy }, { people: found, retired: false });
}

/**
 * Post the draft that ends the line: who counts stays as in the version in force, with the
 * identities that it names, whatever people enrolled since.
 *
 * Refused as `ClientRefusal`: `no-roster`; `log-unseen`.
 *
 * @param {Prepared} prepared
 */
export async function retire(prepared) {
  const { newest } = prepared;
  if (newest === null) {
    throw new ClientRefusal("no-roster", "the account has no roster yet that could be retired");
  }
  return post(prepared, wishesOf(newest), { people: [...newest.members.values()], retired: true });
}

/**
 * @param {Prepared} prepared
 * @param {Wishes} wishes
 * @param {{people: readonly {person: string, name: string, identity: string}[], retired: boolean}} given
 */
async function post({ account, newest, news }, wishes, { people, retired }) {
  const { name, root_email, type, groups, policy } = wishes;
  const [logKey, latest] = await pinnedKey();
  const fields = {
    account,
    version: newest ? newest.version + 1 : 1,
    previous: newest ? newest.digest : FIRST_PREVIOUS,
    cause: newest ? "change" : "first",
    name,
    root_email,
    type,
    groups,
    requesters: [...wishes.requesters].sort(),
    sealers: [...wishes.sealers].sort(),
    people: people.map(({ person, name: called, identity }) => ({ person, name: called, identity })),
    policy,
    log_key: logKey,
    witnesses: newest ? [...newest.witnesses] : [],
    cosigned_by: newest ? newest.cosignedBy : 0,
    retired,
  };
  const payload = b64encode(await payloadBody("roster", fields, now()));
  return send(`/accounts/${account}/rosters`, { payload }, (answer) => done(answer, [...news, ...latest]));
}

/**
 * The verifier key of the log as this browser has pinned it; at first sight, now, with what is said
 * then.
 *
 * @returns {Promise<[string, readonly string[]]>}
 */
async function pinnedKey() {
  const news = (await seenLog())?.verifierKey ? [] : await checkLog();
  const seen = await seenLog();
  if (seen?.verifierKey) return [seen.verifierKey, news];
  throw new ClientRefusal(
    "log-unseen",
    "this browser has not seen the service's log yet, and a roster names the log's key",
    "look at your connection, and draft again",
  );
}

/**
 * @param {{person: string}} one
 * @param {{person: string}} other
 */
function byId(one, other) {
  return one.person < other.person ? -1 : 1;
}
