/** Who has decided, who is awaited, what each person may do, and what comes next. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { columns, lacking, waitingFor } from "../../../service/browser/words/progress.js";
import { button, mayDo, myWord, nextInWords, reviewsFor } from "../../../service/browser/words/standing.js";
import { asked, decided, minute, roster, word } from "./asked.js";

const NOBODY = new Set();
const both = (verified, more = {}) =>
  columns(verified, { me: "bob", newKeys: NOBODY, open: true, now: minute(30), ...more });
const stands = ({ people }) => people.map(({ person, stand }) => `${person} ${stand}`);

describe("both groups", () => {
  const verified = asked({
    decisions: [decided("ann", true, 1), decided("cem", true, 2), decided("cem", false, 3, "not\nnow")],
  });

  it("have each person's last word", () => {
    const [password, mfa] = both(verified);
    assert.deepEqual(stands(password), ["ann approve", "bob awaited", "cem deny"]);
    assert.deepEqual(stands(mfa), ["dea awaited", "eli awaited", "fay awaited"]);
    assert.deepEqual([password.title, mfa.title], ["Password group", "MFA group"]);
    assert.deepEqual([password.approved, password.needed, password.short], [1, 2, 1]);
    const [ann, bob, cem] = password.people;
    assert.deepEqual([ann.words, ann.tone, ann.why], ["approved at 14:01 UTC", "ok", ""]);
    assert.deepEqual([bob.name, bob.me, bob.words, bob.tone], ["Bob (you)", true, "has not decided yet", "wait"]);
    assert.deepEqual([cem.words, cem.tone, cem.why], ["denied at 14:03 UTC", "wait", "not now"]);
  });

  it("say who is lacking, by name", () => {
    const [password, mfa] = both(verified);
    assert.equal(lacking(password), "1 more of the password group: Bob (you)");
    assert.equal(lacking(mfa), "1 more of the MFA group: Dea, Eli or Fay");
    assert.equal(waitingFor([password, mfa]), `waiting for ${lacking(password)}; and ${lacking(mfa)}`);
    assert.equal(lacking(both(asked())[0]), "2 more of the password group: Ann, Bob (you) or Cem");
  });

  it("say that no one is left to decide", () => {
    const denied = asked({ decisions: [decided("ann", false, 1, "no"), decided("cem", false, 2, "no")] });
    assert.equal(lacking(both(denied)[0]), "2 more of the password group, and only Bob (you) can still decide");
    const lost = both(asked(), { newKeys: new Set(["dea", "eli", "fay"]) })[1];
    assert.deepEqual(stands(lost), ["dea new-keys", "eli new-keys", "fay new-keys"]);
    assert.equal(lacking(lost), "1 more of the MFA group, and no one is left to decide");
  });

  it("lack nothing once both have enough", () => {
    const enough = asked({ decisions: [decided("ann", true, 1), decided("bob", true, 2), decided("eli", true, 3)] });
    assert.equal(waitingFor(both(enough)), "");
    assert.deepEqual(both(enough).map(({ short }) => short), [0, 0]);
  });

  it("count no approval that does not hold", () => {
    const late = asked({ decisions: [decided("ann", true, 61)] });
    assert.deepEqual(stands(both(late)[0])[0], "ann not-counted");
    const shareless = asked({ decisions: [decided("ann", true, 1)], holders: ["password bob", "mfa eli"] });
    const [password] = both(shareless);
    assert.deepEqual(stands(password), ["ann not-counted", "bob awaited", "cem no-share"]);
    assert.equal(password.people[0].tone, "wait");
  });

  it("wait for no one when it is over", () => {
    assert.deepEqual(stands(both(asked(), { open: false })[1]), ["dea silent", "eli silent", "fay silent"]);
  });
});

describe("what a person may do", () => {
  const closure = word("closure", 11, { requester: "ria", summary: "" });
  const review = (reviewer, group, seq, rotated = true) => word("review", seq, { reviewer, group, rotated });
  const may = (me, toldState, given = {}, newKeys = NOBODY) => mayDo(asked(given), { me, newKeys, toldState }).join(" ");
  const approved = { decisions: [decided("ann", true, 1)] };
  const denied = { decisions: [decided("ann", true, 1), decided("ann", false, 2, "no")] };

  for (const [me, state, given, expected] of [
    ["ann", "pending", {}, "approve deny"],
    ["ann", "pending", approved, "deny"],
    ["ann", "approved", denied, "approve"],
    ["ann", "denied", {}, ""],
    ["sal", "pending", {}, ""],
    ["zoe", "pending", {}, ""],
    ["ria", "pending", {}, "again cancel"],
    ["ria", "approved", {}, "release again cancel"],
    ["ria", "released", {}, "release"],
    ["ria", "rotation_due", {}, "close"],
    ["ria", "rotation_due", { further: [closure] }, ""],
    ["ria", "review_due", {}, ""],
    ["ria", "expired", {}, "again"],
    ["ria", "closed", {}, ""],
    ["ria", "of-another-release", {}, ""],
    ["sal", "rotation_due", {}, "seal"],
    ["sal", "rotation_due", { request: { drill: true } }, ""],
    ["sal", "released", {}, ""],
    ["ann", "review_due", {}, "review"],
    ["ann", "review_due", { further: [review("bob", "password", 12)] }, ""],
    ["ann", "review_due", { further: [review("dea", "mfa", 12)] }, "review"],
    ["ann", "review_due", { further: [review("bob", "password", 12), review("dea", "mfa", 13, false)] }, "review"],
    ["ann", "review_due", { further: [review("ann", "mfa", 12)] }, ""],
    ["sal", "review_due", {}, ""],
  ]) {
    it(`${me} of ${state}: ${expected || "nothing"}`, () => assert.equal(may(me, state, given), expected));
  }

  it("is nothing with other keys than rosters name", () => {
    assert.equal(may("ann", "pending", {}, new Set(["ann"])), "");
    assert.equal(may("ria", "approved", {}, new Set(["ria"])), "");
  });

  it("goes by the newest roster after a release, and by the request's own before", () => {
    const without = roster("r2", {
      groups: { password: { threshold: 1, custodians: ["bob"] }, mfa: { threshold: 1, custodians: ["ann"] } },
      sealers: [],
    });
    const rosters = [roster("r1"), without];
    assert.equal(reviewsFor(asked({ rosters }), "ann"), "mfa");
    assert.equal(reviewsFor(asked({ rosters }), "cem"), null);
    assert.equal(may("cem", "pending", { rosters }), "approve deny");
    assert.equal(may("sal", "rotation_due", { rosters }), "");
  });

  it("has a button each", () => {
    assert.equal(myWord(asked(denied), "ann"), "deny");
    assert.equal(button("release", { drill: true, toldState: "approved" }), "Release the drill");
    assert.equal(button("release", { drill: false, toldState: "approved" }), "Release the password");
    assert.equal(button("release", { drill: false, toldState: "released" }), "Go to the release");
    assert.equal(button("close", { drill: false, toldState: "rotation_due" }), "Say what was done");
  });
});

describe("what comes next", () => {
  const next = (toldState, given = {}, me = "ann", now = minute(30)) => {
    const verified = asked(given);
    return nextInWords(verified, { both: both(verified, { me }), me, toldState, now });
  };
  const release = word("release", 20, { requester: "ria", note: "" });
  const enough = { decisions: [decided("ann", true, 1), decided("bob", true, 2), decided("eli", true, 3)] };
  const review = word("review", 30, { reviewer: "bob", group: "password", rotated: true });

  for (const [what, said, expected] of [
    [
      "waits for people by name",
      next("pending", { decisions: enough.decisions.slice(1) }),
      "Waiting for 1 more of the password group: Ann (you) or Cem. It expires in 30 minutes, at 15:00 UTC.",
    ],
    ["waits for its requester", next("approved", enough), "Waiting for Ria to release it. It expires in 30 minutes, at 15:00 UTC."],
    ["waits for you", next("approved", enough, "ria"), "Waiting for you to release it. It expires in 30 minutes, at 15:00 UTC."],
    ["is over by this clock", next("pending", {}, "ann", minute(60)), "Its time ran out: nothing more is taken."],
    ["is open", next("released", { further: [release] }), "Ria says what was done. The window closes in 5 minutes, at 14:35 UTC."],
    ["is open to you", next("released", { further: [release] }, "ria"), "You say what was done. The window closes in 5 minutes, at 14:35 UTC."],
    ["window is over", next("released", { further: [release] }, "ann", minute(35)), "The window is over: the password must be changed."],
    ["is to be sealed", next("rotation_due", {}, "sal"), "The password must be changed at AWS, and the new one sealed. May seal: Sal (you) and Cem."],
    ["is to be reviewed", next("review_due"), "Waiting for a review by the password group and the MFA group."],
    ["is to be reviewed once more", next("review_due", { further: [review] }), "Waiting for a review by the MFA group."],
    ["is over", next("closed"), ""],
  ]) {
    it(what, () => assert.equal(said, expected));
  }
});
