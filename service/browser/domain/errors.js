/** What the rules refuse: the same codes as `service/domain/errors`. */

/** @type {Record<string, string>} what is said when nothing more exact is */
const SENTENCES = {
  "both-groups": "no one may be in both groups",
  threshold: "a group needs 1 to 16 members and a threshold from 1 to the number of its members",
  "requester-is-custodian": "a custodian cannot be a requester of the same account",
  "identity-missing": "a person's identity is missing; enrol them, or draft the roster again",
  "duplicate-person": "no key and no name may appear twice",
  "people-mismatch":
    "the people listed must be exactly those the roster names, with their enrolled keys",
  policy: "the policy does not permit this",
  "too-few-signers": "the roster is missing required signatures",
  "not-awaited": "this draft does not need your signature",
  "wrong-account": "the statement names another account",
  "wrong-version": "the version does not follow the newest one",
  "line-retired": "this line of the account is retired: nothing new is taken in it",
  "retiring-changes": "a roster that retires its line changes nothing else of who counts",
  "stale-roster": "the request names another roster",
  "wrong-envelope": "the statement names another envelope",
};

/** A rule says no. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} [message]
   */
  constructor(code, message = SENTENCES[code]) {
    super(message);
    this.name = "Refusal";
    this.code = code;
  }
}
