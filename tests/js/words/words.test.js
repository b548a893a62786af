/** Every row of the vectors of words: said as Python says it, with words for every code that it knows. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { duration, listing, oneLine, spaced } from "../../../service/browser/link/render.js";
import { CAUSES } from "../../../service/browser/words/causes.js";
import { DUTIES, duty, dutyInWords } from "../../../service/browser/words/duties.js";
import { ACTIONS, eventInWords } from "../../../service/browser/words/events.js";
import { FINDINGS, URGENT, finding, findingInWords } from "../../../service/browser/words/findings.js";
import { GROUP_WORDS, groupName } from "../../../service/browser/words/groups.js";
import { REFUSALS, refusal } from "../../../service/browser/words/refusals.js";
import { OUTCOMES, REQUEST_STATES } from "../../../service/browser/words/states.js";
import { KINDS } from "../../../service/browser/words/year.js";

const VECTORS = new URL("../../vectors/words.json", import.meta.url);
const { act, cases } = JSON.parse(readFileSync(VECTORS, "utf8"));

const CODES = {
  findings: FINDINGS,
  "urgent findings": URGENT,
  causes: CAUSES,
  duties: DUTIES,
  events: ACTIONS,
  refusals: REFUSALS,
  "request states": REQUEST_STATES,
  outcomes: Object.keys(OUTCOMES),
  year: Object.keys(KINDS),
  groups: Object.keys(GROUP_WORDS),
};
const SAY = {
  codes: (name) => [...CODES[name]].sort(),
  "one line": oneLine,
  listing,
  number: spaced,
  group: groupName,
  duration,
  finding: ({ code, ...values }) => findingInWords(code, values),
  duty: ({ act: name, ...values }) => dutyInWords(name, values),
  event: ({ who, ...leaf }) => eventInWords(leaf, who),
  refusal: (code) => refusal(code, "").text,
};
const whole = (text) => text.slice(0, 1).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

describe(`words: ${act}`, () => {
  it("are of every kind", () => assert.deepEqual(cases.map(({ id }) => id).sort(), Object.keys(SAY).sort()));
  for (const { id, rows } of cases) {
    for (const [place, [given, said]] of rows.entries()) {
      it(`${id} ${place}`, () => {
        const found = SAY[id](given);
        if (id !== "refusal") assert.deepEqual(found, said);
        else if (said) assert.equal(found, whole(said));
        // Python has a sentence for each case alone of these; here the code has one of its own.
        else assert.doesNotMatch(found, /does not know/);
      });
    }
  }
});

describe("a code that no table has", () => {
  it("is said to be unknown, or shown as the service sent it", () => {
    for (const code of ["of-another-release", "constructor", "toString", ""]) {
      assert.equal(findingInWords(code, {}), null);
      assert.equal(dutyInWords(code, {}), null);
      assert.equal(eventInWords({ action: code, details: {} }, "Kai"), code);
      const said = refusal(code, "the moon is full");
      assert.match(said.text, /does not know/);
      assert.deepEqual([said.toldDetail, said.advice], ["The moon is full.", ""]);
      const told = finding({ account: "111122223333", code, message: "odd\nthing" });
      assert.deepEqual(told, { text: "Odd thing.", hint: "", path: "", tone: "wait", urgent: false });
      const waits = { what: "odd", account: "111122223333", request: "", act: code, command: "c", due_at: "" };
      assert.equal(duty(waits, new Date(0)).path, "/accounts/111122223333");
    }
  });
});
