import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { configure } from "../../../service/browser/link/environment.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import * as kept from "../../../service/browser/device/memory.js";
import * as notes from "../../../service/browser/device/notes.js";
import { inMemory } from "./inMemory.js";

const memory = { ...kept, ...notes };
const ANN = "11111111-1111-4111-8111-111111111111";
const BO = "22222222-2222-4222-8222-222222222222";
const ACCOUNT = "111122223333";
const [A, B] = ["a".repeat(64), "b".repeat(64)];
const refused = (code) => (error) => error instanceof ClientRefusal && error.code === code;

beforeEach(() => configure({ memory: inMemory() }));

test("a roster that was seen is the least that is accepted afterwards", async () => {
  assert.equal(await memory.seenRoster(ANN, ACCOUNT), null);
  await memory.rememberRoster(ANN, ACCOUNT, 2, A);
  await memory.rememberRoster(ANN, ACCOUNT, 2, A);
  for (const [version, digest] of [
    [1, A],
    [2, B],
  ]) {
    const again = memory.rememberRoster(ANN, ACCOUNT, version, digest);
    await assert.rejects(again, refused("roster-rewound"));
  }
  assert.deepEqual(await memory.seenRoster(ANN, ACCOUNT), [2, A]);
  await memory.rememberRoster(ANN, ACCOUNT, 3, B);
  assert.deepEqual(await memory.seenRoster(ANN, ACCOUNT), [3, B]);
});

test("a chain's newest version is remembered, and never less than before", async () => {
  const chain = (version, digest) => ({
    newest: { account: ACCOUNT },
    remembered: [version, digest],
  });
  await memory.rememberChain(ANN, chain(2, A));
  await memory.rememberChain(ANN, chain(1, B)); // another tab has seen a newer one meanwhile
  assert.deepEqual(await memory.seenRoster(ANN, ACCOUNT), [2, A]);
  await assert.rejects(memory.rememberChain(ANN, chain(2, B)), refused("roster-rewound"));
});

test("several people in one browser do not mix", async () => {
  await memory.rememberRoster(ANN, ACCOUNT, 2, A);
  await memory.rememberCompared(ANN, ACCOUNT, A);
  await memory.rememberFingerprint(ANN, A);
  await memory.rememberGone(ANN, { id: "r", manifest: B, reason: "because" });
  assert.equal(await memory.seenRoster(BO, ACCOUNT), null);
  assert.equal(await memory.comparedByVoice(BO, ACCOUNT, [A]), false);
  assert.equal(await memory.fingerprint(BO), null);
  assert.deepEqual(await memory.goneOn(BO, B), []);
  assert.deepEqual(await memory.goneOn(ANN, B), [{ request: "r", reason: "because" }]);
  assert.deepEqual(await memory.goneOn(ANN, A), []);
});

test("what was compared by voice is one of the chain's, or it does not count", async () => {
  await memory.rememberRoster(ANN, ACCOUNT, 2, B);
  assert.equal(await memory.comparedByVoice(ANN, ACCOUNT, [A, B]), false);
  await memory.rememberCompared(ANN, ACCOUNT, A);
  await memory.rememberCompared(ANN, ACCOUNT, A);
  assert.deepEqual([...(await memory.comparedDigests(ANN, ACCOUNT))], [A]);
  assert.equal(await memory.comparedByVoice(ANN, ACCOUNT, [B, A]), true);
  assert.equal(await memory.comparedByVoice(ANN, ACCOUNT, [B]), false);
  assert.equal(await memory.comparedByVoice(ANN, "999988887777", [A]), false);
});

test("the log's head is one for the browser, and a fingerprint can be forgotten", async () => {
  assert.equal(await memory.seenLog(), null);
  await memory.rememberLog({ verifierKey: "k", checkpoint: "c" });
  assert.deepEqual(await memory.seenLog(), { verifierKey: "k", checkpoint: "c" });
  await memory.rememberFingerprint(ANN, A);
  assert.equal(await memory.fingerprint(ANN), A);
  await memory.forgetFingerprint(ANN);
  assert.equal(await memory.fingerprint(ANN), null);
});
