/** What a browser believes of witnesses, keeps, and says a day later. */

import { openCheckpoint } from "../../../service/browser/crypto/checkpoint.js";
import { NoteVerifier } from "../../../service/browser/crypto/note.js";
import { unseenEntries } from "../../../service/browser/device/unseen.js";
import { configure } from "../../../service/browser/link/environment.js";
import { isUnseen, lookFor } from "../../../service/browser/log/outsiders.js";
import { seenIn, witnessed } from "../../../service/browser/trust/outsiders.js";
import { inMemory } from "../device/inMemory.js";

const HOUR = 3_600_000; // ms
const WHILE = [23, 24, 90 * 24]; // hours since an entry was relied on

export const OUTSIDERS = {
  /** How many entries as many of the witnesses as are wanted have seen. */
  async witnessed({ log, key, outsiders }) {
    const verifier = await NoteVerifier.fromVkey(key);
    const newest = await openCheckpoint(log.checkpoint, verifier);
    return witnessed(await seenIn(log, newest, verifier), outsiders);
  },

  /**
   * Which of the log's entries were not seen, by their place; how many of them are said with an
   * answer that brings no more, by the time; how many are kept in the end.
   */
  async unseen({ log, key, outsiders: { keys, wanted } }) {
    let own = new Date("2026-11-02T09:00:00Z");
    configure({
      memory: inMemory(),
      now: () => own,
      fetch: async () => new Response("{}", { status: 503 }),
    });
    const verifier = await NoteVerifier.fromVkey(key);
    const checkpoint = await openCheckpoint(log.checkpoint, verifier);
    const logs = [{ checkpoint: null, shown: null }, { checkpoint, shown: log, verifierKey: key }];
    const places = [];
    for (let place = 0; place < 9; place += 1) {
      const roster = { witnesses: keys, cosignedBy: wanted };
      if (await isUnseen(logs, roster, { place, request: "r" })) places.push(place);
    }
    const said = [];
    const begin = own.getTime();
    for (const hours of WHILE) {
      own = new Date(begin + hours * HOUR);
      said.push((await lookFor(log, checkpoint, verifier)).length);
    }
    return [places, said, (await unseenEntries()).length];
  },

  /** What is said of one entry by what the service says of its witness, and once it was seen. */
  async said({ log, later, key, outsiders: { keys, wanted }, witnesses }) {
    let own = new Date("2026-11-02T09:00:00Z");
    const answer = () => Response.json({ witnesses });
    configure({ memory: inMemory(), now: () => own, fetch: async () => answer() });
    const verifier = await NoteVerifier.fromVkey(key);
    const checkpoint = await openCheckpoint(log.checkpoint, verifier);
    const roster = { witnesses: keys, cosignedBy: wanted };
    await isUnseen([{ checkpoint, shown: log, verifierKey: key }], roster, { place: 8, request: "r" });
    own = new Date(own.getTime() + 25 * HOUR);
    const [late] = await lookFor(log, checkpoint, verifier);
    const then = await lookFor(later, await openCheckpoint(later.checkpoint, verifier), verifier);
    return [late.includes("do not answer"), then.length, (await unseenEntries()).length];
  },
};
