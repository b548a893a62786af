/** What is believed of a log that is looked into, by a browser that remembers some head of it. */

import { openCheckpoint } from "../../../service/browser/crypto/checkpoint.js";
import { NoteVerifier } from "../../../service/browser/crypto/note.js";
import { provenEntry } from "../../../service/browser/log/entryProof.js";
import { configure } from "../../../service/browser/link/environment.js";
import { checkpointsIn } from "../../../service/browser/log/keptCheckpoints.js";
import { headAfter } from "../../../service/browser/log/head.js";
import { heardWitnesses } from "../../../service/browser/log/witnesses.js";
import { inMemory } from "../device/inMemory.js";

/** A browser that remembers, at a service that answers this and nothing else. */
async function seated({ answers, seen, compared }) {
  const memory = inMemory();
  await memory.put("checkpoint", "log", seen);
  await memory.put("checkpoint", "witnesses", compared);
  const fetch = async (url) => {
    const answer = answers[url.replace("/api/v1", "")];
    if (answer === undefined) throw new Error(`nothing is known at ${url}`);
    return new Response(JSON.stringify(answer), { headers: { "Content-Type": "application/json" } });
  };
  configure({ memory, fetch, locks: undefined });
  return NoteVerifier.fromVkey(seen.verifierKey);
}

export const LOOKING = {
  async provenEntry(given) {
    await seated(given);
    const { hash, size, head } = await provenEntry(given.seq);
    return { hash, size, head: head.checkpoint.size };
  },

  async headAfter(given) {
    const old = await openCheckpoint(given.note, await seated(given));
    const { checkpoint, proof } = await headAfter(old, "the checkpoint that you kept");
    return [checkpoint.size, proof.length];
  },

  async refusedWith(given) {
    const old = await openCheckpoint(given.note, await seated(given));
    const { message } = await headAfter(old, "the checkpoint that you kept").catch((error) => error);
    const [what, owned] = message.split("; it has an entry that says it gave up some");
    return [what, owned !== undefined];
  },

  async checkpointsIn(given) {
    return (await checkpointsIn(given.text, await seated(given))).map(({ size }) => size);
  },

  async heardWitnesses(given) {
    await seated(given);
    const { words, missing } = await heardWitnesses();
    const told = words.map(({ name, state, size, at, compared }) => [name, state, size, at, compared]);
    return { words: told, missing };
  },
};
