/**
 * For which requests my share of an envelope has left: as this browser noted it, and as all say.
 *
 * A quorum is counted for one request; but who reads the service and owns the requests' keys can
 * add up shares over several requests on one envelope. So a custodian is told before adding.
 */

import { get } from "../link/api.js";
import { goneOn } from "../device/notes.js";
import { oneLine } from "../link/render.js";

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
 * @returns {Promise<Earlier[]>}
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
 * Add requests on this envelope that have had an approval of mine, withdrawn or not: by the
 * service's word, of which one look at its list is enough.
 *
 * @param {import("./requests.js").Shown} shown
 * @param {Map<string, string>} found
 */
async function tell({ about, envelope, me }, found) {
  const { requests } = await get(`/requests?account=${about.request.account}&limit=${PAGE}`);
  for (const one of requests) {
    if (one.manifest_digest !== envelope.digest || !one.handed.includes(me.person)) continue;
    const [who, reason] = [oneLine(one.requester_name), oneLine(one.reason)];
    const day = oneLine(one.entered_at).slice(0, 10);
    found.set(one.id, `${who}’s request of ${day}, “${reason}”, as the service lists it`);
  }
}
