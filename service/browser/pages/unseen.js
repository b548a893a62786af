/** While someone reads: whether an outsider has seen the request's entry by now. */
import { before, onRequest } from "../acts/proving.js";
import { refreshed } from "../acts/requests.js";
import { busy } from "./act.js";
import { byId, say } from "./dom.js";

const AGAIN_AFTER = [3_000, 7_000]; // milliseconds: three and ten seconds after the first look

/**
 * Looks twice more, and takes the sentence back once enough witnesses have seen it. An act that
 * begins meanwhile looks itself.
 * @param {"approve" | "release"} act
 * @param {import("../acts/requests.js").Shown} shown
 * @returns {Promise<void>}
 */
export async function lookAgain(act, shown) {
  const said = byId("status").textContent;
  for (const wait of AGAIN_AFTER) {
    await new Promise((done) => setTimeout(done, wait));
    if (busy() || byId("status").textContent !== said) return;
    const { unseen, warnings } = await before(act, await onRequest(act, await refreshed(shown)));
    if (busy()) return;
    if (!unseen) return say(warnings.join(" "));
  }
}
