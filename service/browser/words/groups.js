/** The two groups in words. Pure; the names are those of `service/domain/words.py`. */

/** @typedef {import("../domain/people.js").GroupName} GroupName */

/** What each group keeps. @type {Readonly<Record<GroupName, string>>} */
export const GROUP_WORDS = Object.freeze({ password: "password", mfa: "MFA" });

/**
 * `password group` or `MFA group`.
 *
 * @param {GroupName} group
 */
export function groupName(group) {
  return `${GROUP_WORDS[group]} group`;
}

/**
 * How many of each group it takes: `2 of the password group and 1 of the MFA group`.
 *
 * @param {Readonly<Record<GroupName, number>>} needed
 */
export function neededOfEach({ password, mfa }) {
  return `${password} of the ${groupName("password")} and ${mfa} of the ${groupName("mfa")}`;
}
