/** What people type for an account, read as what it stands for. Twin of `service/domain/typed.py`. */

// The blanks of Python's `str`, written out: those of a browser are others.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BETWEEN = `[${BLANK}.\\-\\u2010-\\u2015\\u2212]`;
const LINE = `(?:[${BLANK}]*\\.[${BLANK}]*([2-9]|[1-9][0-9]{1,2}))?`;
const ACCOUNT = new RegExp(`^[${BLANK}]*([0-9](?:${BETWEEN}*[0-9]){11})${LINE}[${BLANK}]*$`);

/**
 * The id of the account, or of the line of it, that digits in any grouping mean; empty if none.
 *
 * @param {string} text
 */
export function accountId(text) {
  const found = ACCOUNT.exec(text);
  if (!found) return "";
  const digits = found[1].replace(/[^0-9]/g, "");
  return found[2] ? `${digits}.${found[2]}` : digits;
}
