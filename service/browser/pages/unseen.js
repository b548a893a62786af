/** While someone reads: whether an outsider has seen the request's entry by now. */
import { before, onRequest } from "../acts/proving.js";
import { refreshed } from "../acts/requests.js";
import { ClientRefusal } from "../link/errors.js";
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
    const found = await looked(act, shown);
    if (found === null || busy()) return;
    if (!found.unseen) return say(found.warnings.join(" "));
  }
}

/**
 * What is known now; null where no answer came, or another question: a witness never keeps anyone
 * from an act, and the act asks again. Only an alarm of the log is thrown.
 * @param {"approve" | "release"} act
 * @param {import("../acts/requests.js").Shown} shown
 */
async function looked(act, shown) {
  try {
    return await before(act, await onRequest(act, await refreshed(shown)));
  } catch (refused) {
    if (refused instanceof ClientRefusal && refused.code.startsWith("log-")) throw refused;
    return null;
  }
}
