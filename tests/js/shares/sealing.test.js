/** Every share is tried, and compared with the roster, before the manifest is signed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { CryptoError } from "../../../service/browser/crypto/errors.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { randomUuid } from "../../../service/browser/crypto/randomness.js";
import { split } from "../../../service/browser/crypto/sharing.js";
import { verify } from "../../../service/browser/crypto/statement.js";
import { sealed } from "../../../service/browser/shares/sealing.js";

const DIGEST = "d".repeat(64);
const CONTENT = { password: "correct-Horse-battery-7", signInEmail: "", note: "" };

async function world() {
  const ids = Array.from({ length: 4 }, randomUuid);
  const identities = await Promise.all(ids.map(() => Identity.generate()));
  const keys = new Map(identities.map((one, place) => [ids[place], one.public.encryptionKey]));
  const groups = {
    password: { threshold: 2, custodians: ids.slice(0, 3).sort() },
    mfa: { threshold: 1, custodians: ids.slice(3) },
  };
  const payload = { account: "111122223333", groups };
  const head = {
    envelope: randomUuid(),
    version: 1,
    previous: "0".repeat(64),
    sealer: ids[0],
    cause: "initial",
    after_requests: [],
    log_size: 0,
    log_root: "",
  };
  const at = new Date("2026-11-02T09:00:00Z");
  const place = { roster: { payload, digest: DIGEST }, keys, head, at };
  return { place, sealer: identities[0] };
}

/** Each makes of the honest sets, or of others of the same key, what a faulty device hands out. */
const FAULTY = {
  "a share of another key": async (sets, key, sizes) => {
    const [[, other]] = await split(new Uint8Array(32), sizes);
    return [[sets[0][0], other, sets[0][2]], sets[1]];
  },
  "a spare of another split": async (sets, key, sizes) => {
    const [[, , other]] = await split(key, sizes);
    return [[sets[0][0], sets[0][1], other], sets[1]];
  },
  "another place": ([[a, b, c], mfa]) => [[b, a, c], mfa],
  "a threshold of one": async ([, mfa], key) => {
    const [[one], [two]] = await split(key, [
      [1, 1],
      [1, 1],
    ]);
    return [[one, one, one], mfa && [two]];
  },
  "the other group": ([password, mfa]) => [[password[0], password[1], mfa[0]], mfa],
  "one share twice": ([[a, b], mfa]) => [[a, b, b], mfa],
  "a share too few": ([[a, b], mfa]) => [[a, b], mfa],
  "words that are no share": ([[a, b], mfa]) => [[a, b, "abandon"], mfa],
};

for (const [name, spoil] of Object.entries(FAULTY)) {
  test(`with ${name} nothing is signed`, async () => {
    const { place, sealer } = await world();
    let signatures = 0;
    const counted = { keyid: sealer.keyid, sign: async () => void signatures++ };
    const splitter = async (key, sizes) => spoil(await split(key, sizes), key, sizes);
    const act = sealed(CONTENT, { ...place, splitter }, counted);
    await assert.rejects(act, (error) => error instanceof CryptoError || error instanceof RangeError);
    assert.equal(signatures, 0);
  });
}

test("an honest split is signed", async () => {
  const { place, sealer } = await world();
  const { statement, shares } = await sealed(CONTENT, place, sealer);
  await verify(statement, sealer.public.signingKey);
  assert.equal(shares.length, 4);
});
