/** The sentences about the log: exactly what was verified, and by whom it is so. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  entryWords,
  headWords,
  keptWords,
  witnessWords,
} from "../../../service/browser/words/log.js";

const word = (name, size, more = {}) => ({
  key: name,
  name,
  state: "cosigning",
  size,
  at: 1_795_426_200,
  compared: false,
  ...more,
});
const heard = (...words) => ({ words, missing: [] });
const own = { compared: true };

describe("an entry", () => {
  const said = (found) => entryWords(120, 1204, found).text.replace("Verified on this device: ", "");
  const stands = "entry 120 stands in the log of 1,204 entries that the service has signed";

  it("says nothing of witnesses where there are none", () => {
    assert.equal(said(heard()), `${stands}.`);
  });

  it("names who has cosigned, and whose word that is", () => {
    assert.equal(
      said(heard(word("a", 1204))),
      `${stands}, and that the witness a (named by the service) has cosigned.`,
    );
    assert.equal(
      said(heard(word("a", 1204, own), word("b", 1204, own))),
      `${stands}, and that the witnesses a and b, whose keys were compared here, have cosigned.`,
    );
  });

  it("says how far they have, and counts none that has not reached the entry", () => {
    assert.equal(
      said(heard(word("a", 800, own), word("b", 1204), word("c", 120))),
      `${stands}; the witnesses a and b (1 key was compared here, the rest is named by the service) ` +
        "have cosigned its first 800 entries, this one among them.",
    );
    assert.equal(said(heard(word("c", 120))), `${stands}. No witness has cosigned it yet.`);
  });
});

describe("the log in a few words", () => {
  const said = (size, found) => headWords(size, found);

  it("is short", () => {
    assert.deepEqual(said(1204, heard()), { text: "log verified to entry 1,203", tone: "good" });
    assert.equal(said(0, heard()).text, "the log is empty");
    assert.equal(
      said(1204, heard(word("a", 1204, own), word("b", 1204, own))).text,
      "log verified to entry 1,203 · 2 witnesses",
    );
    assert.equal(
      said(1204, heard(word("a", 1200), word("b", 1204))).text,
      "log verified to entry 1,203 · 2 witnesses named by the service to entry 1,199",
    );
  });

  it("says who is silent, refuses, has said nothing, or is left out", () => {
    const silent = said(9, heard(word("a", 5, { state: "silent" }), word("b", 9)));
    assert.match(silent.text, / · a is silent$/);
    assert.equal(silent.tone, "late");
    const refuses = said(9, heard(word("a", 0, { state: "refuses" })));
    assert.equal(refuses.text, "log verified to entry 8 · no witness has cosigned it yet · a refuses this log");
    assert.equal(refuses.tone, "wrong");
    const missing = said(9, { words: [], missing: ["a", "b"] });
    assert.match(missing.text, / · a and b, compared here, are not named any more$/);
    assert.equal(missing.tone, "wrong");
  });
});

describe("a witness", () => {
  it("is said with its time and with whose word its key is", () => {
    assert.equal(
      witnessWords(word("a", 1)),
      "cosigned the first 1 entry at 2026-11-23 09:30 UTC by its clock: verified here; named by the service",
    );
    assert.equal(witnessWords(word("a", 0, own)), "has cosigned nothing yet; its key was compared here");
  });
});

describe("what was kept", () => {
  it("is a beginning, all of it, or nothing yet", () => {
    assert.equal(
      keptWords(812, 1204, 1),
      "Your kept checkpoint of 812 entries is the beginning of this log: nothing before it was changed, and 392 entries came after it.",
    );
    assert.equal(
      keptWords(1204, 1204, 1),
      "Your kept checkpoint of 1,204 entries is this log as it is now: nothing of it was changed.",
    );
    assert.match(keptWords(0, 7, 1), /proves nothing/);
    assert.match(keptWords(6, 7, 3), /^The newest of your 3 .* All the others are beginnings of it, too\.$/);
  });
});
