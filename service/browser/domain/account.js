/**
 * An account's id: twelve digits, and for a further line a point and its number. Twin of the
 * function of the same name in `service/domain`.
 */

/**
 * What AWS calls the account: whatever is compared with AWS is compared with this.
 *
 * @param {string} account
 */
export function awsAccount(account) {
  return account.slice(0, 12);
}
