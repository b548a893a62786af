/** PBKDF2-HMAC-SHA-256 (RFC 8018), which recovery phrases and SLIP-0039 both use. */

/**
 * @param {Uint8Array} password
 * @param {Uint8Array} salt
 * @param {number} iterations
 * @param {number} length bytes out
 */
export async function pbkdf2(password, salt, iterations, length) {
  const [material, salted] = /** @type {BufferSource[]} */ ([password, salt]);
  const key = await crypto.subtle.importKey("raw", material, "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: salted, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 8 * length));
}
