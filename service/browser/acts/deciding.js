/** A custodian's answer to a request, signed on their own device. */

import { b64decode, b64encode } from "../crypto/encoding.js";
import { sortedStatementDsse } from "../crypto/statement.js";
import { groupOf } from "../domain/roster.js";
import { checkSame, done, send, stamp, stands } from "./acting.js";
import { before, onRequest } from "./proving.js";
import { get, proved } from "../link/api.js";
import { exclusive } from "../link/environment.js";
import { rememberGone } from "../device/notes.js";
import { checkApprovable, inNeitherGroup, refreshed } from "./requests.js";
import { Holding } from "../shares/opening.js";
import * as resealing from "../shares/resealing.js";
import { checkMyKeys } from "../trust/chain.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("./requests.js").Shown} Shown
 */

/** @type {Map<string, Promise<any>>} asked for ahead; the manifest says whether it is the right one */
const shares = new Map();

/** Ask for my sealed share of what was shown, before anybody acts. @param {Shown} shown */
export async function shareAhead(shown) {
  const place = placeOf(shown);
  shares.set(place, myShare(shown));
  await shares.get(place)?.catch(() => shares.delete(place));
}

/** @param {Shown} shown */
function placeOf({ envelope, me }) {
  return `${me.person} ${envelope.id}`;
}

/** @param {Shown} shown */
function myShare({ envelope }) {
  return get(`/envelopes/${envelope.id}/share`);
}

/**
 * What an approval needs of the service: the request as it is now, my place in its envelope, and my
 * sealed share. It can be asked for while the keys are being unlocked. Refused as `before` and
 * `checkApprovable`.
 *
 * @param {Shown} shown
 */
export async function gather(shown) {
  const [current, { sealed_share: sealed }] = await Promise.all([
    refreshed(shown),
    shares.get(placeOf(shown)) ?? myShare(shown),
  ]);
  const proof = await before("approve", await onRequest("approve", current));
  return { current, sealed, proof, ...(await checkApprovable(current)) };
}

/**
 * Approve: open my share, compare it with its commitment, seal it to this request alone, sign.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {ReturnType<typeof gather>} [gathered] of this very `shown`
 */
export async function approve(shown, identity, gathered) {
  checkSame(shown.me.keyid, identity);
  const { id } = shown.about.request;
  return exclusive(`request ${id}`, async () => {
    const { current, sealed, proof, place, confirmed } = await (gathered ?? gather(shown));
    const { about } = current;
    await checkMyKeys(current.chain.newest, current.me.person, identity.public);
    const holding = new Holding(place);
    const given = { ...(await stamp(proof)), confirmed };
    const made = await resealing.approve(about, holding, b64decode(sealed), identity, given);
    const body = {
      statement: sortedStatementDsse(made.statement),
      resealed_share: b64encode(made.resealed),
      receipt: made.receipt && sortedStatementDsse(made.receipt),
    };
    await proved(); // else nothing is on its way
    if (!about.request.drill) await rememberGone(current.me.person, about.request);
    const told = (/** @type {any} */ answer) => done(answer, proof.warnings);
    return send(`/requests/${id}/decisions`, body, told, () => stands(id, made.statement));
  });
}

/**
 * Deny, with a reason. May follow my own approval, until the release.
 *
 * @param {Shown} shown
 * @param {Identity} identity
 * @param {string} reason
 */
export async function deny(shown, identity, reason) {
  checkSame(shown.me.keyid, identity);
  const { id } = shown.about.request;
  return exclusive(`request ${id}`, async () => {
    const current = await refreshed(shown);
    const { about, me } = current;
    const proof = await before("deny", await onRequest("deny", current));
    const group = groupOf(about.roster, me.person);
    if (group === null) throw inNeitherGroup();
    const { person } = me;
    const given = { group, person, reason, identity, ...(await stamp(proof)) };
    const statement = await resealing.deny(about, given);
    const body = { statement: sortedStatementDsse(statement) };
    const told = (/** @type {any} */ answer) => done(answer, proof.warnings);
    return send(`/requests/${id}/decisions`, body, told, () => stands(id, statement));
  });
}
