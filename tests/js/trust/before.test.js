/** What becomes of an act, by what is known before it is signed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { judge } from "../../../service/browser/trust/before.js";
import { sentence } from "../../../service/browser/words/before.js";

const HOUR = 3_600_000; // ms
const MINUTE = 60_000;
const ENTERED = new Date("2026-11-02T09:00:00Z");
const after = (ms) => new Date(ENTERED.getTime() + ms);
const leaf = { seq: 40, at: ENTERED };
const asked = {
  requester: "Gus",
  signedAt: ENTERED,
  lifetime: 4 * 3600,
  offline: false,
  place: 40,
  enteredAt: ENTERED,
  leaf,
};
const entry = (changes = {}) => ({ what: "this request", hear: "Gus", leaf, ...changes });
const approval = (group, name, proved = leaf) =>
  entry({ what: `the approval of ${name}`, hear: name, group, leaf: proved });
const HONEST = {
  act: "approve",
  alarm: null,
  pinned: "the key",
  named: "the key",
  entries: [entry()],
  needed: { password: 2, mfa: 1 },
  asked,
  envelope: { version: 4, digest: "four" },
  ready: null,
  waiting: null,
  unseen: false,
  own: after(MINUTE),
  epoch: -1,
};
const ACTS = ["approve", "release", "close", "review", "confirm", "paper", "ask", "seal", "sign"];
const NOES = ["deny", "cancel"];

/** `refusal`, `press`es and remarks by their codes. */
function verdict(changes) {
  const { refusal, asks, remarks } = judge({ ...HONEST, ...changes });
  return [refusal?.code ?? "", asks.map(({ code }) => code), remarks.map(({ code }) => code)];
}
const fine = ["", [], []];
const refused = (code) => [code, [], []];
const pressed = (code) => ["", [code], []];
const ofAsked = (changes) => ({ asked: { ...asked, ...changes } });

test("nothing is said while nothing is wrong", () => {
  for (const act of [...ACTS, ...NOES]) assert.deepEqual(verdict({ act }), fine, act);
});

test("the log first, for every act that takes something; a no goes on and shows the alarm", () => {
  const alarm = { code: "log-forked", message: "it forked" };
  for (const act of ACTS) assert.deepEqual(verdict({ act, alarm }), refused("log-forked"), act);
  for (const act of NOES) assert.deepEqual(verdict({ act, alarm }), ["", [], ["log-forked"]], act);
  const [said] = judge({ ...HONEST, act: "deny", alarm }).remarks;
  assert.equal(sentence(said), "it forked");
});

test("the key of the log is the roster's, and a draft's is the pinned one", () => {
  assert.deepEqual(verdict({ named: "another" }), refused("log-key-changed"));
  assert.deepEqual(verdict({ pinned: "" }), fine);
  const draft = { act: "sign", named: "", asked: null };
  assert.deepEqual(verdict({ ...draft, drafted: "the key" }), fine);
  assert.deepEqual(verdict({ ...draft, drafted: "another" }), refused("wrong-log-key"));
  assert.deepEqual(verdict({ ...draft, drafted: "the key", pinned: "" }), pressed("log-unseen"));
});

test("what was entered after the end of its line takes nothing; approvals may be later", () => {
  const ends = (seq) => entry({ what: "the end", ends: true, leaf: { ...leaf, seq } });
  for (const act of ["approve", "release", "confirm", "paper"]) {
    assert.deepEqual(verdict({ act, entries: [entry(), ends(41)] }), fine, act);
    assert.deepEqual(verdict({ act, entries: [entry(), ends(39)] }), refused("line-retired"), act);
  }
  for (const act of ["close", "review"]) {
    assert.deepEqual(verdict({ act, entries: [entry(), ends(39)] }), fine, act);
  }
  const needed = { password: 1, mfa: 0 };
  const late = approval("password", "Ann", { ...leaf, seq: 44 });
  const entries = [entry(), late, ends(42)];
  assert.deepEqual(verdict({ act: "release", needed, entries }), fine);
  const [, , remarks] = verdict({ act: "deny", entries: [entry(), ends(39)] });
  assert.deepEqual(remarks, []);
  assert.match(sentence(judge({ ...HONEST, entries: [entry(), ends(39)] }).refusal), /retired/);
});

test("what no checkpoint covers wants a second press, that names whom to hear", () => {
  const missing = [entry({ leaf: null }), entry({ what: "the envelope", hear: "Sam", leaf: null })];
  for (const act of ACTS) {
    assert.deepEqual(verdict({ act, entries: missing }), pressed("not-yet-in-log"), act);
  }
  assert.deepEqual(verdict({ act: "cancel", entries: missing }), ["", [], ["not-yet-in-log"]]);
  const [asks] = judge({ ...HONEST, entries: missing }).asks;
  const said = "The log does not show this request and the envelope yet: hear Gus and Sam by voice before you go on.";
  assert.equal(sentence(asks), said);
});

