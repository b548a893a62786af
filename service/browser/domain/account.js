/**
 * An account's id: twelve digits, and for a further line a point and its number. Twin of
 * `service/domain/lines.py`.
 */

/**
 * What AWS calls the account: whatever is compared with AWS is compared with this.
 *
 * @param {string} account
 */
export function awsAccount(account) {
  return account.split(".", 1)[0];
}

/**
 * The number of a line; twelve digits alone are the first.
 *
 * @param {string} account
 */
export function lineNumber(account) {
  return Number(account.split(".")[1] ?? "1");
}
