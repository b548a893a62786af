"""The secrets of a browser, for the hunt: each key that pages give to WebCrypto or get from it.

The page runs as it is, but that what it hands over is copied on the way. Public keys are left out,
and so is what is too short to be looked for: a secret of less than fifteen bytes is none.
"""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext

from tests.hunt.needles import SHORTEST

_BINDING = "keptByTheTest"
_SCRIPT = """
(() => {
  if (typeof SubtleCrypto === "undefined") return; // no page of a secure origin yet
  const subtle = SubtleCrypto.prototype;
  const { importKey, generateKey, exportKey } = subtle;
  const hex = (data) => {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  };
  const keep = (what, data) => { void window.keptByTheTest(what, hex(data)); };
  const named = (algorithm) => (typeof algorithm === "string" ? algorithm : algorithm.name);
  const curve = (name) => name === "X25519" || name === "Ed25519";
  subtle.importKey = function (format, data, algorithm, ...more) {
    const name = named(algorithm);
    if (format === "pkcs8") keep(name, new Uint8Array(data).slice(-32));
    else if (format === "raw" && !curve(name)) keep(name, data);
    return importKey.call(this, format, data, algorithm, ...more);
  };
  subtle.generateKey = async function (algorithm, extractable, usages) {
    const made = await generateKey.call(this, algorithm, true, usages);
    const pair = made.privateKey !== undefined;
    const format = pair ? "pkcs8" : "raw";
    const secret = pair ? made.privateKey : made;
    const data = await exportKey.call(this, format, secret);
    keep(named(algorithm), new Uint8Array(data).slice(-32));
    if (extractable) return made;
    const again = await importKey.call(this, format, data, algorithm, false, secret.usages);
    return pair ? { privateKey: again, publicKey: made.publicKey } : again;
  };
})();
"""


@dataclass
class Harvest:
    """What was copied in one context, by a name that says whose it is."""

    owner: str
    found: dict[str, bytes] = field(default_factory=dict)

    def over(self, context: BrowserContext) -> None:
        """Copy from all pages of this context, from their first line on."""
        context.expose_binding(_BINDING, self._keep)
        context.add_init_script(_SCRIPT)

    def _keep(self, _source: dict[str, Any], what: str, text: str) -> None:
        secret = bytes.fromhex(text)
        # HKDF without a salt has a key of zeros, which lie everywhere.
        if len(secret) >= SHORTEST and any(secret) and secret not in self.found.values():
            self.found[f"{self.owner}'s {len(self.found) + 1}. key, {what}"] = secret
