/**
 * What a client believes of the further words on a request: cancellation, release, closure, review.
 * Code of lies: `word-forged` (its person did not sign it, or not for this request).
 */

import { custodian } from "../domain/roster.js";
import { ClientRefusal } from "../link/errors.js";
import { malformed, read, signedBy } from "./statements.js";

/**
 * @typedef {import("./chain.js").VerifiedChain} VerifiedChain
 * @typedef {import("./request.js").VerifiedRequest} VerifiedRequest
 */

/**
 * Verify the requester's own further statement on the request: a `cancellation`, `release` or
 * `closure`. Refused: `malformed-statement`, `word-forged`.
 *
 * @param {any} dsse
 * @param {string} kind
 * @param {VerifiedRequest} about
 */
export async function verifyWord(dsse, kind, about) {
  const statement = await read(dsse, kind);
  const { request, requester } = statement.payload;
  if (request !== about.request.digest) {
    throw new ClientRefusal("word-forged", `the ${kind} is on another request`);
  }
  if (requester !== about.request.requester) {
    throw new ClientRefusal("word-forged", `the ${kind} names another requester`);
  }
  const member = about.roster.members.get(requester);
  await signedBy(statement, member, { code: "word-forged", what: `the ${kind}` });
  return statement;
}

/**
 * Verify a review by a custodian of its group in any roster since the request's. Refused:
 * `malformed-statement`, `word-forged`.
 *
 * @param {any} dsse
 * @param {VerifiedRequest} about
 * @param {VerifiedChain} chain
 */
export async function verifyReview(dsse, about, chain) {
  const statement = await read(dsse, "review");
  const { request, group, reviewer } = statement.payload;
  const given = { code: "word-forged", what: "a review" };
  if (request !== about.request.digest) {
    throw new ClientRefusal("word-forged", "a review is on another request");
  }
  const standing = [...chain.rosters]
    .reverse()
    .filter((roster) => roster.version >= about.roster.version)
    .map((roster) => custodian(roster, reviewer, group))
    .filter((member) => member !== undefined);
  for (const member of standing.slice(0, -1)) {
    try {
      await signedBy(statement, member, given);
      return statement;
    } catch (refused) {
      // Keys may have changed since; one must fit.
      if (!(refused instanceof ClientRefusal)) throw refused;
    }
  }
  await signedBy(statement, standing[standing.length - 1], given);
  return statement;
}

/**
 * Verify whatever was said on a request beside decisions, and return its kind. Refused:
 * `malformed-statement`, `word-forged`.
 *
 * @param {any} dsse
 * @param {VerifiedRequest} about
 * @param {VerifiedChain} chain
 * @returns {Promise<string>}
 */
export async function verifyFurther(dsse, about, chain) {
  const kind = /^application\/vnd\.breakglass\.([a-z-]+)\./.exec(dsse?.payloadType)?.[1] ?? "";
  if (kind === "review") {
    await verifyReview(dsse, about, chain);
  } else if (["cancellation", "release", "closure"].includes(kind)) {
    await verifyWord(dsse, kind, about);
  } else {
    throw malformed("a statement does not belong to a request");
  }
  return kind;
}
