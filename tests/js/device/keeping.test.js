import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { b64encode, lp } from "../../../service/browser/crypto/encoding.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { randomUuid } from "../../../service/browser/crypto/randomness.js";
import { RecipientKey } from "../../../service/browser/crypto/recipient.js";
import { seal } from "../../../service/browser/crypto/seal.js";
import { sign } from "../../../service/browser/crypto/signing.js";
import { unseal } from "../../../service/browser/crypto/unseal.js";
import { configure } from "../../../service/browser/link/environment.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import * as keeping from "../../../service/browser/device/keeping.js";
import * as requestKeys from "../../../service/browser/device/requestKeys.js";
import { opens } from "../../../service/browser/shares/trial.js";
import { inMemory } from "./inMemory.js";

const START = new Date("2026-11-02T09:00:00Z");
const RITA = "33333333-3333-4333-8333-333333333333";
const STORES = ["requestKeys", "requests", "released"];
const refused = (code) => (error) => error instanceof ClientRefusal && error.code === code;

let memory;
beforeEach(() => {
  memory = inMemory();
  configure({ memory, storage: undefined });
});

const SLOTS = [
  { slot: "s", kind: "phrase", credential: "", wrapped_root: "w", salt: "t", iterations: 1, more: 2 },
  { slot: "o", kind: "sign-in-only", credential: "c", wrapped_root: "", salt: "", iterations: 0 },
];
const mine = (identity) => ({ root: identity.root, slots: SLOTS });

async function ask(identity, lifetime, at = START) {
  const request = randomUuid();
  const key = await requestKeys.make(RITA, request, mine(identity), opens);
  const fields = {
    request,
    account: "111122223333",
    requester: RITA,
    roster: "a".repeat(64),
    manifest: "b".repeat(64),
    recipient_key: b64encode(key),
    task: "billing",
    task_text: "",
    reason: "because",
    ticket: "",
    lifetime,
    window: 60,
    drill: false,
    offline: false,
    log_size: 0,
    log_root: "",
  };
  const statement = await sign("request", fields, { identity, at });
  await keeping.keepStatement(RITA, statement);
  return { request, statement, key };
}

const left = async () => Promise.all(STORES.map(async (store) => (await memory.keys(store)).length));

test("a request's key opens what is sealed to it, and nobody can export it", async () => {
  const request = randomUuid();
  const identity = await Identity.generate();
  const publicKey = await requestKeys.make(RITA, request, mine(identity), opens);
  const key = await requestKeys.open(RITA, request, identity.root);
  const info = new Uint8Array([1]);
  const sealed = await seal(publicKey, info, new Uint8Array([7]));
  assert.deepEqual([...(await unseal(key, info, sealed))], [7]);
  assert.equal(key.privateKey.extractable, false);
  for (const format of ["pkcs8", "jwk", "raw"]) {
    await assert.rejects(crypto.subtle.exportKey(format, key.privateKey));
  }
});

test("a key that the browser does not give back as it was is refused, and not left there", async () => {
  const honest = memory.get;
  const other = await RecipientKey.generate();
  const identity = await Identity.generate();
  const algorithm = { name: "AES-GCM", length: 256 };
  const outer = await crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]);
  const lies = [
    async () => undefined,
    async () => other,
    async (store, key) => ({ ...(await honest(store, key)), outer }),
    async (store, key) => ({ ...(await honest(store, key)), sealed: new Uint8Array(76) }),
    async (store, key) => ({ ...(await honest(store, key)), nonce: new Uint8Array(12) }),
    async (store, key) => ({ ...(await honest(store, key)), publicKey: other.publicKey }),
  ];
  for (const get of lies) {
    memory.get = get;
    const making = requestKeys.make(RITA, randomUuid(), mine(identity), opens);
    await assert.rejects(making, refused("key-not-kept"));
    assert.deepEqual(await left(), [0, 0, 0]);
  }
  memory.get = honest;
  const useless = requestKeys.make(RITA, randomUuid(), mine(identity), async () => false);
  await assert.rejects(useless, refused("key-not-kept"));
  assert.deepEqual(await left(), [0, 0, 0]);
});

