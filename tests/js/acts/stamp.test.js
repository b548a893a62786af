/** Whatever is signed names the head of the log that this browser has verified and remembers. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";

import { signed, stamp } from "../../../service/browser/acts/acting.js";
import { Proved } from "../../../service/browser/acts/proving.js";
import { b64decode, b64encode, concat, hex, utf8 } from "../../../service/browser/crypto/encoding.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { emptyRoot } from "../../../service/browser/crypto/merkle.js";
import { NoteVerifier } from "../../../service/browser/crypto/note.js";
import { verify } from "../../../service/browser/crypto/statement.js";
import { rememberLog } from "../../../service/browser/device/notes.js";
import { configure } from "../../../service/browser/link/environment.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import { inMemory } from "../device/inMemory.js";

const file = new URL("../crypto/log.json", import.meta.url);
const { vkey: verifierKey, checkpoint } = JSON.parse(readFileSync(file, "utf8"));
const ROOT = hex(b64decode(checkpoint.split("\n")[2]));
const PROVED = new Proved([]);
const NONE = { log_size: 0, log_root: "" };
const ANN = "11111111-1111-4111-8111-111111111111";
const release = { request: "a".repeat(64), requester: ANN };

beforeEach(() => configure({ memory: inMemory(), now: () => new Date("2026-11-02T09:00:00.7Z") }));

const headOf = ({ payload: { log_size, log_root } }) => ({ log_size, log_root });

test("a browser that has seen no log names none", async () => {
  const { at, head } = await stamp(PROVED);
  assert.deepEqual([at.toISOString(), head], ["2026-11-02T09:00:00.000Z", NONE]);
  const ann = await Identity.generate();
  assert.deepEqual(headOf(await signed("release", release, ann, PROVED)), NONE);
});

test("one that remembers a checkpoint names its size and root", async () => {
  await rememberLog({ verifierKey, checkpoint });
  const head = { log_size: 7, log_root: ROOT };
  assert.deepEqual((await stamp(PROVED)).head, head);
  const ann = await Identity.generate();
  const statement = await signed("release", release, ann, PROVED);
  assert.deepEqual(headOf(statement), head);
  await verify(statement, ann.public.signingKey);
});

test("one that remembers an empty log names none", async () => {
  const log = await Identity.generate();
  const verifier = await NoteVerifier.make("log.example", log.public.signingKey);
  const text = `log.example\n0\n${b64encode(await emptyRoot())}\n`;
  const signature = b64encode(concat(verifier.keyId, await log.sign(utf8(text))));
  const note = `${text}\n\u2014 log.example ${signature}\n`;
  await rememberLog({ verifierKey: verifier.vkey, checkpoint: note });
  assert.deepEqual((await stamp(PROVED)).head, NONE);
});

test("an identity names none: it is made before anything is verified", async () => {
  await rememberLog({ verifierKey, checkpoint });
  const ann = await Identity.generate();
  const keys = {
    person: ANN,
    encryption_key: b64encode(ann.public.encryptionKey),
    signing_key: b64encode(ann.public.signingKey),
  };
  assert.equal("log_size" in (await signed("identity", keys, ann)).payload, false);
});

test("what is remembered is named only as the pinned key has signed it", async () => {
  await rememberLog({ verifierKey, checkpoint: checkpoint.replace("\n7\n", "\n8\n") });
  const refused = (error) => error instanceof ClientRefusal && error.code === "log-not-signed";
  await assert.rejects(stamp(PROVED), refused);
});

test("what goes on after an alarm names none", async () => {
  await rememberLog({ verifierKey, checkpoint });
  assert.deepEqual((await stamp(new Proved([], true))).head, NONE);
});

test("nothing is signed before what it relies on was proved", async () => {
  await assert.rejects(stamp(null), TypeError);
  await assert.rejects(signed("release", release, await Identity.generate(), null), TypeError);
});
