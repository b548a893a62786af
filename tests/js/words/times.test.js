/** Times in words: every border between two wordings, and text that is no time. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { lifetimes, windows, withInForce } from "../../../service/browser/words/durations.js";
import {
  UNKNOWN,
  clock,
  countdown,
  day,
  exact,
  relative,
  span,
  when,
} from "../../../service/browser/words/times.js";

const NOW = new Date("2026-05-06T14:00:00Z");
const after = (seconds) => new Date(NOW.getTime() + seconds * 1000);

describe("a length of time", () => {
  for (const [seconds, words] of [
    [0, "0 seconds"],
    [1, "1 second"],
    [59.9, "59 seconds"],
    [60, "1 minute"],
    [119, "1 minute"],
    [3599, "59 minutes"],
    [3600, "1 hour"],
    [3660, "1 hour 1 minute"],
    [13_260, "3 hours 41 minutes"],
    [86_399, "23 hours 59 minutes"],
    [86_400, "1 day"],
    [86_700, "1 day"],
    [90_000, "1 day 1 hour"],
    [172_800, "2 days"],
    [-120, "2 minutes"],
  ]) {
    it(`of ${seconds} seconds`, () => assert.equal(span(seconds), words));
  }
});

describe("a time seen from now", () => {
  for (const [seconds, words] of [
    [0, "just now"],
    [-9, "just now"],
    [9, "in a moment"],
    [10, "in 10 seconds"],
    [-10, "10 seconds ago"],
    [720, "in 12 minutes"],
    [-3 * 86_400, "3 days ago"],
  ]) {
    it(`${seconds} seconds away`, () => assert.equal(relative(after(seconds), NOW), words));
  }
});

describe("the exact time beside it", () => {
  for (const [at, words] of [
    ["2026-05-06T14:02:59Z", "14:02 UTC"],
    ["2026-05-07T09:59:59Z", "09:59 UTC"],
    ["2026-05-07T10:00:00Z", "7 May, 10:00 UTC"],
    ["2026-05-03T14:02:00Z", "3 May, 14:02 UTC"],
    ["2025-12-31T23:59:00Z", "31 December 2025, 23:59 UTC"],
  ]) {
    it(at, () => assert.equal(clock(at, NOW), words));
  }

  it("comes after the words", () => {
    assert.equal(when("2026-05-06T14:12:00Z", NOW), "in 12 minutes, at 14:12 UTC");
    assert.equal(when("2026-05-03T14:02:00Z", NOW), "2 days 23 hours ago, on 3 May, 14:02 UTC");
    assert.equal(day("2026-11-22T23:59:59Z"), "22 November 2026");
    assert.equal(exact(new Date("2026-11-22T14:21:05.900Z")), "2026-11-22 14:21:05 UTC");
  });

  it("is unknown where the text is no time", () => {
    for (const none of ["", "soon", "2026-05-06", "2026-13-06T14:00:00Z", "2026-05-06T14:00:00+01:00", new Date(NaN)]) {
      for (const said of [clock(none, NOW), relative(none, NOW), when(none, NOW), day(none), exact(none)]) {
        assert.equal(said, UNKNOWN);
      }
    }
  });

  it("counts down to nothing and not below", () => {
    const said = [3600, 3599.2, 65, 9, 0.1, 0, -5].map(countdown);
    assert.deepEqual(said, ["1:00:00", "1:00:00", "1:05", "0:09", "0:01", "0:00", "0:00"]);
  });
});

describe("lengths to choose from", () => {
  const seconds = (found) => found.map((one) => one.seconds);

  it("end with the policy's own", () => {
    assert.deepEqual(seconds(lifetimes(3600)), [900, 1800, 3600]);
    assert.deepEqual(seconds(lifetimes(600)), [600]);
    assert.deepEqual(windows(1000).map(({ words }) => words), ["5 minutes", "15 minutes", "16 minutes"]);
  });

  it("have the one in force, once and in order", () => {
    assert.deepEqual(seconds(withInForce(windows(900), 600)), [300, 600, 900]);
    assert.deepEqual(seconds(withInForce(windows(900), 900)), [300, 900]);
  });
});
