/** What the modules keep to beyond formats: keys, randomness, words, and programs' own mistakes. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import * as blob from "../../../service/browser/crypto/blob.js";
import { derive } from "../../../service/browser/crypto/derived.js";
import * as encoding from "../../../service/browser/crypto/encoding.js";
import * as errors from "../../../service/browser/crypto/errors.js";
import { Identity, PublicKeys } from "../../../service/browser/crypto/identity.js";
import { wrapRoot } from "../../../service/browser/crypto/keyslot.js";
import * as merkle from "../../../service/browser/crypto/merkle.js";
import { NoteVerifier, openNote } from "../../../service/browser/crypto/note.js";
import * as opening from "../../../service/browser/crypto/opening.js";
import * as passwords from "../../../service/browser/crypto/passwords.js";
import { checkPhrase, generatePhrase } from "../../../service/browser/crypto/phrase.js";
import * as randomness from "../../../service/browser/crypto/randomness.js";
import { RecipientKey } from "../../../service/browser/crypto/recipient.js";
import { seal } from "../../../service/browser/crypto/seal.js";
import { combine, split } from "../../../service/browser/crypto/sharing.js";
import * as suite from "../../../service/browser/crypto/suite.js";
import { unseal } from "../../../service/browser/crypto/unseal.js";
import { WORDS, wordsOf } from "../../../service/browser/crypto/wordlist.js";

const { hex, lp, utf8 } = encoding;

/** The key and note of the documentation of Go's golang.org/x/mod/sumdb/note. */
const GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\n" +
  "then you don't know what your problem is.\n";
const GO_SIGNATURE =
  "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
const GO_NOTE = `${GO_TEXT}\n\u2014 PeterNeumann ${GO_SIGNATURE}\n`;

describe("identity", () => {
  it("keeps private keys that nobody can export", async () => {
    const identity = await Identity.generate();
    assert.equal(identity.encryptionPrivate.extractable, false);
    for (const format of ["pkcs8", "jwk"]) {
      await assert.rejects(crypto.subtle.exportKey(format, identity.encryptionPrivate));
    }
    const { privateKey } = await RecipientKey.generate();
    assert.equal(privateKey.extractable, false);
  });

  it("signs nothing and keeps no root after its act", async () => {
    const root = randomness.randomBytes(32);
    const identity = await Identity.fromRoot(root);
    identity.destroy();
    assert.deepEqual(root, new Uint8Array(32));
    await assert.rejects(identity.sign(utf8("x")), /destroyed/);
  });

  it("wipes a recipient's private key that it was given", async () => {
    const secret = randomness.randomBytes(32);
    await RecipientKey.fromPrivate(secret);
    assert.deepEqual(secret, new Uint8Array(32));
  });

  it("is not made of another length, nor of keys that nobody may have", async () => {
    await assert.rejects(Identity.fromRoot(new Uint8Array(31)), RangeError);
    await assert.rejects(RecipientKey.fromPrivate(new Uint8Array(31)), errors.MalformedError);
    const { public: keys } = await Identity.generate();
    const none = PublicKeys.make(new Uint8Array(32), keys.signingKey);
    await assert.rejects(none, errors.MalformedError);
    assert.ok(keys.equals(await PublicKeys.make(keys.encryptionKey, keys.signingKey)));
  });
});

describe("signatures", () => {
  it("is no second spelling with the group's order added to S", async () => {
    const identity = await Identity.generate();
    const message = utf8("x");
    const good = await identity.sign(message);
    await suite.verifySignature(identity.public.signingKey, good, message);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = good.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + order;
    const spelled = good.slice();
    for (let place = 0; place < 32; place++) {
      spelled[32 + place] = Number((s >> BigInt(8 * place)) & 255n);
    }
    const { signingKey } = identity.public;
    const second = suite.verifySignature(signingKey, spelled, message);
    await assert.rejects(second, errors.VerificationError);
    for (const length of [0, 32, 63, 65]) {
      const cut = suite.verifySignature(signingKey, new Uint8Array(length), message);
      await assert.rejects(cut, errors.VerificationError);
    }
  });
});

describe("words", () => {
  it("are 1,024, told by their first four letters", () => {
    assert.equal(WORDS.length, 1024);
    assert.equal(new Set(WORDS.map((word) => word.slice(0, 4))).size, 1024);
    assert.deepEqual(wordsOf(new Uint8Array(32), 2), [WORDS[0], WORDS[0]]);
    assert.throws(() => wordsOf(new Uint8Array(9)), RangeError);
  });
});

describe("randomness", () => {
  it("draws every number below a bound and none other", () => {
    for (const bound of [1, 2, 3, 7]) {
      const drawn = new Set(Array.from({ length: 400 }, () => randomness.randomBelow(bound)));
      assert.deepEqual([...drawn].sort(), Array.from({ length: bound }, (_, place) => place));
    }
    assert.ok(randomness.randomBelow(2 ** 32) < 2 ** 32);
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, NaN]) {
      assert.throws(() => randomness.randomBelow(bound), RangeError);
    }
  });

  it("gives UUIDs of version 4", () => {
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const made = Array.from({ length: 50 }, () => randomness.randomUuid());
    for (const one of made) assert.match(one, form);
    assert.equal(new Set(made).size, 50);
  });

  it("gives phrases that read back, and passwords that satisfy the rule", async () => {
    const words = await generatePhrase();
    assert.deepEqual(await checkPhrase(` ${words.join("\n").toUpperCase()} `), words);
    const owner = { account: "012345678901", name: "Production", email: "root@example.com" };
    for (const length of [8, 64, 128]) {
      const made = passwords.generate(length);
      assert.equal(made.length, length);
      passwords.checkPassword(made, owner);
    }
    for (const length of [7, 129, NaN]) assert.throws(() => passwords.generate(length), RangeError);
  });
});

