/** Who has sealed an envelope, in words. Pure functions. */

import { oneLine } from "../link/render.js";

/** What a requester reads before they seal. */
export const YOU_SEAL =
  "You are no sealer: everyone reads that you know this password, as long as it is in force. " +
  "A sealer has to replace it within 30 days.";

/**
 * Who knows the password because they have sealed it; empty if a sealer of the roster did.
 *
 * @param {import("../domain/credential.js").Envelope} envelope
 * @param {import("../domain/roster.js").Roster} roster the one that it names
 */
export function whoKnows({ sealer }, { members, sealers }) {
  if (sealers.includes(sealer)) return "";
  const name = oneLine(members.get(sealer)?.name ?? sealer);
  return `Sealed by its requester: ${name} knows this password.`;
}
