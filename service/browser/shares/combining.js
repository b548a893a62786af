/** From delivered shares to the password: exactly as many as needed, each compared first. */

import {
  checkCommitment,
  checkDrillPlaintext,
  context,
  drillInfo,
  releaseInfo,
} from "../crypto/envelope.js";
import { CryptoError } from "../crypto/errors.js";
import { openEnvelope } from "../crypto/opening.js";
import { combine, readShare } from "../crypto/sharing.js";
import { unseal } from "../crypto/unseal.js";
import { GROUPS } from "../domain/people.js";
import { ClientRefusal } from "../link/errors.js";

/**
 * @typedef {import("../crypto/opening.js").Content} Content
 * @typedef {import("../crypto/recipient.js").Recipient} Recipient
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../trust/release.js").DeliveredShare} DeliveredShare
 * @typedef {import("../trust/release.js").VerifiedRelease} VerifiedRelease
 * @typedef {{content: Content, keysFit: boolean, used: string[], bad: string[]}} Revealed what a
 *   quorum opened; `keysFit`: the secret gives the public keys that the manifest states; `bad` are
 *   the custodians whose shares were tried and are wrong
 */

/**
 * Open exactly as many shares of each group as are needed, combine them, and decrypt. A share that
 * does not open or does not match its commitment is left out under its custodian's name, and the
 * next one is tried. Refused: `not-enough-shares`: too few are good; `does-not-open`.
 *
 * @param {VerifiedRelease} release
 * @param {Recipient} key
 * @returns {Promise<Revealed>}
 */
export async function openRelease(release, key) {
  const bound = await context(release.manifest.payload);
  const used = [];
  const bad = [];
  const mnemonics = [];
  for (const group of GROUPS) {
    const found = await enough(release, key, bound, group);
    bad.push(...found.bad);
    used.push(...found.used);
    mnemonics.push(...found.mnemonics);
    const wanted = release.count.needed[group];
    if (found.used.length < wanted) {
      const wrong = bad.map((who) => `; the share of ${release.chain.nameOf(who)} is wrong`);
      throw new ClientRefusal(
        "not-enough-shares",
        `the ${group} group delivered ${found.used.length} good shares of ${wanted}` +
          wrong.join(""),
        "while the window is open, further custodians can still approve",
      );
    }
  }
  try {
    const secret = await combine(mnemonics);
    try {
      const { manifest, content: blob } = release;
      const { content, keysFit } = await openEnvelope(secret, manifest.payload, blob);
      return { content, keysFit, used, bad };
    } finally {
      secret.fill(0);
    }
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    throw new ClientRefusal("does-not-open", `the envelope does not open: ${refused.message}`);
  }
}

/**
 * @param {VerifiedRelease} release
 * @param {Recipient} key
 * @param {Uint8Array} bound
 * @param {GroupName} group
 */
async function enough(release, key, bound, group) {
  const used = [];
  const bad = [];
  const mnemonics = [];
  for (const share of release.shares) {
    if (share.group !== group) continue;
    if (used.length === release.count.needed[group]) break;
    const mnemonic = await opened(release, key, bound, share);
    if (mnemonic === null) {
      bad.push(share.custodian);
    } else {
      used.push(share.custodian);
      mnemonics.push(mnemonic);
    }
  }
  return { used, bad, mnemonics };
}

/**
 * A delivered share's mnemonic, or null if it is not the one that was sealed.
 *
 * @param {VerifiedRelease} release
 * @param {Recipient} key
 * @param {Uint8Array} bound
 * @param {DeliveredShare} share
 */
async function opened({ envelope, about }, key, bound, { group, custodian: person, blob }) {
  const published = envelope.shareOf(person)?.commitment ?? "";
  const info = releaseInfo(about.request.digest, bound, group, person);
  let bytes;
  try {
    bytes = await unseal(key, info, blob);
    const { mnemonic } = readShare(bytes);
    await checkCommitment(published, { context: bound, group, person, mnemonic });
    return mnemonic;
  } catch (refused) {
    if (!(refused instanceof CryptoError)) throw refused;
    return null;
  } finally {
    bytes?.fill(0);
  }
}

/**
 * The custodians whose drill reseal is wrong; nobody's share is among the rest. Refused:
 * `no-drill`: the request is for the real password.
 *
 * @param {VerifiedRelease} release
 * @param {Recipient} key
 * @returns {Promise<string[]>}
 */
export async function checkDrill(release, key) {
  const { request } = release.about;
  if (!request.drill) throw new ClientRefusal("no-drill", "this request is no drill");
  const bound = await context(release.manifest.payload);
  const bad = [];
  for (const { group, custodian, blob } of release.shares) {
    const info = drillInfo(request.digest, bound, group, custodian);
    try {
      checkDrillPlaintext(await unseal(key, info, blob), request.digest);
    } catch (refused) {
      if (!(refused instanceof CryptoError)) throw refused;
      bad.push(custodian);
    }
  }
  return bad;
}
