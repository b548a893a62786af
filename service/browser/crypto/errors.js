/**
 * What the formats and primitives can refuse. Messages are for people and hold nothing of the
 * input: what was refused may itself be a secret.
 */

/** Base of every refusal of these modules. */
export class CryptoError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}

/** Not well-formed: the bytes or fields are none that this project writes. */
export class MalformedError extends CryptoError {}

/** A suite that this release does not have. */
export class UnknownSuiteError extends MalformedError {
  constructor() {
    super("an unknown suite: a newer release is needed");
  }
}

/** Well-formed, but it does not verify, decrypt or match what it claims to match. */
export class VerificationError extends CryptoError {}

/** A group has fewer shares than its threshold. */
export class NotEnoughSharesError extends CryptoError {}
