/** Which state is red, and why: the closed list, and that every alarm is one of the four. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { RED, drillTone, tone } from "../../../service/browser/words/tones.js";

describe("a tone", () => {
  it("is red for one of four reasons, each of which something has", () => {
    const reasons = new Set(["exposed", "unexplained", "rewritten", "unheard"]);
    assert.deepEqual(new Set(Object.values(RED)), reasons);
    for (const name of Object.keys(RED)) {
      const [kind, state] = name.split(" ");
      assert.equal(tone(kind, state), "bad", name);
      assert.equal(drillTone(kind, state), "plain", name);
    }
  });

  for (const [kind, state, expected] of [
    ["account", "ready", "ok"],
    ["account", "unconfirmed", "wait"],
    ["account", "superseded", "plain"],
    ["request", "pending", "wait"],
    ["request", "approved", "ok"],
    ["request", "denied", "plain"],
    ["decision", "deny", "wait"],
    ["finding", "group-cannot-act", "wait"],
    ["finding", "of-another-release", "wait"],
    ["duty", "request.decide", "wait"],
    ["event", "request:denied", "plain"],
    ["witness", "silent", "wait"],
    ["account", "constructor", "plain"],
    ["constructor", "toString", "plain"],
  ]) {
    it(`${kind} ${state} is ${expected}`, () => {
      assert.equal(tone(kind, state), expected);
      assert.equal(drillTone(kind, state), expected);
    });
  }
});
