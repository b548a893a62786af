/**
 * How an act fails. Codes are stable and the same as the command line's; messages are for people.
 * No message contains a phrase, a key, a share or a password.
 */

/** This device says no; `hint` says what to do about it, or is empty. */
export class ClientRefusal extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} [hint]
   */
  constructor(code, message, hint = "") {
    super(message);
    this.name = "ClientRefusal";
    this.code = code;
    this.hint = hint;
  }
}

/** Codes after which nothing that the service shows is to be believed. */
export const ALARMS = new Set([
  "log-forked",
  "log-rewound",
  "log-key-changed",
  "log-not-signed",
  "log-receipt-forged",
  "log-receipt-wrong-leaf",
  "cosignature-forged",
]);

/**
 * An older copy of the log was restored, and an entry of the log says so and what is given up: a
 * person accepts that, or nothing is done here. `accepted` is what this browser then goes by.
 */
export class EpochBegan extends ClientRefusal {
  /**
   * @param {string} message what was given up, by whom, and why
   * @param {{seen: import("../device/notes.js").SeenLog, log: import("../device/notes.js").SeenLog,
   *   began: import("../device/notes.js").KnownEpoch[]}} accepted
   */
  constructor(message, accepted) {
    super(
      "log-epoch-began",
      message,
      "entries that you saw may be gone: approvals, denials, releases; ask the operator what " +
        "happened, over a channel that you trust, and tell the auditor; only then go on",
    );
    this.accepted = accepted;
  }
}

/**
 * Something is not known that an act relies on: anyone who has read the sentence may press a second
 * time. `press` notes that; the same question is not asked again on this page.
 */
export class SecondPress extends ClientRefusal {
  /**
   * @param {string} code
   * @param {string} sentence
   * @param {{hint?: string, press: () => void}} given
   */
  constructor(code, sentence, { hint = "", press }) {
    super(code, sentence, hint);
    this.press = press;
  }
}

/**
 * This browser knows other keys of mine. Harmless if I enrolled anew, and then only; else somebody
 * exchanged my keys. So only I can say which it is.
 */
export class OtherKeys extends ClientRefusal {
  /** @param {string} message */
  constructor(message) {
    super(
      "other-identity",
      message,
      "nothing was signed; if you enrolled anew since, say so below; if you did not, somebody " +
        "exchanged your keys: do nothing here, and call the others",
    );
  }
}

/** The service says no, in a problem document. */
export class ApiRefusal extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status of HTTP
   */
  constructor(code, message, status) {
    super(message);
    this.name = "ApiRefusal";
    this.code = code;
    this.status = status;
  }
}

/** No answer came: nobody knows whether it arrived. `again` sends the very same bytes. */
export class Unreachable extends Error {
  /** @param {() => Promise<any>} again */
  constructor(again) {
    super("the service does not answer");
    this.name = "Unreachable";
    this.again = again;
  }
}
