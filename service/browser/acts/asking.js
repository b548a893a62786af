/** Making a request: a fresh key kept in this browser, a signed statement, then the post. */

import { b64encode } from "../crypto/encoding.js";
import { randomUuid } from "../crypto/randomness.js";
import { COLLECTING } from "../domain/request.js";
import { commonCustodians, needed } from "../domain/roster.js";
import { checkSame, done, posted, send, signed } from "./acting.js";
import { get, isUnreachable } from "../link/api.js";
import { exclusive } from "../link/environment.js";
import { ApiRefusal, ClientRefusal, Unreachable } from "../link/errors.js";
import { part } from "../link/part.js";
import { cancel } from "./endings.js";
import { fetchEnvelopes, waitingFor } from "./envelopes.js";
import { fetchChain, fetchMe, named } from "./fetching.js";
import { keepStatement } from "../device/keeping.js";
import { askToPersist, make } from "../device/requestKeys.js";
import { refreshed } from "./requests.js";
import { sweep } from "./sweeping.js";
import { opens } from "../shares/trial.js";
import { count, newKeys, unable } from "../trust/able.js";
import { checkNotRetired } from "../trust/retired.js";
import { cannotAct } from "../words/able.js";
import { before } from "./proving.js";
import { acceptance, sealing } from "./relying.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {object} Wanted
 * @property {string} account
 * @property {string} task
 * @property {string} taskText
 * @property {string} reason
 * @property {string} ticket
 * @property {number} [lifetime] seconds; else as long as the policy permits
 * @property {number} [window] the same
 * @property {boolean} [drill]
 * @property {boolean} [newest] name the newest envelope, though it is unconfirmed
 */

/**
 * What somebody who asks has to know, verified.
 *
 * Refused as `ClientRefusal`: `no-envelope`, or a code of `trust/chain` or `trust/envelope`.
 *
 * @param {string} account
 */
export async function prepareAsk(account) {
  const { chain, chosen, living, me, warnings } = await look(account, false);
  const { newest: roster } = chain;
  const { facts, envelope } = chosen;
  const sealedFor = chain.named(envelope.roster);
  const groups = count(chain, chosen);
  const lost = newKeys(chain);
  const newer = living[0].envelope.version > envelope.version ? living[0].envelope : null;
  return {
    account,
    name: roster.name,
    chain,
    mayAsk: roster.requesters.includes(me.person),
    policy: roster.policy,
    envelope: { version: envelope.version, state: facts.state },
    newer: newer && { version: newer.version },
    needed: {
      password: needed(roster, sealedFor, "password"),
      mfa: needed(roster, sealedFor, "mfa"),
    },
    people: { password: asked("password"), mfa: asked("mfa") },
    warnings: [...warnings, ...unable(groups).map((one) => cannotAct(one, groups[one]))],
  };

  /** @param {"password" | "mfa"} group */
  function asked(group) {
    const fit = commonCustodians(roster, sealedFor, group);
    return named(
      chain,
      roster.groups[group].custodians.filter((one) => fit.has(one) && !lost.has(one)),
    );
  }
}

/**
 * The chain, the envelopes that are not superseded, newest first, and the one that a request would
 * name: proved to be in the log, with the roster.
 *
 * @param {string} account
 * @param {boolean} newest
 */
async function look(account, newest) {
  const me = await fetchMe();
  const { chain, warnings, log } = await fetchChain(account, me);
  checkNotRetired(chain.newest);
  const { sealed: living, log: later } = await fetchEnvelopes(account, chain, me);
  if (!living.length) {
    throw new ClientRefusal("no-envelope", "no password is sealed for this account yet");
  }
  const chosen = choose(living, newest);
  const { envelope, manifest } = chosen;
  const proof = await before("ask", {
    account,
    person: me.person,
    logs: [log, later],
    newest: chain.newest,
    relied: [acceptance(chain, chain.newest), sealing(chain, envelope, manifest)],
    envelope,
    waiting: waitingFor(living, envelope),
  });
  return { chain, chosen, living, me, proof, warnings: [...warnings, ...later.news, ...proof.warnings] };
}

/**
 * The envelope in force, or the newest one when none is or when it is wanted.
 *
 * @template {{facts: any}} E
 * @param {E[]} living
 * @param {boolean} newest
 * @returns {E}
 */
function choose(living, newest) {
  const inForce = living.filter(({ facts }) => facts.state !== "unconfirmed");
  return newest || !inForce.length ? living[0] : inForce[0];
}

/**
 * Ask. Before anything is posted, the key is kept in this browser and was read back.
 *
 * Refused as `ClientRefusal`: `not-in-roster`, `policy`, `key-not-kept`, and as `prepareAsk`.
 *
 * @param {Wanted} wanted
 * @param {Identity} identity
 */
