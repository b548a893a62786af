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
