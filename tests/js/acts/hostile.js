/** A sealer who splits otherwise than the roster says, on a service that cannot see it. */

import assert from "node:assert/strict";

import { stamp } from "../../../service/browser/acts/acting.js";
import * as asking from "../../../service/browser/acts/asking.js";
import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as endings from "../../../service/browser/acts/endings.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import { b64encode, hexDigest } from "../../../service/browser/crypto/encoding.js";
import { parseCanonical, utf8 } from "../../../service/browser/crypto/encoding.js";
import { commitment, context, custodyInfo } from "../../../service/browser/crypto/envelope.js";
import { makeContent, sealEnvelope } from "../../../service/browser/crypto/opening.js";
import { randomUuid } from "../../../service/browser/crypto/randomness.js";
import { seal } from "../../../service/browser/crypto/seal.js";
import { split } from "../../../service/browser/crypto/sharing.js";
import { payloadBody, sign } from "../../../service/browser/crypto/signing.js";
import { sortedStatementDsse } from "../../../service/browser/crypto/statement.js";
import { post } from "../../../service/browser/link/api.js";
import { ACCOUNT, refused, who } from "./organisation.js";

const CONTENT = { password: "correct-Horse-battery-7", signInEmail: "a@corp.example", note: "" };

/** Both SLIP-39 groups 1 of 1, one after the other: either group of the roster holds both. */
async function toOneGroup(key) {
  const [[password], [mfa]] = await split(key, [
    [1, 1],
    [1, 1],
  ]);
  return [password, mfa, password, mfa];
}

/** Everyone's share is right but for the place it is for. */
async function placesExchanged(key) {
  const [[a, b], [c, d]] = await split(key, [
    [2, 2],
    [2, 2],
  ]);
  return [b, a, d, c];
}

async function sealed(prepared, deal, identity) {
  const { chain, previous, version, me } = prepared;
  const head = {
    envelope: randomUuid(),
    version,
    previous: previous.digest,
    sealer: me.person,
    cause: "rotation",
    after_requests: [...prepared.rotating].sort(),
  };
  const { at, head: logHead } = await stamp();
  const keys = new Map(
    [...chain.newest.members.values()].map((one) => [one.person, one.encryptionKey]),
  );
  let dealt;
  const splitter = async (key, sizes) => {
    dealt = await deal(key);
    return split(key, sizes);
  };
  const roster = chain.statements.at(-1);
  const honest = await sealEnvelope(makeContent(CONTENT), {
    roster,
    keys,
    head: { ...head, ...logHead },
    at,
    splitter,
  });
  const signedSo = parseCanonical(await payloadBody("manifest", honest.manifest, at));
  const bound = await context(signedSo);
  const shares = await Promise.all(
    honest.shares.map(async ({ group, custodian }, place) => {
      const info = custodyInfo(bound, group, custodian);
      const blob = await seal(keys.get(custodian), info, utf8(dealt[place]));
      const commit = await commitment(bound, group, custodian, dealt[place]);
      const digest = await hexDigest(blob);
      return { group, custodian, commitment: commit, sealed_share_digest: digest, blob };
    }),
  );
  const lines = shares.map(({ blob: _, ...line }) => line);
  const manifest = await sign("manifest", { ...honest.manifest, shares: lines }, { identity, at });
  return post("/envelopes", {
    statement: sortedStatementDsse(manifest),
    content: b64encode(honest.content),
    sealed_shares: shares.map(({ group, custodian, blob }) => ({
      group,
      custodian,
      sealed_share: b64encode(blob),
    })),
  });
}

/** How often custodians refused: each to confirm, and to approve for real and in a drill. */
export async function hostileSealer() {
  const gus = who("Gus");
  let refusals = 0;
  for (const deal of [toOneGroup, placesExchanged]) {
    const prepared = await gus.in(() => sealing.prepareSeal(ACCOUNT));
    await gus.act((identity) => sealed(prepared, deal, identity));
    for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
      const mine = await who(name).in(() => custody.prepareConfirm(ACCOUNT));
      await refuses(name, (identity) => custody.confirm(mine, identity), "/custody-receipts");
      refusals++;
    }
    for (const drill of [false, true]) refusals += await asked(gus, drill);
  }
  return refusals;
}

async function asked(gus, drill) {
  const task = drill ? "drill" : "restore-admin";
  const wanted = { account: ACCOUNT, task, taskText: "", reason: "x", ticket: "", drill, newest: true };
  const { request } = await gus.act((identity) => asking.ask(wanted, identity));
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const shown = await who(name).in(() => requests.fetchRequest(request));
    const approve = (identity) => deciding.approve(shown, identity);
    await refuses(name, approve, `/requests/${request}/decisions`);
  }
  const shown = await gus.in(() => requests.fetchRequest(request));
  await gus.act((identity) => endings.cancel(shown, identity, "done"));
  return 4;
}

async function refuses(name, act, path) {
  const before = who(name).sent.length;
  await assert.rejects(who(name).act(act), refused("share-differs"));
  const sent = who(name).sent.slice(before);
  assert.deepEqual(sent.filter((one) => one.path === `/api/v1${path}`), []);
}
