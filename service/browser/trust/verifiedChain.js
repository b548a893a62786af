/** A verified chain of rosters, and what follows from who has signed which version of it. */

import { ClientRefusal } from "../link/errors.js";

/**
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {import("../domain/roster.js").Roster} Roster
 * @typedef {[version: number, digest: string]} Remembered the highest roster version seen here
 */

/**
 * An account's rosters from the first to the newest, every signature verified, the same versions as
 * signed, and the verified identities that came with them.
 */
export class VerifiedChain {
  /**
   * @param {readonly Roster[]} rosters
   * @param {readonly Statement[]} statements
   * @param {import("../domain/people.js").Identities} identities
   */
  constructor(rosters, statements, identities) {
    this.rosters = rosters;
    this.statements = statements;
    this.identities = identities;
    Object.freeze(this);
  }

  /** The roster that counts now. */
  get newest() {
    return this.rosters[this.rosters.length - 1];
  }

  /** What this person's browser keeps, to refuse anything older. @returns {Remembered} */
  get remembered() {
    return [this.newest.version, this.newest.digest];
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
   * The version that a request or a manifest names; refused: `roster-unknown`; `line-retired`: it
   * ends the line, so nothing may name it.
   *
   * @param {string} digest
   */
  named(digest) {
    const found = this.rosters.find((roster) => roster.digest === digest);
    if (found === undefined) {
      throw new ClientRefusal(
        "roster-unknown",
        "a statement names a roster that is not in the account's chain",
      );
    }
    if (!found.retired) return found;
    throw new ClientRefusal("line-retired", "a statement names the roster that ended the line");
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
