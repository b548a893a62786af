/** How a password came to be exposed, in the sentences of `service/domain/exposed.py`. Pure. */

const HELD =
  "; no one was handed it, but anyone who has that request's key and what the service stored can open it";

/** By the API's code. */
const SENTENCES = new Map([
  ["released", "the shares were released, so the requester can have seen the password"],
  ["offline-release", "the password was released while the service was down"],
  ["papers", "someone opened it, and signed that they did so with printed shares"],
  ["same-password", "an envelope before it was opened, and may have held the same password"],
  ["taken-back", `enough of both groups had approved a request that was taken back${HELD}`],
  ["overtaken", `enough of both groups had approved a request that a new roster ended${HELD}`],
  ["expired", `enough of both groups had approved a request that expired${HELD}`],
  ["denied", `enough of both groups had approved a request that was then denied${HELD}`],
  [
    "together",
    "several requests that ended without a release had enough approvals together; no one was handed " +
      "the password, but anyone who has those requests' keys and what the service stored can open it",
  ],
  ["unknown", "it is exposed, and this release cannot say how"],
]);

/** Every code that has a sentence. */
export const CAUSES = Object.freeze([...SENTENCES.keys()]);

/**
 * What exposed it; of a code that is not known here, that it is not known.
 *
 * @param {string | null | undefined} cause
 */
export function causeInWords(cause) {
  return SENTENCES.get(cause ?? "unknown") ?? /** @type {string} */ (SENTENCES.get("unknown"));
}
