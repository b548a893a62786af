/** What it costs that requests end without a release, once shares were handed over. */

const HELD =
  "No one is handed the password, but anyone who has the requests' keys and what the service stored " +
  "can open it: a sealer must then change it at AWS and seal the new one.";

/** Where the earlier requests could not be looked up. */
export const COST_UNKNOWN =
  "Whether the password counts as exposed afterwards is not known: the service did not answer.";

/**
 * Say it where enough of both groups approved.
 *
 * @param {boolean} alone this request alone; else with earlier ones, as the service lists them
 * @returns {string}
 */
export function costOfEnding(alone) {
  return alone
    ? "Enough of both groups have approved this request. If it ends without a release, taken back, " +
        `denied or expired, the password counts as exposed. ${HELD}`
    : "With the requests on this password that ended before, as the service lists them, enough of " +
        "both groups have approved. If this one ends without a release too, the password counts " +
        `as exposed. ${HELD}`;
}

/**
 * Say that a new roster ends so many open requests, and whether that exposes a password.
 *
 * @param {number} ending
 * @param {boolean} exposed
 * @returns {string}
 */
export function costOfRoster(ending, exposed) {
  const [what, ends] = ending === 1 ? ["one request that is", "ends"] : [`${ending} requests that are`, "end"];
  const said =
    `If this roster comes into force now, ${what} open, as the service lists them, ${ends} without ` +
    "a release.";
  if (!exposed) return said;
  return (
    `${said} Enough of both groups have handed over their shares for that, so the password counts ` +
    `as exposed. ${HELD}`
  );
}