describe("a program's own mistakes", () => {
  it("are no refusals of what a peer sent", async () => {
    assert.throws(() => lp(/** @type {any} */ (true)), TypeError);
    for (const number of [-1, 1.5, 2 ** 53]) assert.throws(() => lp(number), RangeError);
    assert.throws(() => lp("\ud800"), RangeError);
    for (const moment of ["2026-11-23T09:30:00.5Z", "-000001-01-01T00:00:00Z", "nothing"]) {
      assert.throws(() => encoding.formatTime(new Date(moment)), RangeError);
    }
    const short = blob.encryptBlob(new Uint8Array(16), utf8("x"), utf8(""));
    await assert.rejects(short, RangeError);
    await assert.rejects(wrapRoot(new Uint8Array(16), new Uint8Array(32), "a", "b"), RangeError);
    await assert.rejects(split(new Uint8Array(31), [[1, 1], [1, 1]]), RangeError);
    for (const groups of [[[1, 1]], [[0, 1], [1, 1]], [[2, 1], [1, 1]], [[1, 17], [1, 1]]]) {
      await assert.rejects(split(new Uint8Array(32), groups), RangeError);
    }
  });

  it("leave values without a canonical form unwritten", () => {
    for (const value of [undefined, null, 1.5, -1, NaN, 1n, [undefined], new Date(), { é: 1 }]) {
      assert.throws(() => encoding.canonical(value), errors.MalformedError);
    }
    assert.throws(() => encoding.canonical([new Uint8Array(1)]), errors.MalformedError);
  });
});

describe("sealing", () => {
  it("refuses keys to which anybody could open", async () => {
    for (const key of [new Uint8Array(32), new Uint8Array(31), new Uint8Array(32).fill(255)]) {
      await assert.rejects(seal(key, utf8(""), utf8("x")), errors.MalformedError);
    }
  });

  it("never seals twice alike", async () => {
    const recipient = await RecipientKey.generate();
    const [one, two] = [0, 1].map(() => seal(recipient.publicKey, utf8("i"), utf8("x")));
    assert.notEqual(hex(await one), hex(await two));
    assert.deepEqual(await unseal(recipient, utf8("i"), await one), utf8("x"));
  });
});

describe("an envelope's shares", () => {
  const content = opening.makeContent({ password: "p", signInEmail: "", note: "" });

  /** What a sealer makes of a secret; `changes` are what the manifest states instead. */
  async function made(secret, changes = {}) {
    const { contentAad, context } = await import("../../../service/browser/crypto/envelope.js");
    const { contentKey, opening: key, gate } = await derive(secret);
    const stated = {
      opening_key: encoding.b64encode(key.publicKey),
      gate_key: encoding.b64encode(gate.publicKey),
    };
    const manifest = { ...stated, ...changes };
    const padded = new Uint8Array(512);
    const data = encoding.canonical({ password: "p", sign_in_email: "", note: "" });
    padded.set([...data, 0x80]);
    const aad = contentAad(await context(manifest));
    return { manifest, blob: await blob.encryptBlob(contentKey, padded, aad) };
  }

  async function sealedWith(mnemonics, thresholds, secret, changes = {}) {
    const sealed = { ...(await made(secret, changes)), content };
    return opening.checkEveryShare(mnemonics, thresholds, sealed);
  }

  it("give the keys that the manifest states, or nothing is signed; who opens gets the content", async () => {
    const secret = randomness.randomBytes(32);
    const sets = await split(secret, [[1, 1], [1, 1]]);
    await sealedWith(sets, [1, 1], secret);
    const other = await derive(randomness.randomBytes(32));
    for (const changes of [
      { opening_key: encoding.b64encode(other.opening.publicKey) },
      { gate_key: encoding.b64encode(other.gate.publicKey) },
    ]) {
      const tried = sealedWith(sets, [1, 1], secret, changes);
      await assert.rejects(tried, /another key than the manifest states/);
      const { manifest, blob: sealed } = await made(secret, changes);
      const opened = await opening.openEnvelope(secret, manifest, sealed);
      assert.deepEqual([opened.content, opened.keysFit], [content, false]);
    }
    const { manifest, blob: sealed } = await made(secret);
    assert.equal((await opening.openEnvelope(secret, manifest, sealed)).keysFit, true);
  });

  it("are all tried before anything is signed", async () => {
    const key = randomness.randomBytes(32);
    const sets = await split(key, [[2, 5], [1, 3]]);
    await sealedWith(sets, [2, 1], key);
    const foreign = await split(randomness.randomBytes(32), [[2, 5], [1, 3]]);
    for (const place of [0, 1, 2, 3, 4]) {
      const spoiled = sets.map((set) => [...set]);
      spoiled[0][place] = foreign[0][place];
      await assert.rejects(sealedWith(spoiled, [2, 1], key), errors.CryptoError);
    }
    await assert.rejects(sealedWith([[], sets[1]], [2, 1], key), errors.NotEnoughSharesError);
    await assert.rejects(combine([]), errors.NotEnoughSharesError);
  });
});

describe("the log", () => {
  it("opens a note of Go's documentation, and no other for its key", async () => {
    const verifier = await NoteVerifier.fromVkey(GO_VKEY);
    assert.equal(await openNote(GO_NOTE, verifier), GO_TEXT);
    const changed = openNote(GO_NOTE.replace("problem", "program"), verifier);
    await assert.rejects(changed, errors.VerificationError);
    await assert.rejects(openNote(GO_NOTE), errors.VerificationError);
  });

  it("has the root of RFC 6962's empty tree", async () => {
    const root = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert.equal(hex(await merkle.emptyRoot()), root);
  });
});
