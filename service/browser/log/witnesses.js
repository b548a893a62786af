/**
 * What witnesses have said of the log, verified here: each one's signature under a checkpoint that
 * the log signed and that the log has continued since. Who they are is the service's word, until
 * somebody here has compared their keys with whoever runs them.
 */

import { WitnessVerifier, cosignedAt } from "../crypto/cosignature.js";
import { openRemembered, parsedKey } from "../trust/growth.js";
import { get } from "../link/api.js";
import { ClientRefusal } from "../link/errors.js";
import { headAfter, refusedAs } from "./head.js";
import { openMemory } from "../device/memory.js";
import { seenLog } from "../device/notes.js";

/**
 * @typedef {object} Word what one witness stands for
 * @property {string} key its verifier key
 * @property {string} name
 * @property {"cosigning" | "waiting" | "silent" | "refuses"} state the service's word on it
 * @property {number} size how many entries it has cosigned, 0 if none
 * @property {number} at when, in seconds since 1970 by its clock
 * @property {boolean} compared somebody compared its key in this browser
 * @typedef {object} Heard
 * @property {Word[]} words of the witnesses that the service names
 * @property {string[]} missing names of those that were compared here, and are not named any more
 */

const COMPARED = "witnesses";

/**
 * Ask for what witnesses have cosigned, and verify it. Refused: as `headAfter`;
 * `cosignature-forged`: a line under a witness's name and key id is not the witness's;
 * `log-not-signed`; `server-answer`.
 *
 * @returns {Promise<Heard>}
 */
export async function heardWitnesses() {
  const { witnesses } = await get("/witnesses");
  const compared = await comparedWitnesses();
  /** @type {Set<string>} */
  const continued = new Set();
  const words = [];
  for (const one of witnesses) words.push(await wordOf(one, compared, continued));
  if (new Set(words.map(({ key }) => key)).size !== words.length) {
    throw new ClientRefusal("server-answer", "the service names one witness twice");
  }
  const named = new Set(words.map(({ key }) => key));
  const missing = compared.filter((key) => !named.has(key)).map((key) => key.split("+")[0]);
  return { words, missing };
}

/**
 * @param {any} shown
 * @param {string[]} compared
 * @param {Set<string>} continued texts of checkpoints that are known to be beginnings of the log
 * @returns {Promise<Word>}
 */
async function wordOf({ key, state, note }, compared, continued) {
  const witness = await refusedAs(
    WitnessVerifier.fromVkey(key),
    "server-answer",
    "a witness's key",
  );
  const word = { key, name: witness.name, state, size: 0, at: 0, compared: compared.includes(key) };
  if (!note) return word;
  const seen = await seenLog();
  const checkpoint = await openRemembered(note, await parsedKey(seen?.verifierKey ?? ""));
  const what = `what is shown as the word of the witness ${witness.name}`;
  const at = await refusedAs(cosignedAt(note, witness), "cosignature-forged", what);
  if (at === null) throw new ClientRefusal("cosignature-forged", `${what} is not its word`);
  if (!continued.has(checkpoint.text)) {
    await headAfter(checkpoint, `the log that the witness ${witness.name} has cosigned`);
    continued.add(checkpoint.text);
  }
  return { ...word, size: checkpoint.size, at };
}

/**
 * The verifier keys of witnesses that somebody has compared in this browser.
 *
 * @returns {Promise<string[]>}
 */
export async function comparedWitnesses() {
  return (await openMemory().get("checkpoint", COMPARED)) ?? [];
}

/**
 * Remember that a witness's key is the one in somebody's own notes. Refused: `malformed`: it is no
 * key of a witness; `other-witness`: it is none of those that the service names.
 *
 * @param {string} given
 * @param {readonly Word[]} words
 * @returns {Promise<Word>}
 */
export async function compareWitness(given, words) {
  const key = given.trim();
  await WitnessVerifier.fromVkey(key).catch(() => {
    throw new ClientRefusal(
      "malformed",
      "that is no verifier key of a witness",
      "it is one line: a name, a plus sign, 8 letters and digits, a plus sign, and more of them",
    );
  });
  const named = words.find((word) => word.key === key);
  if (!named) {
    throw new ClientRefusal(
      "other-witness",
      "the service names no witness with this key, so nothing was verified with it",
      "ask the operator why; if it was named before, tell the auditor",
    );
  }
  await openMemory().update("checkpoint", COMPARED, (keys = []) =>
    keys.includes(key) ? keys : [...keys, key].sort(),
  );
  return { ...named, compared: true };
}

/**
 * Forget a comparison: who runs the witness has ended it, or its key was exchanged.
 *
 * @param {string} name
 */
export async function forgetWitness(name) {
  await openMemory().update("checkpoint", COMPARED, (/** @type {string[]} */ keys = []) =>
    keys.filter((key) => key.split("+")[0] !== name),
  );
}