test("of approvals, as many as make the quorum have to be there", () => {
  const all = [approval("password", "Ann"), approval("password", "Bob"), approval("mfa", "Dea")];
  const release = (...entries) => verdict({ act: "release", entries: [entry(), ...entries] });
  assert.deepEqual(release(...all), fine);
  assert.deepEqual(release(...all, approval("mfa", "Eli", null)), fine);
  assert.deepEqual(release(all[0], all[1], approval("mfa", "Eli", null)), pressed("not-yet-in-log"));
  assert.deepEqual(release(all[0], all[2]), fine, "the service refuses what is no quorum");
});

test("an entry is the request's only at the place and time that are shown", () => {
  assert.deepEqual(verdict(ofAsked({ place: 41 })), refused("entry-replaced"));
  assert.deepEqual(verdict(ofAsked({ enteredAt: after(1000) })), refused("entry-replaced"));
  const unproved = { leaf: null, place: 41, enteredAt: after(HOUR) };
  assert.deepEqual(verdict(ofAsked(unproved)), fine);
});

test("the own clock is held against the entry, ten minutes early and a lifetime late", () => {
  const own = (ms) => verdict({ own: after(ms) });
  for (const ms of [-10 * MINUTE, 0, 4 * HOUR - 1]) assert.deepEqual(own(ms), fine, String(ms));
  for (const ms of [-10 * MINUTE - 1, 4 * HOUR]) {
    assert.deepEqual(own(ms), pressed("request-over"), String(ms));
  }
  for (const act of ["release", "close", "review"]) {
    assert.deepEqual(verdict({ act, own: after(72 * HOUR) }), fine, act);
  }
  const said = (ms) => sentence(judge({ ...HONEST, own: after(ms) }).asks[0]);
  const both = /clock says 2026-11-05 13:00:00 UTC; it entered the log at 2026-11-02 09:00:00 UTC/;
  assert.match(said(76 * HOUR), both);
  assert.match(said(76 * HOUR), /if this device's clock is right, this request ended 3 days ago/i);
  assert.match(said(-HOUR), /this request was made 1 hour from now: hear Gus by voice/);
});

test("without an entry a lifetime counts from what was signed, and from no time of the answer", () => {
  const unproved = { leaf: null, signedAt: ENTERED, enteredAt: after(100 * HOUR) };
  assert.deepEqual(verdict({ ...ofAsked(unproved), own: after(4 * HOUR) }), pressed("request-over"));
  assert.deepEqual(verdict({ ...ofAsked(unproved), own: after(HOUR) }), fine);
});

test("a request is signed within ten minutes of its entry, unless it was made offline", () => {
  for (const ms of [-10 * MINUTE, 10 * MINUTE]) {
    assert.deepEqual(verdict(ofAsked({ signedAt: after(ms) })), fine, String(ms));
  }
  for (const ms of [-10 * MINUTE - 1000, 10 * MINUTE + 1000]) {
    assert.deepEqual(verdict(ofAsked({ signedAt: after(ms) })), refused("clock-differs"), String(ms));
  }
  assert.deepEqual(verdict(ofAsked({ signedAt: after(-HOUR), offline: true })), fine);
  assert.deepEqual(verdict({ act: "release", ...ofAsked({ signedAt: after(-HOUR) }) }), fine);
});

test("what was entered before an epoch takes no approval and no release; the rest goes on", () => {
  for (const act of ["approve", "release"]) {
    assert.deepEqual(verdict({ act, epoch: 41 }), refused("request-before-epoch"), act);
    assert.deepEqual(verdict({ act, epoch: 40 }), fine, act);
  }
  assert.deepEqual(verdict({ epoch: 41, ...ofAsked({ leaf: null }) }), refused("request-before-epoch"));
  for (const act of ["close", "review", "deny"]) {
    assert.equal(verdict({ act, epoch: 41 })[0], "", act);
  }
});

test("an envelope older than one verified as ready is refused, and nothing else about versions", () => {
  const ready = (version, digest) => verdict({ ready: { version, digest } });
  assert.deepEqual(ready(5, "five"), refused("envelope-rewound"));
  assert.deepEqual(ready(4, "another"), refused("envelope-rewound"));
  assert.deepEqual(ready(4, "four"), fine);
  assert.deepEqual(ready(3, "three"), fine);
  const five = { version: 5, digest: "five" };
  assert.deepEqual(verdict({ act: "seal", envelope: null, ready: five }), refused("envelope-rewound"));
  for (const act of ["release", "close", "review"]) {
    assert.deepEqual(verdict({ act, ready: five }), fine, act);
  }
});

test("a newer envelope that is not ready is a line", () => {
  const waiting = { version: 5, confirmed: 2, wanted: 4 };
  assert.deepEqual(verdict({ waiting }), ["", [], ["newer-envelope"]]);
  const [said] = judge({ ...HONEST, waiting }).remarks;
  assert.equal(sentence(said), "Version 5 waits for confirmations, 2 of 4.");
});

test("an entry that no outsider has seen is a line for an act that hands something over", () => {
  for (const act of ["approve", "release"]) {
    assert.deepEqual(verdict({ act, unseen: true }), ["", [], ["not-yet-witnessed"]], act);
  }
  for (const act of ["close", "review", "confirm", "paper", "ask", "seal", "sign", ...NOES]) {
    assert.deepEqual(verdict({ act, unseen: true }), fine, act);
  }
  assert.match(sentence({ code: "not-yet-witnessed", facts: {} }), /^No outsider has seen this entry/);
});
