/**
 * For which requests my share of an envelope has left: as this browser noted it, and as all say.
 *
 * A quorum is counted for one request; but who reads the service and owns the requests' keys can
 * add up shares over several requests on one envelope. So a custodian is told before adding.
 */

import { get } from "../link/api.js";
import { ClientRefusal } from "../link/errors.js";
import { goneOn } from "../device/notes.js";
import { oneLine } from "../link/render.js";
import { verifyShown } from "../trust/shown.js";

const PAGE = 200;

/**
 * @typedef {object} Earlier a request for which my share has left, or may have
 * @property {string} request its id
 * @property {string} said in words, for people
 */

/**
 * Say for which earlier requests on this envelope my share has left, drills left out.
 *
 * @param {import("./requests.js").Shown} shown
 * @returns {Promise<Earlier[]>} those that do not verify as well
 */
export async function earlierRequests(shown) {
  const noted = await goneOn(shown.me.person, shown.envelope.digest);
  const found = new Map(noted.map(({ request, reason }) => [request, onlyHere(reason)]));
  await tell(shown, found);
  found.delete(shown.about.request.id);
  return [...found].sort().map(([request, said]) => ({ request, said }));
}

/** @param {string} reason */
function onlyHere(reason) {
  return `a request that this browser noted, “${oneLine(reason)}”`;
}

/**
 * Add requests on this envelope that bear a verified approval of mine, withdrawn or not.
 *
 * @param {import("./requests.js").Shown} shown
 * @param {Map<string, string>} found
 */
async function tell({ about, chain, envelope, me }, found) {
  const { account } = about.request;
  const { requests } = await get(`/requests?account=${account}&limit=${PAGE}`);
  for (const summary of requests) {
    const said = summary.groups.flatMap((/** @type {any} */ g) => [...g.approved, ...g.denied]);
    if (summary.drill || summary.id === about.request.id || !said.includes(me.person)) continue;
    try {
      const other = await verifyShown(summary.id, await get(`/requests/${summary.id}`), chain);
      const mine = other.decisions.some((one) => one.approves && one.custodian === me.person);
      if (!mine || other.envelope.digest !== envelope.digest) continue;
      const { requester, enteredAt, reason } = other.about.request;
      const who = oneLine(chain.nameOf(requester));
      const day = enteredAt.toISOString().slice(0, 10);
      found.set(summary.id, `${who}’s request of ${day}, “${oneLine(reason)}”`);
    } catch (error) {
      if (!(error instanceof ClientRefusal)) throw error;
      found.set(summary.id, `a request that does NOT verify (${error.message})`);
    }
  }
}
