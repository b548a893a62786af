/** A verified chain of rosters, and what follows from who has signed which version of it. */

import { ClientRefusal } from "../link/errors.js";

/**
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {[version: number, digest: string]} Remembered the highest roster version seen here
 */

/**
 * An account's rosters from the first to the newest, every signature verified, and the same
 * versions as signed.
 */
export class VerifiedChain {
  /**
   * @param {readonly Roster[]} rosters
   * @param {readonly Statement[]} statements
   */
  constructor(rosters, statements) {
    this.rosters = rosters;
    this.statements = statements;
    Object.freeze(this);
  }

  /** The roster that counts now. */
  get newest() {
    return this.rosters[this.rosters.length - 1];
  }

  /** Versions that nobody of the version before had to sign: they call for a new password. */
  get restarts() {
    return this.rosters.filter((one) => one.cause === "restart").map((one) => one.version);
  }

  /**
   * What this person's browser keeps, to refuse anything older. A restart that they did not sign
   * is not kept, nor what stands on it until they have signed that: anybody could have made it up,
   * and it would shut out the true chain for good.
   *
   * @param {string} keyid
   * @returns {Remembered}
   */
  rememberedBy(keyid) {
    const since = this.sinceRestart(keyid);
    const first = since[0].version;
    const foreign = first > 1 && !since.some((one) => this.bears(one.version, keyid));
    const kept = foreign ? this.rosters[first - 2] : this.newest;
    return [kept.version, kept.digest];
  }

  /**
   * Whether a version bears the signature of the person with this fingerprint (hex).
   *
   * @param {number} version
   * @param {string} keyid
   */
  bears(version, keyid) {
    return this.statements[version - 1].signatures.some((one) => one.keyid === keyid);
  }

  /**
   * The versions from the last restart on that this person has not signed; else the whole chain.
   * What they signed or compared earlier says nothing of the people in a restart.
   *
   * @param {string} keyid
   */
  sinceRestart(keyid) {
    const foreign = this.restarts.filter((version) => !this.bears(version, keyid));
    return this.rosters.slice(foreign.length ? foreign[foreign.length - 1] - 1 : 0);
  }

  /**
   * The version that a statement names; refused: `roster-unknown`.
   *
   * @param {string} digest
   */
  named(digest) {
    const found = this.rosters.find((roster) => roster.digest === digest);
    if (found !== undefined) return found;
    throw new ClientRefusal(
      "roster-unknown",
      "a statement names a roster that is not in the account's chain",
    );
  }

  /**
   * A person's name as the newest roster that has them gives it, else their id.
   *
   * @param {string} person
   */
  nameOf(person) {
    const found = [...this.rosters].reverse().find((roster) => roster.members.has(person));
    return found?.members.get(person)?.name ?? person;
  }
}
