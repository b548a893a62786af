import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { b64encode } from "../../../service/browser/crypto/encoding.js";
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
const minutes = (count) => new Date(START.getTime() + count * 60_000);

let memory;
beforeEach(() => {
  memory = inMemory();
  configure({ memory, storage: undefined });
});

async function ask(identity, lifetime) {
  const request = randomUuid();
  const key = await requestKeys.make(RITA, request, opens);
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
  const statement = await sign("request", fields, { identity, at: START });
  await keeping.keepStatement(RITA, statement);
  return { request, statement, key };
}

const left = async () => Promise.all(STORES.map(async (store) => (await memory.keys(store)).length));

test("a request's key opens what is sealed to it, and nobody can export it", async () => {
  const request = randomUuid();
  const publicKey = await requestKeys.make(RITA, request, opens);
  const key = await requestKeys.load(RITA, request);
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
  const lies = [
    async () => undefined,
    async () => other,
    async (store, key) => ({ ...(await honest(store, key)), privateKey: other.privateKey }),
    async (store, key) => ({ ...(await honest(store, key)), publicKey: other.publicKey }),
  ];
  for (const get of lies) {
    memory.get = get;
    await assert.rejects(requestKeys.make(RITA, randomUuid(), opens), refused("key-not-kept"));
    assert.deepEqual(await left(), [0, 0, 0]);
  }
});

test("what was kept is read back, and forgotten whole", async () => {
  const identity = await Identity.generate();
  const { request, statement } = await ask(identity, 60);
  const told = { id: request, state: "released" };
  await keeping.keepReleased(RITA, told);
  assert.deepEqual((await keeping.ownStatement(RITA, request)).raw, statement.raw);
  assert.deepEqual(await keeping.keptReleased(RITA, request), told);
  assert.equal(await requestKeys.here(RITA, request), true);
  await keeping.forgetReleased(RITA, request);
  assert.deepEqual(await left(), [1, 1, 0]);
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
  await keeping.sweep(other, minutes(600));
  assert.deepEqual(await left(), [1, 1, 0]);
});

test("a damaged entry is no statement", async () => {
  const { request } = await ask(await Identity.generate(), 60);
  for (const damaged of [new Uint8Array([1, 2]), "text", null]) {
    await memory.put("requests", `${RITA}/${request}`, damaged);
    await assert.rejects(keeping.ownStatement(RITA, request), refused("not-my-request"));
  }
  await keeping.sweep(RITA, minutes(600)); // and it does not stop the sweep
});

test("what is no request's id is refused before it names anything", async () => {
  for (const id of ["../x", "x", "", "a".repeat(36), `${RITA}/`]) {
    await assert.rejects(keeping.ownStatement(RITA, id), refused("malformed"));
    await assert.rejects(requestKeys.load(RITA, id), refused("malformed"));
    await assert.rejects(requestKeys.make(RITA, id, opens), refused("malformed"));
  }
});

test("keys are destroyed once lifetime and window are over", async () => {
  const identity = await Identity.generate();
  await ask(identity, 60);
  const young = await ask(identity, 7200);
  await keeping.sweep(RITA, minutes(11));
  assert.deepEqual(await left(), [2, 2, 0]); // ten minutes are left to a clock that goes wrong
  await keeping.sweep(RITA, minutes(12));
  assert.deepEqual(await left(), [1, 1, 0]);
  assert.equal(await requestKeys.here(RITA, young.request), true);
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
