/** What the pages of the log have in common: findings in words, and texts to take away. */
import { byId, element, oneLine, say, text } from "./dom.js";

/**
 * Says what was found.
 * @param {string} id
 * @param {import("../words/log.js").Said} said
 * @returns {void}
 */
export function tell(id, { text: words, tone }) {
  const place = byId(id);
  text(place, oneLine(words));
  place.className = `finding ${tone}`;
}

/**
 * Lists hashes; none is said in words.
 * @param {string} id
 * @param {readonly string[]} hashes base64
 * @returns {void}
 */
export function listHashes(id, hashes) {
  const shown = hashes.length ? hashes : ["no hashes are needed"];
  byId(id).replaceChildren(...shown.map((hash) => element("li", {}, hash)));
}

/**
 * Lets a button save a text as a file, exactly as it was verified.
 * @param {string} id
 * @param {string} name
 * @param {() => string | Uint8Array} content
 * @returns {void}
 */
export function saves(id, name, content) {
  byId(id).addEventListener("click", () => {
    const parts = /** @type {BlobPart[]} */ ([content()]);
    const url = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
    const link = /** @type {HTMLAnchorElement} */ (element("a", { href: url, download: name }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // a browser may ask where to save it first
  });
}

/**
 * Lets a button copy a text.
 * @param {string} id
 * @param {() => string} content
 * @returns {void}
 */
export function copies(id, content) {
  byId(id).addEventListener("click", () => {
    navigator.clipboard.writeText(content()).then(
      () => say("Copied."),
      () => say("The browser did not let this page copy: mark it and copy it by hand."),
    );
  });
}