export async function ask(wanted, identity) {
  return exclusive(`asking ${wanted.account}`, async () => {
    const { chain, chosen, me, proof, warnings } = await look(wanted.account, wanted.newest ?? false);
    checkSame(me.keyid, identity);
    const roster = chain.newest;
    const { lifetime = roster.policy.requestLifetime } = wanted;
    const { window = roster.policy.releaseWindow } = wanted;
    checkPolicy(roster, me.person, lifetime, window);
    const fields = {
      account: wanted.account,
      requester: me.person,
      roster: roster.digest,
      manifest: chosen.envelope.digest,
      task: wanted.task,
      task_text: wanted.taskText,
      reason: wanted.reason,
      ticket: wanted.ticket,
      lifetime,
      window,
      drill: wanted.drill ?? false,
      offline: false,
    };
    return post(fields, me.person, identity, { proof, warnings });
  });
}

/**
 * Refuse here what the service would refuse.
 *
 * @param {import("../domain/roster.js").Roster} roster
 * @param {string} person
 * @param {number} lifetime
 * @param {number} window
 */
function checkPolicy(roster, person, lifetime, window) {
  if (!roster.requesters.includes(person)) {
    throw new ClientRefusal("not-in-roster", "the account's roster does not let you ask");
  }
  const { requestLifetime, releaseWindow } = roster.policy;
  if (lifetime > requestLifetime || window > releaseWindow) {
    throw new ClientRefusal(
      "policy",
      `the roster permits a lifetime of ${requestLifetime} s and a window of ${releaseWindow} s ` +
        "at most",
    );
  }
}

/**
 * @param {Record<string, unknown> & {account: string}} fields
 * @param {string} person
 * @param {Identity} identity
 * @param {{proof: import("./proving.js").Proved, warnings: string[]}} given
 */
async function post(fields, person, identity, { proof, warnings }) {
  const dropped = await askToPersist();
  const anew = redating?.take(person, fields.account) ?? null;
  const { request, recipient_key } = anew ?? (await fresh(person, identity));
  const own = { ...fields, request, recipient_key };
  const signing = anew ? anew.sign(own, identity, proof) : signed("request", own, identity, proof);
  const statement = await signing;
  if (!anew) await keepStatement(person, statement);
  const told = dropped ? [...warnings, dropped] : warnings;
  const asked = async (/** @type {any} */ answer) => {
    const outcome = await done(answer, told);
    const settled = anew ? await anew.settle() : [];
    await sweep(person, { acting: request });
    return { ...outcome, warnings: [...outcome.warnings, ...settled], request };
  };
  // A refusal destroys nothing: that the service has not taken it is the service's word.
  const sending = () => send("/requests", posted(statement), asked, () => isThere(request));
  return anew ? sending() : redatable(sending, statement);
}

/**
 * A fresh id, and a fresh key for it that is kept here.
 *
 * @param {string} person
 * @param {Identity} identity
 */
async function fresh(person, identity) {
  const request = randomUuid();
  const { slots } = await get("/slots");
  const publicKey = await make(person, request, { root: identity.root, slots }, opens);
  return { request, recipient_key: b64encode(publicKey) };
}

/** Loaded once a request was refused for its date. @type {typeof import("./redating.js") | null} */
let redating = null;

/**
 * A request that is refused for its date is signed anew after a second press, also where it took
 * two tries to be refused.
 *
 * @param {() => Promise<any>} attempt
 * @param {import("../crypto/statement.js").Statement} statement
 * @returns {Promise<any>}
 */
async function redatable(attempt, statement) {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Unreachable) {
      throw new Unreachable(() => redatable(error.again, statement));
    }
    if (!(error instanceof ApiRefusal) || error.code !== "clock-differs") throw error;
    redating = await part(import("./redating.js"));
    throw redating.offered(statement, error);
  }
}

/** @param {string} request */
async function isThere(request) {
  try {
    return (await get(`/requests/${request}`)).id === request;
  } catch (error) {
    if (error instanceof ApiRefusal) return false;
    throw error;
  }
}

/**
 * Who approved a request of mine already, and is asked twice when I ask again: tell them first.
 *
 * @param {import("./requests.js").Shown} shown
 */
export function earlierApprovers({ chain, decisions }) {
  const people = decisions.filter((one) => one.approves).map((one) => one.custodian);
  return named(chain, new Set(people));
}

/**
 * Ask the same again from this browser, and take the old request back.
 *
 * @param {import("./requests.js").Shown} shown
 * @param {Identity} identity
 */
export async function again(shown, identity) {
  checkSame(shown.me.keyid, identity);
  const current = await refreshed(shown);
  const { request } = current.about;
  const toldFirst = earlierApprovers(current);
  if (COLLECTING.has(current.detail.state)) {
    await cancelFirst(current, identity);
  }
  const { account, task, taskText, reason, ticket, lifetime, window, drill } = request;
  const wanted = { account, task, taskText, reason, ticket, lifetime, window, drill };
  return { ...(await ask(wanted, identity)), toldFirst };
}


/**
 * What follows needs the identity, so without an answer there is nothing to send again: asking
 * once more looks first whether the old request is cancelled.
 *
 * @param {import("./requests.js").Shown} shown
 * @param {Identity} identity
 */
async function cancelFirst(shown, identity) {
  try {
    await cancel(shown, identity, "asked again from another device");
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    throw new ClientRefusal(
      "unreachable",
      "the service did not answer; the new request was not made yet",
      "look at your connection, and ask again once more",
    );
  }
}
