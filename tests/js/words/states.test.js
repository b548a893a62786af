/** States in words, what heads a request, and what is said of a state of another release. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { groupName, neededOfEach } from "../../../service/browser/words/groups.js";
import {
  REQUEST_STATES,
  UNFINISHED,
  accountState,
  requestHeading,
  requestState,
} from "../../../service/browser/words/states.js";

const heading = (state, more = {}) =>
  requestHeading({ state, drill: false, who: "Ria", where: "Payments", ...more });

describe("a request's state", () => {
  it("is red while the password is out, and in no drill", () => {
    const red = REQUEST_STATES.filter((state) => requestState(state).tone === "bad");
    assert.deepEqual(red, ["released", "rotation_due"]);
    for (const state of REQUEST_STATES) assert.notEqual(requestState(state, { drill: true }).tone, "bad");
    assert.equal(requestState("released", { drill: true }).words, "drill: the shares were handed over");
  });

  it("is said to be unknown where it is", () => {
    for (const state of ["", "constructor", "half\nopen"]) {
      assert.match(requestState(state).words, /^in a state that this page does not know: [^\n]*$/);
      assert.equal(requestState(state).tone, "plain");
    }
  });

  it("heads it with a sentence of its own", () => {
    const said = REQUEST_STATES.map((state) => heading(state));
    assert.equal(new Set(said).size, REQUEST_STATES.length);
    for (const one of said) assert.match(one, /Payments/);
    assert.equal(heading("pending"), "Ria asks to be root of Payments");
    assert.equal(heading("constructor"), "Ria asked to be root of Payments");
  });

  it("never says root of a drill", () => {
    for (const state of [...REQUEST_STATES, "other"]) {
      const said = heading(state, { drill: true });
      assert.match(said, /drill of Payments/);
      assert.doesNotMatch(said, /root/);
    }
  });

  it("keeps names on one line", () => {
    assert.equal(heading("pending", { who: "R\ni\u202ea" }), "R i\ufffda asks to be root of Payments");
  });

  it("is unfinished until it is closed", () => {
    assert.deepEqual(UNFINISHED, ["pending", "approved", "released", "rotation_due", "review_due"]);
  });
});

describe("an account's state", () => {
  const SINCE = "2026-05-06T14:00:00Z";
  it("is that it is retired, but for a password that is out", () => {
    assert.deepEqual(accountState("ready", SINCE), { words: "retired since 6 May 2026", tone: "plain" });
    assert.deepEqual(accountState("exposed", SINCE), {
      words: "exposed: change the password; retired since 6 May 2026",
      tone: "bad",
    });
    assert.deepEqual(accountState("ready"), { words: "sealed and ready", tone: "ok" });
  });
});

describe("a group", () => {
  it("has a name, and takes so many", () => {
    assert.equal(groupName("mfa"), "MFA group");
    assert.equal(neededOfEach({ password: 2, mfa: 1 }), "2 of the password group and 1 of the MFA group");
  });
});
