/**
 * For which requests my share of an envelope has left: as this browser noted it, and as all say.
 *
 * A quorum is counted for one request; but who reads the service and owns the requests' keys can
 * add up shares over several requests on one envelope. So a custodian is told before adding.
 */

import { get } from "./api.js";
import { ClientRefusal } from "./errors.js";
import { goneOn } from "./notes.js";
import { oneLine } from "./render.js";
import { verifyShown } from "./trustRequest.js";

const PAGE = 200;

/**
 * Say for which earlier requests on this envelope my share has left, drills left out.
 *
 * @param {import("./requests.js").Shown} shown
 * @returns {Promise<string[]>} sentences: one for each that does not verify, and one for the rest
 */
export async function earlierRequests(shown) {
  const noted = await goneOn(shown.me.person, shown.envelope.digest);
  const reasons = new Map(noted.map(({ request, reason }) => [request, oneLine(reason)]));
  const warnings = await told(shown, reasons);
  reasons.delete(shown.about.request.id);
  if (reasons.size) {
    const said = [...reasons].sort().map(([id, why]) => `${id} (${why})`);
    warnings.push(`Your share of this envelope has left before, for ${said.join("; ")}.`);
  }
  return warnings;
}

/**
 * Add requests on this envelope that bear a verified approval of mine, withdrawn or not.
 *
 * @param {import("./requests.js").Shown} shown
 * @param {Map<string, string>} reasons
 */
async function told({ about, chain, envelope, me }, reasons) {
  const warnings = [];
  const { account } = about.request;
  const { requests } = await get(`/requests?account=${account}&limit=${PAGE}`);
  for (const summary of requests) {
    const said = summary.groups.flatMap((/** @type {any} */ g) => [...g.approved, ...g.denied]);
    if (summary.drill || summary.id === about.request.id || !said.includes(me.person)) continue;
    try {
      const other = await verifyShown(summary.id, await get(`/requests/${summary.id}`), chain);
      const mine = other.decisions.some((one) => one.approves && one.custodian === me.person);
      if (!mine || other.envelope.digest !== envelope.digest) continue;
      reasons.set(summary.id, oneLine(other.about.request.reason));
    } catch (error) {
      if (!(error instanceof ClientRefusal)) throw error;
      warnings.push(`Request ${oneLine(summary.id)} does not verify: ${error.message}.`);
    }
  }
  return warnings;
}
