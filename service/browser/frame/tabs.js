/** What the tabs of one browser tell each other: who signed in, or that somebody signed out. */

const NAME = "breakglass session";

/** Tells the other tabs, and not this one. @param {string} person "": nobody any more
 * @returns {void} */
export function tellTabs(person) {
  const channel = new BroadcastChannel(NAME);
  channel.postMessage(person);
  channel.close();
}

/** @param {(person: string) => void} heard "": nobody is signed in any more @returns {void} */
export function hearTabs(heard) {
  new BroadcastChannel(NAME).addEventListener("message", ({ data }) => heard(String(data)));
}
