/** Statements beyond their vectors: what is not signed, not joined, too long, or for a later release. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import * as encoding from "../../../service/browser/crypto/encoding.js";
import { readIdentity } from "../../../service/browser/crypto/enrolled.js";
import * as errors from "../../../service/browser/crypto/errors.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { checkPayload } from "../../../service/browser/crypto/schema.js";
import * as signing from "../../../service/browser/crypto/signing.js";
import { ROSTER_LIMIT, SIZE_LIMIT, parse, unsigned } from "../../../service/browser/crypto/statement.js";

const AT = new Date("2026-11-23T09:30:00Z");
const DIGEST = "ab".repeat(32);
const PERSON = "49915e0d-7d4b-402e-b017-d010bc1c0e83";
const VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

describe("statements", () => {
  const further = { request: DIGEST, requester: PERSON, log_size: 0, log_root: "" };

  it("are not signed with other fields or a broken second", async () => {
    const identity = await Identity.generate();
    const more = signing.sign("release", { ...further, note: "" }, { identity, at: AT });
    await assert.rejects(more, errors.MalformedError);
    const unknown = signing.sign("promise", further, { identity, at: AT });
    await assert.rejects(unknown, errors.MalformedError);
    const at = new Date(AT.getTime() + 1);
    await assert.rejects(signing.sign("release", further, { identity, at }), RangeError);
  });

  it("of a suite that a later release has say so, whatever fields they have", async () => {
    const known = { kind: "release", suite: "bg1", at: "2026-11-23T09:30:00Z", ...further };
    await checkPayload("release", known);
    for (const later of [
      { ...known, suite: "bg2" },
      { kind: "release", suite: "bg2", other: 1 },
    ]) {
      await assert.rejects(checkPayload("release", later), (error) => {
        assert.equal(error.constructor, errors.UnknownSuiteError);
        assert.ok(error instanceof errors.MalformedError);
        assert.equal(error.message, "an unknown suite: a newer release is needed");
        return true;
      });
    }
    const none = checkPayload("release", { ...known, suite: 2 });
    await assert.rejects(none, (error) => error.constructor === errors.MalformedError);
  });

  it("with a payload that is not base64 are refused by its name", async () => {
    const identity = await Identity.generate();
    const { raw } = await signing.sign("release", further, { identity, at: AT });
    for (const payload of [7, [], {}, "*", "YQ", "YR=="]) {
      const spoiled = encoding.canonical({ ...encoding.parseCanonical(raw), payload });
      await assert.rejects(parse(spoiled), (error) => {
        assert.ok(error instanceof errors.MalformedError);
        assert.match(error.message, /payload/);
        return true;
      });
    }
  });

  it("are joined only if they are one roster, each signer once", async () => {
    const [ann, bob] = [await Identity.generate(), await Identity.generate()];
    const one = await signing.sign("release", further, { identity: ann, at: AT });
    const two = await signing.sign("release", further, { identity: bob, at: AT });
    assert.equal(one.digest, two.digest);
    for (const given of [[], [one, two]]) {
      await assert.rejects(signing.merge(given), errors.MalformedError);
    }
    assert.deepEqual((await signing.merge([one, one])).raw, one.raw);
  });

  it("are no identity when they are of another kind", async () => {
    const identity = await Identity.generate();
    const release = await signing.sign("release", further, { identity, at: AT });
    await assert.rejects(readIdentity(release), /not an identity/);
  });
});

describe("a statement's length", () => {
  /** Ids that rise, each a UUID of version 4. */
  const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

  /** After so many requests. */
  const manifest = (count) => ({
    envelope: PERSON,
    account: "111122223333",
    version: 1,
    previous: "0".repeat(64),
    roster: DIGEST,
    sealer: PERSON,
    cause: "initial",
    after_requests: Array.from({ length: count }, (_, place) => place.toString(16).padStart(64, "0")),
    content_kind: "password",
    anchor: "",
    opening_key: "",
    gate_key: "",
    shares: ["password", "mfa"].map((group, place) => ({
      group,
      custodian: id(place),
      commitment: DIGEST,
      sealed_share_digest: DIGEST,
    })),
    content_digest: DIGEST,
    log_size: 0,
    log_root: "",
  });

  const roster = (count) => ({
    account: "111122223333",
    version: 1,
    previous: "0".repeat(64),
    cause: "first",
    name: "x",
    root_email: "x",
    type: "member",
    groups: Object.fromEntries(
      ["password", "mfa"].map((group, place) => [group, { threshold: 1, custodians: [id(place)] }]),
    ),
    requesters: [],
    sealers: [],
    people: Array.from({ length: count }, (_, place) => {
      return { person: id(place), name: "x", identity: DIGEST };
    }),
    policy: {
      request_lifetime: 1,
      release_window: 1,
      denials: "first",
      requester_seals: false,
      least_suite: "bg1",
    },
    log_key: VKEY,
    witnesses: [],
    cosigned_by: 0,
    retired: false,
  });

  /** The statement as bytes, signed without asking how long it is. */
  async function raw(kind, fields, identity) {
    const { assemble } = await import("../../../service/browser/crypto/statement.js");
    const body = await signing.payloadBody(kind, fields, AT);
    const sig = await identity.sign((await unsigned(kind, body)).pae);
    return (await assemble(kind, body, [{ keyid: identity.keyid, sig }])).raw;
  }

  for (const [kind, fields, limit] of [
    ["manifest", manifest, SIZE_LIMIT],
    ["roster", roster, ROSTER_LIMIT],
  ]) {
    it(`of a ${kind} is at most ${limit} bytes, signed or read`, async () => {
      const identity = await Identity.generate();
      const keys = {
        opening_key: encoding.b64encode(identity.public.signingKey),
        gate_key: encoding.b64encode(identity.public.encryptionKey),
      };
      const filled = (count) => ({ ...fields(count), ...(kind === "manifest" ? keys : {}) });
      let [count, tooMany] = [1, 1024];
      while (tooMany - count > 1) {
        const middle = Math.floor((count + tooMany) / 2);
        if ((await raw(kind, filled(middle), identity)).length <= limit) count = middle;
        else tooMany = middle;
      }
      await parse(await raw(kind, filled(count), identity));
      await signing.sign(kind, filled(count), { identity, at: AT });
      await assert.rejects(parse(await raw(kind, filled(count + 1), identity)), /KiB/);
      const longer = signing.sign(kind, filled(count + 1), { identity, at: AT });
      await assert.rejects(longer, errors.MalformedError);
    });
  }

  it("is looked at before anything else is", async () => {
    await assert.rejects(parse(new Uint8Array(ROSTER_LIMIT + 1)), /46 KiB/);
  });
});
