/** From delivered shares to the password: exactly as many as needed, each compared first. */

import { CryptoError } from "../crypto/errors.js";
import { openEnvelope } from "../crypto/opening.js";
import { GROUPS } from "../domain/people.js";
import { ClientRefusal } from "../link/errors.js";
import { Holding, combineShares, openDelivered, openDrillReply } from "./opening.js";

/**
 * @typedef {import("../crypto/opening.js").Content} Content
 * @typedef {import("../crypto/recipient.js").Recipient} Recipient
 * @typedef {import("../domain/people.js").GroupName} GroupName
 * @typedef {import("../trust/release.js").DeliveredShare} DeliveredShare
 * @typedef {import("../trust/release.js").VerifiedRelease} VerifiedRelease
 * @typedef {import("./opening.js").OpenedShare} OpenedShare
 * @typedef {{content: Content, keysFit: boolean, used: string[], bad: string[]}} Revealed what a
 *   quorum opened; `keysFit`: the secret gives the public keys that the manifest states; `bad` are
 *   the custodians whose share does not open, is not the one that the manifest commits to, says
 *   something else than the roster asks for, or is of another split than those used
 */

/**
 * Open as many shares of each group as are needed, combine them, and decrypt. A share that is wrong
 * is left out under its custodian's name, and the next one is tried. Refused: `not-enough-shares`:
 * too few are good; `does-not-open`.
 *
 * @param {VerifiedRelease} release
 * @param {Recipient} key
 * @returns {Promise<Revealed>}
 */
export async function openRelease(release, key) {
  const found = new Found(release, key);
  try {
    for (;;) {
      const chosen = await found.enough();
      try {
        const { content, keysFit } = await decrypted(chosen, release);
        const used = chosen.map(({ holding }) => holding.person);
        return { content, keysFit, used, bad: found.leftOut(chosen) };
      } catch (refused) {
        if (!(refused instanceof CryptoError)) throw refused;
        found.discard(chosen, refused);
      }
    }
  } finally {
    found.wipe();
  }
}

/**
 * @param {OpenedShare[]} chosen
 * @param {VerifiedRelease} release
 */
async function decrypted(chosen, { manifest, content }) {
  const secret = await combineShares(chosen);
  try {
    return await openEnvelope(secret, manifest.payload, content);
  } finally {
    secret.fill(0);
  }
}

/** The shares of one release that were opened so far, and those that are wrong. */
class Found {
  /** @type {OpenedShare[]} */
  #good = [];
  /** @type {string[]} */
  #bad = [];
  /** @type {Map<number, CryptoError>} by the identifier of a split */
  #discarded = new Map();

  /**
   * @param {VerifiedRelease} release
   * @param {Recipient} key
   */
  constructor(release, key) {
    this.release = release;
    this.key = key;
    this.needed = release.count.needed;
    this.waiting = [...release.shares];
  }

  /** Exactly as many shares of one split as each group needs, password first. */
  async enough() {
    for (;;) {
      const chosen = this.#ofOneSplit();
      if (chosen) return chosen;
      if (this.waiting.length === 0) throw this.#refusal();
      // A share is opened only when it is needed: one of a group that still lacks some.
      const lacking = this.waiting.findIndex(({ group }) => this.#most(group) < this.needed[group]);
      const [share] = this.waiting.splice(Math.max(lacking, 0), 1);
      await this.#open(share);
    }
  }

  /**
   * This split opens nothing; a sealer may have mixed it with one that does.
   *
   * @param {OpenedShare[]} chosen
   * @param {CryptoError} refused
   */
  discard([{ share }], refused) {
    this.#discarded.set(share.identifier, refused);
  }

  /**
   * Whose share is wrong: it did not pass, or is of another split than those chosen.
   *
   * @param {OpenedShare[]} chosen
   */
  leftOut([{ share }]) {
    const foreign = this.#good.filter((one) => one.share.identifier !== share.identifier);
    return [...this.#bad, ...foreign.map(({ holding }) => holding.person)];
  }

  wipe() {
    for (const one of this.#good) one.wipe();
  }

  /** @param {DeliveredShare} share */
  async #open(share) {
    const { digest } = this.release.about.request;
    const holding = holdingOf(this.release, share);
    try {
      this.#good.push(await openDelivered(share.blob, holding, digest, this.key));
    } catch (refused) {
      if (!(refused instanceof ClientRefusal)) throw refused;
      this.#bad.push(share.custodian);
    }
  }

  #splits() {
    return new Set(this.#good.map(({ share }) => share.identifier));
  }

  /** No custodian can see that a sealer mixed two splits: each has one share. */
  #ofOneSplit() {
    for (const split of this.#splits()) {
      if (this.#discarded.has(split)) continue;
      const groups = GROUPS.map((group) => this.#of(split, group).slice(0, this.needed[group]));
      if (groups.every(({ length }, index) => length === this.needed[GROUPS[index]])) {
        return groups.flat();
      }
    }
    return null;
  }

  /** @param {number} split @param {GroupName} group */
  #of(split, group) {
    const same = (/** @type {OpenedShare} */ { share }) => share.identifier === split;
    return this.#good.filter((one) => one.holding.group === group && same(one));
  }

  /** The most shares of a group that are of one split. @param {GroupName} group */
  #most(group) {
    return Math.max(0, ...[...this.#splits()].map((split) => this.#of(split, group).length));
  }

  #refusal() {
    for (const { message } of this.#discarded.values()) {
      return new ClientRefusal("does-not-open", `the envelope does not open: ${message}`);
    }
    return new ClientRefusal(
      "not-enough-shares",
      this.#said().join("; "),
      "while the window is open, further custodians can still approve",
    );
  }

  #said() {
    const { chain, envelope } = this.release;
    const few = GROUPS.filter((group) => this.#most(group) < this.needed[group]).map(
      (group) =>
        `the ${group} group delivered ${this.#most(group)} good shares of ${this.needed[group]}`,
    );
    const wrong = this.#bad.map((who) => `the share of ${chain.nameOf(who)} is wrong`);
    const sealer = chain.nameOf(envelope.sealer);
    const mixed = `the shares are of several splits, which only ${sealer}, who sealed it, could mix`;
    return [...few, ...wrong, ...(this.#splits().size > 1 ? [mixed] : [])];
  }
}

/** @param {VerifiedRelease} release @param {DeliveredShare} share */
function holdingOf({ envelope, manifest, chain }, { group, custodian: person }) {
  const roster = chain.named(envelope.roster);
  return new Holding({ envelope, manifest: manifest.payload, roster, group, person });
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
  const bad = [];
  for (const share of release.shares) {
    try {
      await openDrillReply(share.blob, holdingOf(release, share), request.digest, key);
    } catch (refused) {
      if (!(refused instanceof CryptoError)) throw refused;
      bad.push(share.custodian);
    }
  }
  return bad;
}
