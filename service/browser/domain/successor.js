/** The requester of a released request seals the password that follows, as `service/domain/successor.py` has it. */

import { Refusal } from "./errors.js";
import { sameIdentity } from "./people.js";
import { sealerOf } from "./roster.js";

/**
 * @typedef {import("./credential.js").Envelope} Envelope
 * @typedef {import("./request.js").Request} Request
 * @typedef {import("./roster.js").Roster} Roster
 */

/**
 * Refuse what is no successor by the statements alone; refused: `not-successor`. That the request
 * was released, and before the manifest entered the log, is for the caller to know.
 *
 * @param {Envelope} envelope
 * @param {object} given
 * @param {Roster} given.roster the one that the manifest names
 * @param {Request} given.request the signer's own
 * @param {Roster} given.askedUnder the one that the request names
 * @param {Envelope} given.opened the one that the request names
 */
export function checkFollows(envelope, { roster, request, askedUnder, opened }) {
  const { sealer } = envelope;
  const now = sealerOf(roster, sealer);
  const then = askedUnder.members.get(sealer);
  /** @type {[boolean, string][]} */
  const rules = [
    [now !== undefined && !roster.sealers.includes(sealer), "the roster does not let a requester seal"],
    [envelope.cause === "rotation", "a requester seals a changed password and nothing else"],
    [
      envelope.afterRequests.includes(request.digest) && !request.drill,
      "it does not name the release that it follows",
    ],
    [
      request.requester === sealer && askedUnder.requesters.includes(sealer),
      "it follows the request of someone else",
    ],
    [
      now !== undefined && then !== undefined && sameIdentity(now, then),
      "its signer has other keys than when they asked",
    ],
    [
      request.account === envelope.account && opened.account === envelope.account,
      "the request is of another account",
    ],
    [
      request.manifest === opened.digest && opened.version < envelope.version,
      "it does not follow the envelope that was opened",
    ],
  ];
  for (const [kept, said] of rules) if (!kept) throw new Refusal("not-successor", said);
}
