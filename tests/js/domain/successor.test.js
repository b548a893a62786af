/** Each rule of a requester's seal, broken alone; the same as `tests/unit/domain/test_successor.py`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkFollows } from "../../../service/browser/domain/successor.js";

const GUS = { person: "gus", identity: "gus/1" };
const OTHER = "444455556666";

/** What keeps every rule, with `changes` to its parts. */
function given(changes = {}) {
  const roster = {
    policy: { requesterSeals: true },
    requesters: ["gus", "hal"],
    sealers: ["sam"],
    members: new Map([["gus", GUS]]),
  };
  const request = { digest: "r", drill: false, requester: "gus", account: "a", manifest: "m" };
  const envelope = { sealer: "gus", cause: "rotation", afterRequests: ["r"], account: "a", version: 2 };
  const opened = { digest: "m", account: "a", version: 1 };
  const parts = { envelope, roster, request, askedUnder: roster, opened };
  for (const [name, change] of Object.entries(changes)) parts[name] = { ...parts[name], ...change };
  return parts;
}

const BROKEN = {
  "the policy": { roster: { policy: { requesterSeals: false } } },
  "no requester now": { roster: { requesters: ["hal"] } },
  "a sealer": { roster: { sealers: ["gus"] } },
  "no requester then": { askedUnder: { requesters: ["hal"] } },
  "nobody then": { askedUnder: { members: new Map() } },
  "other keys then": { askedUnder: { members: new Map([["gus", { ...GUS, identity: "gus/0" }]]) } },
  "the same password": { envelope: { cause: "roster" } },
  "not named": { envelope: { afterRequests: ["other"] } },
  "a drill": { request: { drill: true } },
  "another's request": { request: { requester: "hal" } },
  "a request of another account": { request: { account: OTHER } },
  "opened in another account": { opened: { account: OTHER } },
  "another envelope": { opened: { digest: "n" } },
  "no newer envelope": { opened: { version: 2 } },
};

test("what keeps every rule follows", () => {
  const { envelope, ...rest } = given();
  checkFollows(envelope, rest);
});

for (const [name, changes] of Object.entries(BROKEN)) {
  test(`refused: ${name}`, () => {
    const { envelope, ...rest } = given(changes);
    assert.throws(() => checkFollows(envelope, rest), { code: "not-successor" });
  });
}
