/** How a request ends: its requester takes it back or says what was done; both groups review. */

export { tellCost } from "./exposing.js";

import { groupOf } from "../domain/roster.js";
import { checkSame, done, posted, send, signed, stands } from "./acting.js";
import { exclusive } from "../link/environment.js";
import { before, onRequest } from "./proving.js";
import { inNeitherGroup, refreshed } from "./requests.js";
import { sweep } from "./sweeping.js";
import { checkMyKeys } from "../trust/chain.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("./requests.js").Shown} Shown
 */

/**
 * Take my request back, before it is released; its key is destroyed once the log proves it.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {string} reason
 */
export function cancel(shown, identity, reason) {
  return word(shown, identity, "cancellation", { reason });
}

/**
 * Say what was done, and end the release; its key is destroyed once the log proves it.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {string} summary
 */
export function close(shown, identity, summary) {
  return word(shown, identity, "closure", { summary });
}

/**
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {"cancellation" | "closure"} kind
 * @param {Record<string, string>} said
 */
async function word(shown, identity, kind, said) {
  const { request } = shown.about;
  const { person } = shown.me;
  checkSame(shown.me.keyid, identity);
  return exclusive(`request ${request.id}`, async () => {
    const act = kind === "closure" ? "close" : "cancel";
    const proof = await before(act, await onRequest(act, await refreshed(shown)));
    const fields = { request: request.digest, requester: person, ...said };
    const statement = await signed(kind, fields, identity, proof);
    const over = async (/** @type {any} */ answer) => {
      const outcome = await done(answer, proof.warnings);
      await sweep(person);
      return outcome;
    };
    const path = `/requests/${request.id}/${kind}`;
    return send(path, posted(statement), over, () => stands(request.id, statement));
  });
}

/**
 * Look at a release afterwards, for my group in the newest roster.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {{rotated: boolean, note: string}} seen whether the password was changed; what happened
 */
export async function review(shown, identity, { rotated, note }) {
  checkSame(shown.me.keyid, identity);
  const { request } = shown.about;
  return exclusive(`request ${request.id}`, async () => {
    const current = await refreshed(shown);
    const { chain, me } = current;
    const proof = await before("review", await onRequest("review", current));
    const group = groupOf(chain.newest, me.person);
    if (group === null) throw inNeitherGroup();
    await checkMyKeys(chain.newest, me.person, identity.public);
    const fields = { request: request.digest, group, reviewer: me.person, rotated, note };
    const statement = await signed("review", fields, identity, proof);
    const path = `/requests/${request.id}/reviews`;
    const told = (/** @type {any} */ answer) => done(answer, proof.warnings);
    return send(path, posted(statement), told, () => stands(request.id, statement));
  });
}
