/** A line that its people have ended takes nothing new: no request, no password. */

import { ClientRefusal } from "../link/errors.js";

/**
 * Refused as `ClientRefusal`: `line-retired`.
 *
 * @param {import("../domain/roster.js").Roster} roster the newest
 */
export function checkNotRetired({ retired }) {
  if (!retired) return;
  throw new ClientRefusal(
    "line-retired",
    "this line of the account is retired: no request, password or roster is taken in it any more",
  );
}
