/** What needs someone: hints, pages, tones and what is known of an announcement. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { UNHEARD, announced, channelInWords, willBeAnnounced } from "../../../service/browser/words/announced.js";
import { DUTIES, attention, duty } from "../../../service/browser/words/duties.js";
import { FINDINGS, finding, worstFirst } from "../../../service/browser/words/findings.js";
import { ACTIONS, actionName, eventInList, eventTone } from "../../../service/browser/words/events.js";
import { REFUSALS, refusal } from "../../../service/browser/words/refusals.js";
import { RED } from "../../../service/browser/words/tones.js";

const ACCOUNT = "111122223333.2";
const NOW = new Date("2026-05-06T14:00:00Z");

describe("a finding", () => {
  const of = (code, more = {}) => finding({ account: ACCOUNT, code, message: "m", ...more });

  it("has a hint each, and a page where there is one", () => {
    for (const code of FINDINGS) {
      assert.match(of(code).hint, /^[A-Z].*\.$/, code);
      if (code !== "exposed-retired") assert.match(of(code).path, /^\/(accounts\/111122223333\.2\/[a-z]+|operate)$/);
    }
    assert.equal(of("exposed").path, `/accounts/${ACCOUNT}/seal`);
    assert.equal(of("exposed", { account: "../x" }).path, "/accounts/..%2Fx/seal");
  });

  it("is said from its values where the service sends them, else as the service says it", () => {
    assert.equal(of("no-spare-custodian").text, "M.");
    const values = { group: "mfa" };
    assert.equal(of("no-spare-custodian", { values }).text, "The MFA group needs every member: no one can be away.");
  });

  it("of new keys is red until a roster names them", () => {
    assert.equal(of("keys-replaced").tone, "bad");
    assert.equal(of("keys-replaced", { values: { named: false } }).tone, "bad");
    assert.equal(of("keys-replaced", { values: { named: true } }).tone, "wait");
    assert.equal(of("exposed", { values: { named: true } }).tone, "bad");
  });

  it("goes by what the service calls urgent, else by its own list", () => {
    assert.equal(of("group-cannot-act").urgent, true);
    assert.equal(of("drill-due").urgent, false);
    assert.equal(of("drill-due", { urgent: true }).urgent, true);
    const found = ["drill-due", "group-cannot-act", "exposed", "no-spare", "nobody-told"].map((code) => of(code, { message: code }));
    assert.deepEqual(worstFirst(found).map(({ text }) => text), [
      "Exposed.", "Nobody-told.", "Group-cannot-act.", "Drill-due.", "No-spare.",
    ]);
  });
});

describe("a duty", () => {
  const waits = { what: "payments: Ria asks to be root", account: ACCOUNT, request: "r-1", act: "request.decide", command: "breakglass approve r-1", due_at: "2026-05-06T14:12:00Z" };

  it("leads to a page, and says when it is too late", () => {
    assert.deepEqual(duty(waits, NOW), {
      text: "Payments: Ria asks to be root.",
      button: "Look and decide",
      path: "/requests/r-1",
      due: "It expires in 12 minutes, at 14:12 UTC",
      command: "breakglass approve r-1",
      tone: "wait",
    });
    const fetch = duty({ ...waits, act: "request.fetch" }, NOW);
    assert.deepEqual([fetch.path, fetch.tone], ["/requests/r-1/release", "bad"]);
    assert.match(fetch.due, /^The window closes in/);
    assert.match(duty({ ...waits, act: "envelope.seal" }, NOW).due, /^To be replaced in/);
    assert.equal(duty({ ...waits, due_at: "" }, NOW).due, "1111 2222 3333.2");
  });

  it("has a button and a page each, and nothing in it is obeyed", () => {
    for (const act of DUTIES) {
      const found = duty({ ...waits, act, request: "../$&{account}" }, NOW);
      assert.match(found.path, /^\/(operate|requests\/\.\.%2F%24%26%7Baccount%7D(\/[a-z]+)?|accounts\/111122223333\.2\/[a-z]+)$/, act);
      assert.match(found.button, /^[A-Z]/);
    }
    assert.equal(duty({ ...waits, act: "of.another-release" }, NOW).path, "/requests/r-1");
  });

  it("are counted", () => {
    assert.deepEqual([0, 1, 2, 12].map(attention), [
      "Nothing needs your attention",
      "One thing needs your attention",
      "Two things need your attention",
      "12 things need your attention",
    ]);
  });
});

describe("an event in a list", () => {
  const leaf = (action, details = {}) => ({ action, actor: "kai", subject: ACCOUNT, details });
  const said = (one, account = "Pay\nments") => eventInList(one, { who: "Kai", account });

  it("says how far, of what, and that it is a drill", () => {
    assert.equal(said(leaf("request:approved", { group: "mfa", counted: 1, needed: 2 })), "Kai approved for the MFA group, 1 of 2");
    assert.equal(said(leaf("request:approved", { group: "mfa", counted: 2, needed: 2 })), "Kai approved for the MFA group, 2 of 2");
    assert.equal(said(leaf("request:approved", { group: "mfa", counted: 3, needed: 2 })), "Kai approved for the MFA group, beyond the 2 needed");
    assert.equal(said(leaf("request:approved", { group: "mfa" })), "Kai approved for the MFA group");
    assert.equal(said(leaf("request:opened")), "Kai asks to be root of Pay ments");
    assert.equal(said(leaf("request:opened"), ""), "Kai asks to be root");
    assert.equal(said(leaf("request:opened", { drill: true })), "Kai asks for a drill of Pay ments");
  });

  it("puts in what came, once", () => {
    assert.equal(eventInList(leaf("session:all-ended", { name: "{who} $&" }), { who: "{name}", account: "" }), "{name} ended all sessions of {who} $&");
    assert.equal(eventInList(leaf("session:all-ended", { __proto__: { name: "Bo" } }), { who: "Kai", account: "" }), "Kai ended all sessions of ?");
  });

  it("has a tone: red by the table, never in a drill, and each red one exists", () => {
    assert.equal(eventTone(leaf("request:released")), "bad");
    assert.equal(eventTone(leaf("request:released"), true), "plain");
    assert.equal(eventTone(leaf("request:released", { drill: true })), "plain");
    assert.equal(eventTone(leaf("request:opened")), "plain");
    for (const name of Object.keys(RED)) {
      const [kind, state] = name.split(" ");
      if (kind === "event") assert.ok(ACTIONS.includes(state), name);
      if (kind === "finding") assert.ok(FINDINGS.includes(state), name);
      if (kind === "duty") assert.ok(DUTIES.includes(state), name);
    }
  });

  it("has a name to choose it by, each its own", () => {
    assert.equal(actionName("request:ended-by-denial"), "request: ended by denial");
    assert.equal(new Set(ACTIONS.map(actionName)).size, ACTIONS.length);
  });
});

describe("a refusal", () => {
  it("says what the service adds, and nothing twice", () => {
    assert.deepEqual(refusal("conflict", "someone else changed this at the same time; reload it and try again"), {
      text: "Someone else changed this at the same time; reload it and try again.",
      toldDetail: "",
      advice: "Load this again and look before you decide.",
    });
    assert.equal(refusal("wrong-state", "the request is rotation due").toldDetail, "The request is rotation due.");
    assert.equal(refusal("taken", "").advice, "");
  });

  it("has advice only for codes that there are", () => {
    const advised = REFUSALS.filter((code) => refusal(code, "").advice);
    assert.equal(advised.length, 24);
  });
});

describe("an announcement", () => {
  const SENT = { entry: 41, proved: true, toldOutside: true, toldSent: null };
  const notice = (more) => announced({ ...SENT, ...more }).toldNotice;

  it("is known to be in the log where that was proved", () => {
    assert.equal(announced(SENT).log, "Recorded in the log as entry 41; this browser has verified that.");
    assert.match(announced({ ...SENT, proved: false }).log, /^The service says .* has not verified that yet\.$/);
  });

  it("is known to be accepted by SNS, and no more", () => {
    const sent = (accepted, waiting) => notice({ toldSent: { accepted, waiting } });
    assert.equal(notice({}), "Whether its notice has been sent is not known here.");
    assert.equal(sent(1, 0), "Amazon SNS has accepted its notice for 1 channel.");
    assert.equal(sent(2, 1), "Amazon SNS has accepted its notice for 2 of 3 channels; the rest are not sent yet.");
    assert.equal(sent(0, 2), "Amazon SNS has not accepted its notice yet, for 2 channels.");
    assert.equal(sent(0, 0), "There is no channel for its notice.");
    assert.match(notice({ toldOutside: false, toldSent: { accepted: 2, waiting: 0 } }), /no one outside/);
  });

  it("is promised to no one beforehand", () => {
    const both = [true, false].map((toldOutside) => willBeAnnounced({ toldOutside }));
    assert.match(both[0], /announced through Amazon SNS\.$/);
    assert.match(both[1], /announced to no one outside/);
    for (const said of [...both, UNHEARD, notice({})]) assert.doesNotMatch(said, /every(one|body)|is told/i);
  });

  it("of a channel is how many are not sent", () => {
    const channel = (waiting, fault) =>
      channelInWords({ channel: "arn", waiting, oldest_at: "t", fault }, (at) => `<${at}>`);
    assert.equal(channel(0, ""), "Every notice has been accepted.");
    assert.equal(channel(0, "denied"), "It fails: denied.");
    assert.equal(channel(1, ""), "1 notice not sent, the oldest of <t>.");
    assert.equal(channel(2, "den\nied"), "2 notices not sent, the oldest of <t>: den ied.");
  });
});
