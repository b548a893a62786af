/** The life of a request: which steps there are, in which order, in which words, and where they lie. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { stepInWords, stepTone, steps } from "../../../service/browser/words/life.js";
import { endInWords, lifeLine } from "../../../service/browser/words/lifeLine.js";
import { asked, decided, minute, word } from "./asked.js";

const told = (toldState, toldTimedOut = null) => ({ toldState, toldTimedOut, toldSeq: 0 });
const kinds = (found) => found.map(({ kind }) => kind);
const release = word("release", 9, { requester: "ria", note: "" });
const closure = word("closure", 11, { requester: "ria", summary: "fixed" });
const review = (reviewer, group, seq, rotated = true) =>
  word("review", seq, { reviewer, group, rotated, note: "looked" });

describe("the steps of a request", () => {
  const released = asked({
    decisions: [decided("eli", true, 3), decided("ann", false, 1, "why now?"), decided("ann", true, 2)],
    further: [closure, release],
  });

  it("are in the log's order, signed by people", () => {
    const found = steps(released, told("rotation_due"));
    assert.deepEqual(kinds(found), ["request", "deny", "approve", "approve", "release", "closure"]);
    assert.ok(found.every(({ signed }) => signed));
    assert.deepEqual(found.map(({ seq }) => seq), [0, 1, 2, 3, 9, 11]);
  });

  it("begin with the question, whatever its entry is said to be", () => {
    assert.equal(steps(released, { ...told("rotation_due"), toldSeq: 99 })[0].kind, "request");
  });

  const expiry = { leaf: 4, at: "2026-05-06T15:00:00Z" };
  const early = { leaf: 4, at: "2026-05-06T14:30:00Z" };
  for (const [what, verified, state, timedOut, last, at, seq] of [
    ["expired, not entered", asked(), "expired", null, "expired", minute(60), -1],
    ["expired", asked(), "expired", expiry, "expired", minute(60), 4],
    ["expired early", asked(), "expired", early, "expired-early", minute(30), 4],
    ["a time that is none", asked(), "expired", { leaf: 4, at: "soon" }, "expired", minute(60), 4],
    ["window over", asked({ further: [release] }), "rotation_due", null, "window-ended", minute(24), -1],
    [
      "window over early",
      asked({ further: [release] }),
      "rotation_due",
      { leaf: 10, at: "2026-05-06T14:20:00Z" },
      "window-ended-early",
      minute(20),
      10,
    ],
  ]) {
    it(`end by time: ${what}`, () => {
      const found = steps(verified, told(state, timedOut)).at(-1);
      assert.deepEqual([found.kind, found.at, found.seq, found.signed], [last, at, seq, false]);
    });
  }

  it("do not end by time while it is open, closed by its requester, or a drill", () => {
    const drill = asked({ request: { drill: true }, further: [release] });
    for (const [verified, state] of [
      [asked(), "pending"],
      [asked({ further: [release] }), "released"],
      [released, "rotation_due"],
      [drill, "closed"],
      [asked(), "denied"],
    ]) {
      assert.ok(steps(verified, told(state)).every(({ signed }) => signed), state);
    }
  });

  it("are said with names and quotes", () => {
    const verified = asked({
      decisions: [decided("ann", false, 1, "why\nnow?"), decided("eli", true, 2)],
      further: [
        word("cancellation", 3, { requester: "ria", reason: "not needed" }),
        release,
        closure,
        review("ann", "password", 12),
        review("eli", "mfa", 13, false),
      ],
    });
    const found = steps(verified, told("rotation_due", null));
    assert.deepEqual(
      found.map((one) => stepInWords(one, verified.chain)),
      [
        "Ria asked",
        "Ann denied for the password group: “why now?”",
        "Eli approved for the MFA group",
        "Ria took the request back: “not needed”",
        "the shares were released to Ria",
        "Ria says the work is done: “fixed”",
        "Ann reviewed for the password group: “looked”",
        "Eli reviewed for the MFA group, and found the password NOT changed: “looked”",
      ],
    );
    const [, , , , out] = found;
    assert.deepEqual([stepTone(out, false), stepTone(out, true)], ["bad", "plain"]);
  });

  it("say why time came early", () => {
    for (const kind of ["expired-early", "window-ended-early"]) {
      assert.match(stepInWords({ kind, person: "", group: "", said: "" }, asked().chain), /early: the log began a new epoch/);
    }
  });
});

describe("the line", () => {
  const line = (verified, toldState, now) =>
    lifeLine(steps(verified, told(toldState)), { ...verified, toldState, now });

  it("ends where the request expires", () => {
    const found = line(asked({ decisions: [decided("ann", true, 15)] }), "pending", minute(30));
    assert.deepEqual(found.dots.map(({ x }) => x), [0, 0.25]);
    assert.deepEqual([found.now, found.end, found.ends], [0.5, minute(60), "expires"]);
    assert.equal(
      found.label,
      "14:00 UTC: Ria asked; 14:15 UTC: Ann approved for the password group. Expires in 30 minutes, at 15:00 UTC.",
    );
  });

  it("ends with the signed window", () => {
    const found = line(asked({ further: [release] }), "released", minute(12));
    assert.deepEqual([found.end, found.ends, found.now], [minute(24), "window closes", 0.5]);
    assert.equal(endInWords(found, minute(12)), "The window closes in 12 minutes, at 14:24 UTC.");
    assert.equal(endInWords(found, minute(24)), "The window closed just now, at 14:24 UTC.");
  });

  it("ends now while something is due, and with its last step once it is over", () => {
    const due = line(asked({ further: [release, closure] }), "rotation_due", minute(44));
    assert.deepEqual([due.ends, due.now, endInWords(due, minute(44))], ["now", 1, ""]);
    const over = line(asked({ decisions: [decided("ann", false, 6, "no")] }), "denied", minute(90));
    assert.deepEqual([over.ends, over.end, over.now], ["ended", minute(6), 1]);
  });

  it("says what is past as past, and leaves no dot outside", () => {
    const found = line(asked({ decisions: [decided("ann", true, 75)] }), "pending", minute(61));
    assert.deepEqual([found.now, found.dots.at(-1).x], [1, 1]);
    assert.match(found.label, /Its time ran out 1 minute ago, at 15:00 UTC\.$/);
    assert.ok(!Number.isNaN(lifeLine([], { ...asked({ request: { expiresAt: minute(0) } }), toldState: "pending", now: minute(0) }).now));
  });
});