test("what was kept is read back, and forgotten whole", async () => {
  const identity = await Identity.generate();
  const { request, statement } = await ask(identity, 60);
  const told = { id: request, state: "released" };
  await keeping.keepReleased(RITA, told);
  assert.deepEqual((await keeping.ownStatement(RITA, request)).raw, statement.raw);
  assert.deepEqual(await keeping.keptReleased(RITA, request), told);
  assert.equal(await requestKeys.here(RITA, request), true);
  await keeping.forget(RITA, request);
  assert.deepEqual(await left(), [0, 0, 0]);
  assert.equal(await requestKeys.here(RITA, request), false);
  await assert.rejects(keeping.ownStatement(RITA, request), refused("not-my-request"));
  await assert.rejects(requestKeys.load(RITA, request), refused("no-request-key"));
});

test("another person in this browser has neither key nor statement", async () => {
  const { request } = await ask(await Identity.generate(), 60);
  const other = randomUuid();
  await assert.rejects(requestKeys.load(other, request), refused("no-request-key"));
  await assert.rejects(keeping.ownStatement(other, request), refused("not-my-request"));
  assert.deepEqual(await keeping.keptRequests(other), []);
});

test("a damaged entry is no statement", async () => {
  const { request } = await ask(await Identity.generate(), 60);
  for (const damaged of [new Uint8Array([1, 2]), "text", null]) {
    await memory.put("requests", `${RITA}/${request}`, damaged);
    await assert.rejects(keeping.ownStatement(RITA, request), refused("not-my-request"));
  }
  assert.deepEqual(await keeping.keptRequests(RITA), []); // and it stops no sweep
});

test("what is no request's id is refused before it names anything", async () => {
  for (const id of ["../x", "x", "", "a".repeat(36), `${RITA}/`]) {
    await assert.rejects(keeping.ownStatement(RITA, id), refused("malformed"));
    await assert.rejects(requestKeys.load(RITA, id), refused("malformed"));
    const making = requestKeys.make(RITA, id, mine(await Identity.generate()), opens);
    await assert.rejects(making, refused("malformed"));
  }
});

test("what lies in the browser opens with the owner's root alone, and holds no usable key", async () => {
  const identity = await Identity.generate();
  const { request, key } = await ask(identity, 60);
  const kept = await memory.get("requestKeys", `${RITA}/${request}`);
  assert.deepEqual(Object.keys(kept).sort(), ["nonce", "outer", "publicKey", "sealed", "slots"]);
  assert.equal(kept.outer.extractable, false);
  assert.equal(kept.outer.type, "secret");
  assert.deepEqual(kept.slots, [
    { slot: "s", kind: "phrase", credential: "", wrapped_root: "w", salt: "t", iterations: 1 },
  ]);
  // With the key of this browser there is still the root's wrapping inside, bound to its place.
  const bound = { name: "AES-GCM", iv: kept.nonce, tagLength: 128 };
  bound.additionalData = lp("bg1 request key here", RITA, request);
  const inside = new Uint8Array(await crypto.subtle.decrypt(bound, kept.outer, kept.sealed));
  assert.equal(inside.length, 60);
  assert.deepEqual([...(await requestKeys.open(RITA, request, identity.root)).publicKey], [...key]);
  const other = await Identity.generate();
  const opening = requestKeys.open(RITA, request, other.root);
  await assert.rejects(opening, refused("request-key-locked"));
});

test("the requests whose keys are here are found, and that a release was signed is noted", async () => {
  const identity = await Identity.generate();
  const { request, statement } = await ask(identity, 60);
  assert.deepEqual((await keeping.keptRequests(RITA)).map(({ raw }) => raw), [statement.raw]);
  assert.equal(await keeping.wasReleasing(RITA, request), false);
  await keeping.noteReleasing(RITA, request);
  assert.equal(await keeping.wasReleasing(RITA, request), true);
  assert.equal(await keeping.keptReleased(RITA, request), null);
  const told = { id: request, state: "released" };
  await keeping.keepReleased(RITA, told);
  await keeping.noteReleasing(RITA, request); // a second try takes nothing away
  assert.deepEqual(await keeping.keptReleased(RITA, request), told);
  await keeping.forget(RITA, request);
  assert.deepEqual(await left(), [0, 0, 0]);
});

test("a browser that does not promise to keep anything is told", async () => {
  const asked = [];
  const persist = (answer) => ({ persist: async () => asked.push(answer) && answer });
  configure({ storage: persist(true) });
  assert.equal(await requestKeys.askToPersist(), "");
  configure({ storage: persist(false) });
  assert.match(await requestKeys.askToPersist(), /does not promise/);
  assert.deepEqual(asked, [true, false]);
  for (const storage of [undefined, {}, { persist: async () => Promise.reject(new Error("no")) }]) {
    configure({ storage });
    assert.match(await requestKeys.askToPersist(), /does not promise/);
  }
});
