/** An account's password, split and sealed on this device. Signed only once every share was tried. */

import { makeContent, sealEnvelope } from "../crypto/opening.js";
import { sign } from "../crypto/signing.js";

/**
 * Seal to the custodians of a roster, open it again with sets of shares that together use every
 * share, and only then sign the manifest.
 *
 * @param {{password: string, signInEmail: string, note: string}} wanted
 * @param {Parameters<typeof sealEnvelope>[1]} place
 * @param {import("../crypto/identity.js").Identity} identity
 */
export async function sealed(wanted, place, identity) {
  const { manifest, at, content, shares } = await sealEnvelope(makeContent(wanted), place);
  return { statement: await sign("manifest", manifest, { identity, at }), content, shares };
}
