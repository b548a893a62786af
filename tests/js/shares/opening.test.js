/** Combining compares once more, and nothing else than what was opened here is combined. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../../../service/browser/crypto/encoding.js";
import { context, releaseInfo } from "../../../service/browser/crypto/envelope.js";
import { CryptoError, VerificationError } from "../../../service/browser/crypto/errors.js";
import { decodeMnemonic, encodeMnemonic } from "../../../service/browser/crypto/mnemonic.js";
import { randomBytes } from "../../../service/browser/crypto/randomness.js";
import { RecipientKey } from "../../../service/browser/crypto/recipient.js";
import { seal } from "../../../service/browser/crypto/seal.js";
import { combine, parseShare, split } from "../../../service/browser/crypto/sharing.js";
import {
  Holding,
  OpenedShare,
  combineShares,
  openDelivered,
} from "../../../service/browser/shares/opening.js";
import { envelopeFromPayload } from "../../../service/browser/domain/credential.js";

const REQUEST = "ab".repeat(32);
const PEOPLE = { password: ["ann", "bob", "cem"], mfa: ["dea", "eli"] };
const ROSTER = {
  digest: "r",
  groups: {
    password: { threshold: 2, custodians: PEOPLE.password },
    mfa: { threshold: 1, custodians: PEOPLE.mfa },
  },
  members: new Map(),
};
const manifest = {
  roster: ROSTER.digest,
  sealer: "gus",
  after_requests: [],
  shares: Object.entries(PEOPLE).flatMap(([group, people]) =>
    people.map((custodian) => ({ group, custodian, commitment: "", sealed_share_digest: "" })),
  ),
};

/** An opened share of this person, which is what `mnemonic` says. */
function opened(person, mnemonic, digest = "d") {
  const envelope = envelopeFromPayload(manifest, digest);
  const group = PEOPLE.mfa.includes(person) ? "mfa" : "password";
  const holding = new Holding({ envelope, manifest, roster: ROSTER, group, person });
  return new OpenedShare(holding, parseShare(mnemonic), new Uint8Array(1));
}

/** The same share with other figures in it. */
function changed(mnemonic, changes) {
  return encodeMnemonic({ ...decodeMnemonic(mnemonic), ...changes });
}

const sizes = [
  [2, 3],
  [1, 2],
];

test("what the roster asks for is combined", async () => {
  const key = randomBytes(32);
  const [[ann, bob], [dea, eli]] = await split(key, sizes);
  const two = [opened("ann", ann), opened("bob", bob)];
  assert.deepEqual(await combineShares([...two, opened("dea", dea)]), key);
  assert.deepEqual(await combineShares([...two, opened("eli", eli)]), key);
});

test("a share that differs from its place is not combined", async () => {
  const [[ann, bob], [dea]] = await split(randomBytes(32), sizes);
  for (const wrong of [
    [opened("bob", ann), opened("ann", bob), opened("dea", dea)],
    [opened("ann", ann), opened("bob", bob), opened("dea", changed(dea, { member: 1 }))],
    [opened("ann", ann), opened("bob", bob, "other"), opened("dea", dea)],
  ]) {
    await assert.rejects(combineShares(wrong), VerificationError);
  }
  // Sound by itself, and enough: each group 1 of 1, both in the hands of one of them.
  const both = await split(randomBytes(32), [
    [1, 1],
    [1, 1],
  ]);
  const one = [opened("ann", both[0][0]), opened("bob", both[1][0])];
  assert.ok(await combine(both.flat()));
  await assert.rejects(combineShares(one), VerificationError);
});

test("shares of two splits are not combined", async () => {
  const [[ann]] = await split(randomBytes(32), sizes);
  const [[, bob], [dea]] = await split(randomBytes(32), sizes);
  const shares = [opened("ann", ann), opened("bob", bob), opened("dea", dea)];
  await assert.rejects(combineShares(shares), CryptoError);
});

test("a share that contradicts its group is refused also as a spare", async () => {
  const [[ann, bob, cem], [dea]] = await split(randomBytes(32), sizes);
  for (const spare of [
    changed(cem, { threshold: 3 }),
    changed(cem, { member: 1 }),
    changed(ann, { value: new Uint8Array(32) }),
  ]) {
    await assert.rejects(combine([ann, bob, spare, dea]), VerificationError);
  }
});

test("what was not opened at a place is no opened share", async () => {
  const [[ann]] = await split(randomBytes(32), sizes);
  const { holding, share, bytes } = opened("ann", ann);
  assert.throws(() => new OpenedShare({ ...holding }, share, bytes), TypeError);
});

test("a share that is refused is wiped before its refusal is told", async () => {
  const [[ann]] = await split(randomBytes(32), sizes);
  const key = await RecipientKey.generate();
  const { holding } = opened("ann", ann);
  const info = releaseInfo(REQUEST, await context(manifest), "password", "ann");
  const decrypted = [];
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
  const value = async (/** @type {Parameters<SubtleCrypto["decrypt"]>} */ ...given) => {
    const buffer = await decrypt(...given);
    assert.ok(new Uint8Array(buffer).some(Boolean));
    decrypted.push(buffer);
    return buffer;
  };
  Object.defineProperty(crypto.subtle, "decrypt", { configurable: true, value });
  try {
    for (const plaintext of [ann, "no share"]) {
      const sealed = await seal(key.publicKey, info, utf8(plaintext));
      const code = { code: "share-does-not-open" };
      await assert.rejects(openDelivered(sealed, holding, REQUEST, key), code);
    }
  } finally {
    Reflect.deleteProperty(crypto.subtle, "decrypt"); // its prototype has it still
  }
  assert.deepEqual(decrypted.map((one) => new Uint8Array(one).some(Boolean)), [false, false]);
});
