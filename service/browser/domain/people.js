/** Groups, and people as a roster names them. */

/**
 * @typedef {"password" | "mfa"} GroupName
 * @typedef {{person: string, encryptionKey: Uint8Array, signingKey: Uint8Array}} IdentityKeys what
 *   a verified identity says: whose it is, and their two keys
 * @typedef {ReadonlyMap<string, IdentityKeys>} Identities by the digest of the identity
 * @typedef {{person: string, name: string, identity: string, encryptionKey: Uint8Array,
 *   signingKey: Uint8Array}} Member a roster names a person by the digest of their identity, which
 *   brings the keys
 */

/** The two groups of an account, in SLIP-39's order. @type {readonly GroupName[]} */
export const GROUPS = Object.freeze(["password", "mfa"]);

/**
 * Whether both are named by exactly the same identity, and so with the same keys.
 *
 * @param {Member} member
 * @param {Member | undefined} other
 */
export function sameIdentity(member, other) {
  return other !== undefined && member.identity === other.identity;
}
