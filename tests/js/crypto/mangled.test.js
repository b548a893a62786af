/** Mangled input of every parser: refused, and with the two errors for that and nothing else. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { WitnessVerifier, cosignedAt } from "../../../service/browser/crypto/cosignature.js";
import { openCheckpoint } from "../../../service/browser/crypto/checkpoint.js";
import * as encoding from "../../../service/browser/crypto/encoding.js";
import { MalformedError } from "../../../service/browser/crypto/errors.js";
import { VerificationError } from "../../../service/browser/crypto/errors.js";
import { parseLeaf } from "../../../service/browser/crypto/leaf.js";
import { NoteVerifier } from "../../../service/browser/crypto/note.js";
import { openContent } from "../../../service/browser/crypto/opening.js";
import { parseReceipt } from "../../../service/browser/crypto/proof.js";
import { RecipientKey } from "../../../service/browser/crypto/recipient.js";
import { readShare } from "../../../service/browser/crypto/sharing.js";
import { PublicKeys } from "../../../service/browser/crypto/identity.js";
import { parse, verifySignatureOf } from "../../../service/browser/crypto/statement.js";
import { unwrapRoot } from "../../../service/browser/crypto/unlock.js";
import { unseal } from "../../../service/browser/crypto/unseal.js";

const { b64decode, text, unhex, utf8 } = encoding;

const first = (name, id) => {
  const file = new URL(`../../vectors/${name}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, "utf8"));
  return cases.find((one) => one.expect === "ok" && (!id || one.id === id));
};
const here = new URL("log.json", import.meta.url);
const log = JSON.parse(readFileSync(here, "utf8"));
const slot = first("slots");
const sealed = first("sealed");
const content = first("contents");
const signed = first("verifications", "one/signer");
const mnemonic = first("shares").mnemonics[0];

/** Name: good bytes, and what reads and checks them. */
const PARSERS = {
  // By the signer's key id: nothing else of a statement stands outside the signature.
  statement: [
    utf8(signed.raw),
    async (data) => {
      const keys = [signed.encryption_key, signed.signing_key].map(unhex);
      await verifySignatureOf(await parse(data), await PublicKeys.make(...keys));
    },
  ],
  "wrapped root": [
    b64decode(slot.wrapped),
    (data) => unwrapRoot(unhex(slot.slot_key), data, slot.person, slot.slot),
  ],
  "sealed message": [
    b64decode(sealed.sealed),
    async (data) =>
      unseal(await RecipientKey.fromPrivate(unhex(sealed.private)), unhex(sealed.info), data),
  ],
  content: [
    b64decode(content.blob),
    (data) => openContent(unhex(content.content_key), data, unhex(content.context)),
  ],
  share: [utf8(mnemonic), async (data) => readShare(data)],
  checkpoint: [
    utf8(log.checkpoint),
    async (data) => openCheckpoint(text(data), await NoteVerifier.fromVkey(log.vkey)),
  ],
  receipt: [
    utf8(log.receipt),
    async (data) =>
      parseReceipt(text(data)).verify(utf8(log.leaf), await NoteVerifier.fromVkey(log.vkey)),
  ],
  "receipt's leaf": [
    utf8(log.leaf),
    async (data) => {
      await parseReceipt(log.receipt).verify(data, await NoteVerifier.fromVkey(log.vkey));
      parseLeaf(data);
    },
  ],
  // The log's own signature is somebody else's to look at: only the text and the line are mangled.
  cosignature: [
    utf8(log.cosigned.replace(/\n\n[^\n]*\n/, "\n\n")),
    async (data) => {
      const at = await cosignedAt(text(data), await WitnessVerifier.fromVkey(log.witness));
      if (at === null) throw new VerificationError("the line is another's");
      assert.equal(at, log.cosigned_at);
    },
  ],
  "witness's key": [utf8(log.witness), (data) => WitnessVerifier.fromVkey(text(data))],
  "verifier key": [utf8(log.vkey), (data) => NoteVerifier.fromVkey(text(data))],
};

/** At most about this many places of one input are tried. */
const PLACES = 120;

function* changed(data) {
  const step = Math.max(1, Math.floor(data.length / PLACES));
  for (let place = 0; place < data.length; place += step) {
    for (const bit of [place % 8, 7]) {
      const copy = data.slice();
      copy[place] ^= 1 << bit;
      yield copy;
    }
    yield data.slice(0, place);
  }
  yield data.slice(0, -1);
  yield encoding.concat(data, new Uint8Array([0]));
  yield encoding.concat(data, new Uint8Array([0x0a]));
  yield encoding.concat(new Uint8Array([0xef, 0xbb, 0xbf]), data);
  yield encoding.concat(data, data);
}

async function outcome(read, data) {
  try {
    await read(data);
    return "taken";
  } catch (error) {
    return error.constructor;
  }
}

for (const [name, [good, read]] of Object.entries(PARSERS)) {
  describe(name, () => {
    it("is taken as it is", () => read(good));

    it("is refused when anything of it is changed", async () => {
      for (const data of changed(good)) {
        const came = await outcome(read, data);
        const expected = came === MalformedError || came === VerificationError;
        assert.ok(expected, `${name}: ${came.name ?? came} for ${data.length} bytes`);
      }
    });
  });
}

describe("a log and its witness", () => {
  it("do not pass for each other", async () => {
    await assert.rejects(NoteVerifier.fromVkey(log.witness), MalformedError);
    await assert.rejects(WitnessVerifier.fromVkey(log.vkey), MalformedError);
    const witness = await WitnessVerifier.fromVkey(log.witness);
    assert.equal(await cosignedAt(log.checkpoint, witness), null);
    const alone = log.cosigned.replace(/\n\n[^\n]*\n/, "\n\n");
    const verifier = await NoteVerifier.fromVkey(log.vkey);
    await assert.rejects(openCheckpoint(alone, verifier), VerificationError);
    assert.equal((await openCheckpoint(log.cosigned, verifier)).size, 7);
  });
});

describe("canonical JSON", () => {
  const refused = [
    "\ufeff{}", '{"a":1,"a":1}', '{"b":1,"a":2}', '{"a": 1}', "1.0", "1e2", "-0", "-1", "null",
    "[null]", "9007199254740992", '"\\ud800"', '"\\u0041"', '"\\/"', '"\\u001F"', '{"\u00e9":1}',
    "", " ", "{}\n", "NaN", "01", '{"__proto__":null}', "[1,]", "'a'", "\u00a01",
  ];
  for (const source of refused) {
    it(`is not ${JSON.stringify(source)}`, () => {
      assert.throws(() => encoding.parseCanonical(utf8(source)), MalformedError);
    });
  }

  it("keeps a key that objects know already", () => {
    const data = utf8('{"__proto__":{"a":1},"constructor":2,"toString":3}');
    assert.deepEqual(encoding.canonical(encoding.parseCanonical(data)), data);
  });

  it("keeps keys that look like numbers in the order of their characters", () => {
    const data = utf8('{"10":1,"9":2,"a":3}');
    assert.deepEqual(encoding.canonical(encoding.parseCanonical(data)), data);
  });

  it("is not nested beyond what the engine can write", () => {
    const deep = utf8("[".repeat(200_000) + "]".repeat(200_000));
    assert.throws(() => encoding.parseCanonical(deep), MalformedError);
  });

  it("is UTF-8", () => {
    for (const bytes of [[0xff], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xc1, 0x81, 0x22]]) {
      assert.throws(() => encoding.parseCanonical(new Uint8Array(bytes)), MalformedError);
    }
  });
});
