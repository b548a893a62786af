/** One sealed version of an account's password, as its manifest says it. */

/**
 * @typedef {import("./people.js").GroupName} GroupName
 * @typedef {{group: GroupName, custodian: string, commitment: string, sealedShareDigest: string}}
 *   Line whose share, and what anybody may check of it (hex digests)
 */

/** `digest` is that of the manifest statement; `holders` are texts of group, space, person. */
export class Envelope {
  /**
   * From a payload whose fields and types were checked.
   *
   * @param {any} payload
   * @param {string} digest
   */
  constructor(payload, digest) {
    /** @type {string} */
    this.id = payload.envelope;
    this.digest = digest;
    /** @type {string} */
    this.account = payload.account;
    /** @type {number} */
    this.version = payload.version;
    /** @type {string} */
    this.previous = payload.previous;
    /** @type {string} */
    this.roster = payload.roster;
    /** @type {string} */
    this.sealer = payload.sealer;
    /** @type {string} */
    this.cause = payload.cause;
    /** @type {readonly string[]} */
    this.afterRequests = payload.after_requests;
    /** @type {readonly Line[]} */
    this.shares = payload.shares.map(line);
    /** @type {string} */
    this.contentDigest = payload.content_digest;
    this.holders = new Set(this.shares.map((one) => `${one.group} ${one.custodian}`));
    Object.freeze(this);
  }

  /**
   * A custodian's line of the manifest.
   *
   * @param {string} custodian
   */
  shareOf(custodian) {
    return this.shares.find((one) => one.custodian === custodian);
  }
}

/** @param {any} said @returns {Line} */
function line({ group, custodian, commitment, sealed_share_digest: sealedShareDigest }) {
  return Object.freeze({ group, custodian, commitment, sealedShareDigest });
}

/**
 * @param {any} payload
 * @param {string} digest
 */
export function envelopeFromPayload(payload, digest) {
  return new Envelope(payload, digest);
}
