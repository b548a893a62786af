import assert from "node:assert/strict";
import { test } from "node:test";

import { hexDigest } from "../../../service/browser/crypto/encoding.js";
import {
  checkDrillPlaintext,
  commitment,
  context,
  custodyInfo,
  drillInfo,
  releaseInfo,
} from "../../../service/browser/crypto/envelope.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { randomBytes } from "../../../service/browser/crypto/randomness.js";
import { RecipientKey } from "../../../service/browser/crypto/recipient.js";
import { seal } from "../../../service/browser/crypto/seal.js";
import { split } from "../../../service/browser/crypto/sharing.js";
import { verify } from "../../../service/browser/crypto/statement.js";
import { unseal } from "../../../service/browser/crypto/unseal.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import { Holding, openShare } from "../../../service/browser/shares/opening.js";
import { approve, deny } from "../../../service/browser/shares/resealing.js";
import { envelopeFromPayload } from "../../../service/browser/domain/credential.js";

const AT = new Date("2026-11-02T09:00:00Z");
const ANN = "11111111-1111-4111-8111-111111111111";
const DIGEST = "d".repeat(64);
const STAMP = { at: AT, head: { log_size: 7, log_root: "e".repeat(64) } };
const saidHead = ({ payload: { log_size, log_root } }) => ({ log_size, log_root });
const refused = (code) => (error) => error instanceof ClientRefusal && error.code === code;
const utf8 = (text) => new TextEncoder().encode(text);

/** Ann's place in an envelope; `publish` is what the manifest commits to, in place of the share. */
async function sealed({ publish } = {}) {
  const ann = await Identity.generate();
  const [[mnemonic, other]] = await split(randomBytes(32), [
    [2, 3],
    [1, 1],
  ]);
  const group = { threshold: 2, custodians: [ANN, "bob", "cem"] };
  const groups = { password: group, mfa: { threshold: 1, custodians: ["dea"] } };
  const roster = { digest: "r".repeat(64), groups, members: new Map([["gus", { name: "Gus" }]]) };
  const head = {
    envelope: "e",
    account: "a",
    version: 1,
    roster: roster.digest,
    sealer: "gus",
    after_requests: [],
    cause: "initial",
  };
  const bound = await context(head);
  const info = custodyInfo(bound, "password", ANN);
  const blob = await seal(ann.public.encryptionKey, info, utf8(mnemonic));
  const share = {
    group: "password",
    custodian: ANN,
    commitment: await commitment(bound, "password", ANN, publish === "other" ? other : mnemonic),
    sealed_share_digest: await hexDigest(blob),
  };
  const manifest = { ...head, shares: [share], content_digest: DIGEST };
  const envelope = envelopeFromPayload(manifest, "a".repeat(64));
  const place = { envelope, manifest, roster, group: "password", person: ANN };
  return { ann, mnemonic, bound, blob, place, holding: new Holding(place) };
}

async function asked(holding, changes = {}) {
  const key = await RecipientKey.generate();
  const { digest: manifest } = holding.envelope;
  const request = { digest: DIGEST, manifest, recipientKey: key.publicKey, drill: false };
  return { key, about: { request: { ...request, ...changes } } };
}

test("an approval reseals exactly the share, to that request alone, and signs for it", async () => {
  const { ann, mnemonic, bound, blob, holding } = await sealed();
  const { key, about } = await asked(holding);
  const { statement, resealed } = await approve(about, holding, blob, ann, { ...STAMP, confirmed: true });
  await verify(statement, ann.public.signingKey);
  assert.equal(statement.payload.request, DIGEST);
  assert.deepEqual(saidHead(statement), STAMP.head);
  assert.equal(statement.payload.resealed_share_digest, await hexDigest(resealed));
  assert.deepEqual(
    [statement.payload.decision, statement.payload.group, statement.payload.custodian],
    ["approve", "password", ANN],
  );
  const opened = await unseal(key, releaseInfo(DIGEST, bound, "password", ANN), resealed);
  assert.deepEqual(opened, utf8(mnemonic));
  await assert.rejects(unseal(key, releaseInfo("e".repeat(64), bound, "password", ANN), resealed));
});

test("a drill reseals no share at all", async () => {
  const { ann, bound, blob, holding } = await sealed();
  const { key, about } = await asked(holding, { drill: true });
  const { resealed } = await approve(about, holding, blob, ann, { ...STAMP, confirmed: true });
  assert.equal(resealed.length, 133);
  checkDrillPlaintext(await unseal(key, drillInfo(DIGEST, bound, "password", ANN), resealed), DIGEST);
});

test("a share that is not the one that was sealed is never passed on", async () => {
  const { ann, blob, holding, place } = await sealed();
  const { about } = await asked(holding);
  const act = (sealedShare, one = ann) => approve(about, holding, sealedShare, one, { ...STAMP, confirmed: true });
  await assert.rejects(act(randomBytes(blob.length)), refused("content-replaced"));
  await assert.rejects(act(blob, await Identity.generate()), refused("share-does-not-open"));
  assert.throws(() => new Holding({ ...place, group: "mfa" }), TypeError);
  const lying = await sealed({ publish: "other" });
  const open = openShare(lying.blob, lying.holding, lying.ann);
  await assert.rejects(open, refused("share-does-not-open"));
});

test("no share is opened for a place that was not made of its roster", async () => {
  const { ann, blob, holding, place } = await sealed();
  const { roster, envelope } = place;
  const moved = { ...place.manifest, shares: [{ ...place.manifest.shares[0], group: "mfa" }] };
  for (const changes of [
    { roster: { ...roster, digest: "0".repeat(64) } },
    { roster: { ...roster, groups: { ...roster.groups, password: roster.groups.mfa } } },
    { person: "gus" },
    { envelope: envelopeFromPayload(moved, envelope.digest) },
    { envelope: envelopeFromPayload({ ...place.manifest, shares: [] }, envelope.digest) },
  ]) {
    assert.throws(() => new Holding({ ...place, ...changes }), TypeError);
  }
  await assert.rejects(openShare(blob, { ...holding }, ann), TypeError);
  await assert.rejects(openShare(blob, undefined, ann), TypeError);
  const { about } = await asked(holding);
  const act = approve(about, { ...holding }, blob, ann, { ...STAMP, confirmed: true });
  await assert.rejects(act, TypeError);
});

test("an approval signs the receipt too where none stands", async () => {
  const { ann, blob, holding } = await sealed();
  const { about } = await asked(holding);
  const { receipt } = await approve(about, holding, blob, ann, { ...STAMP, confirmed: false });
  await verify(receipt, ann.public.signingKey);
  const { manifest, group, custodian } = receipt.payload;
  assert.deepEqual([manifest, group, custodian], [holding.envelope.digest, "password", ANN]);
});

test("a request that names another envelope gets nothing", async () => {
  const { ann, blob, holding } = await sealed();
  const { about } = await asked(holding, { manifest: "0".repeat(64) });
  const act = approve(about, holding, blob, ann, { ...STAMP, confirmed: true });
  await assert.rejects(act, refused("manifest-replaced"));
});

test("a denial brings its reason and no share", async () => {
  const { ann, holding } = await sealed();
  const { about } = await asked(holding);
  const said = { group: "password", person: ANN, reason: "not now", identity: ann, ...STAMP };
  const statement = await deny(about, said);
  await verify(statement, ann.public.signingKey);
  assert.equal(statement.payload.decision, "deny");
  assert.deepEqual(saidHead(statement), STAMP.head);
  assert.equal(statement.payload.reason, "not now");
  assert.equal(statement.payload.resealed_share_digest, "");
});
