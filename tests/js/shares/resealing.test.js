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
import { approve, deny, openShare } from "../../../service/browser/shares/resealing.js";
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
  const head = { envelope: "e", account: "a", version: 1, after_requests: [], cause: "initial" };
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
  const envelope = envelopeFromPayload(manifest, "m".repeat(64));
  const holding = { envelope, manifest, group: "password", person: ANN };
  return { ann, mnemonic, bound, blob, holding };
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
  const { statement, resealed } = await approve(about, holding, blob, ann, STAMP);
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
  const { resealed } = await approve(about, holding, blob, ann, STAMP);
  assert.equal(resealed.length, 133);
  checkDrillPlaintext(await unseal(key, drillInfo(DIGEST, bound, "password", ANN), resealed), DIGEST);
});

test("a share that is not the one that was sealed is never passed on", async () => {
  const { ann, blob, holding } = await sealed();
  const { about } = await asked(holding);
  const act = (sealedShare, one = ann) => approve(about, holding, sealedShare, one, STAMP);
  await assert.rejects(act(randomBytes(blob.length)), refused("content-replaced"));
  await assert.rejects(act(blob, await Identity.generate()), refused("share-does-not-open"));
  const elsewhere = { ...holding, group: "mfa" };
  await assert.rejects(openShare(elsewhere, blob, ann), refused("content-replaced"));
  const lying = await sealed({ publish: "other" });
  const open = openShare(lying.holding, lying.blob, lying.ann);
  await assert.rejects(open, refused("share-does-not-open"));
});

test("a request that names another envelope gets nothing", async () => {
  const { ann, blob, holding } = await sealed();
  const { about } = await asked(holding, { manifest: "0".repeat(64) });
  const act = approve(about, holding, blob, ann, STAMP);
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
