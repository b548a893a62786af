/** What this browser lacks. WebCrypto may know one curve and not the other: each is tried. */

/** Which browsers have all of it. */
export const ADVICE =
  "Use a current browser: Chrome or Edge 137 and later, Firefox 130 and later, " +
  "Safari 17 and later (also on iPhone and iPad).";

/**
 * Name what is missing; empty if nothing is. Without passkeys a recovery phrase still works.
 *
 * @returns {Promise<string[]>} among `X25519`, `Ed25519`, `passkeys`, `storage`, `HTTPS`
 */
export async function missing() {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return ["HTTPS"]; // WebCrypto is there in secure contexts only
  const lacking = [];
  if (!(await knows("X25519", ["deriveBits"]))) lacking.push("X25519");
  if (!(await knows("Ed25519", ["sign", "verify"]))) lacking.push("Ed25519");
  if (!globalThis.PublicKeyCredential) lacking.push("passkeys");
  if (!globalThis.indexedDB) lacking.push("storage");
  return lacking;
}

/**
 * @param {string} name
 * @param {KeyUsage[]} usages
 */
async function knows(name, usages) {
  try {
    await globalThis.crypto.subtle.generateKey({ name }, false, usages);
    return true;
  } catch {
    return false;
  }
}
