import assert from "node:assert/strict";
import { test } from "node:test";

import { openDatabase } from "../../../service/browser/device/database.js";
import { configure } from "../../../service/browser/link/environment.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import { here, load, make, open } from "../../../service/browser/device/requestKeys.js";
import { randomBytes, randomUuid } from "../../../service/browser/crypto/randomness.js";
import { opens } from "../../../service/browser/shares/trial.js";

const refused = (code) => (error) => error instanceof ClientRefusal && error.code === code;

if (globalThis.indexedDB === undefined) {
  test("a browser that keeps nothing is told apart from one that remembers nothing", async () => {
    const memory = openDatabase();
    await assert.rejects(memory.get("device", "x"), refused("no-storage"));
    await assert.rejects(memory.put("device", "x", 1), refused("no-storage"));
  });
} else {
  test("what is put is there for whoever opens the database next, until it is deleted", async () => {
    const [key, other] = [randomUuid(), randomUuid()];
    const memory = openDatabase();
    assert.equal(await memory.get("rosters", key), undefined);
    await memory.put("rosters", key, [2, "digest"]);
    const next = openDatabase();
    assert.deepEqual(await next.get("rosters", key), [2, "digest"]);
    assert.equal(await next.get("compared", key), undefined);
    assert.equal((await next.keys("rosters")).includes(key), true);
    await next.delete("rosters", key);
    await next.delete("rosters", other);
    assert.equal(await memory.get("rosters", key), undefined);
  });

  test("a change that is refused leaves what was there, and two at once both count", async () => {
    const key = randomUuid();
    const [memory, tab] = [openDatabase(), openDatabase()];
    await memory.update("gone", key, (old = 0) => old + 1);
    const refuse = () => {
      throw new ClientRefusal("no", "not this one");
    };
    await assert.rejects(memory.update("gone", key, refuse), refused("no"));
    const add = (one) => one.update("gone", key, (old) => old + 1);
    await Promise.all([add(memory), add(tab), add(memory), add(tab)]);
    assert.equal(await memory.get("gone", key), 5);
    await memory.delete("gone", key);
  });

  test("a request's key is kept as a key that nobody can export", async () => {
    const [person, request] = [randomUuid(), randomUuid()];
    configure({ memory: null });
    const root = randomBytes(32);
    const made = await make(person, request, { root, slots: [] }, opens);
    configure({ memory: openDatabase() }); // as after the page was loaded again
    const kept = await load(person, request);
    assert.equal(kept.outer.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("raw", kept.outer), () => true);
    const key = await open(person, request, root);
    assert.deepEqual([...key.publicKey], [...made]);
    assert.equal(key.privateKey.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("pkcs8", key.privateKey), () => true);
    assert.equal(await here(person, randomUuid()), false);
  });
}
