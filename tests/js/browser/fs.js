/** Reads files of the project from the server of these tests, at once, as `node:fs` would. */

/** @param {string | URL} place @param {unknown} [coding] @returns {string | Uint8Array} */
export function readFileSync(place, coding) {
  const call = new XMLHttpRequest();
  call.open("GET", String(place), false);
  call.overrideMimeType("text/plain; charset=x-user-defined");
  call.send();
  if (call.status !== 200) throw new Error(`${place}: status ${call.status}`);
  const bytes = Uint8Array.from(call.responseText, (one) => one.charCodeAt(0) & 0xff);
  return coding === undefined ? bytes : new TextDecoder().decode(bytes);
}

/** @param {string | URL} place @returns {boolean} */
export function existsSync(place) {
  const call = new XMLHttpRequest();
  call.open("HEAD", String(place), false);
  call.send();
  return call.status === 200;
}

/** Names of files in a folder. @param {string | URL} place @returns {string[]} */
export function readdirSync(place) {
  const folder = String(place).endsWith("/") ? String(place) : `${place}/`;
  return JSON.parse(String(readFileSync(`${folder}?list`, "utf8")));
}

export default { readFileSync, existsSync, readdirSync };
