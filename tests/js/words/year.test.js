/** A year drawn and in words: what stands where, and that every number is in both. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { KINDS, answersInWords, drawing, waitsInWords } from "../../../service/browser/words/year.js";

const NONE = { asked: 0, unchanged: 0, changed: 0, drill: 0, denied: 0, lapsed: 0 };
const week = (day, more = {}) => ({ begin: `2026-05-${day}T00:00:00Z`, ...NONE, ...more });
const TODAY = "2026-05-20T00:00:00Z";

describe("a year", () => {
  const weeks = [week("04"), week("11", { asked: 6, changed: 1, lapsed: 2 }), week("18", { unchanged: 1 })];
  const found = drawing({ today: TODAY, weeks });

  it("has a row for each week in which anything happened", () => {
    assert.deepEqual(
      found.rows.map(({ title }) => title),
      [
        "week of 11 May 2026: 6 asked, 1 released, password changed and 2 expired or taken back",
        "week of 18 May 2026: 1 released, password not changed yet",
      ],
    );
    assert.equal(
      found.label,
      "Requests by week from 4 May 2026 to today, 20 May 2026: 6 asked, 1 released, password not changed " +
        "yet, 1 released, password changed and 2 expired or taken back.",
    );
  });

  it("draws what ended from the foot up, beside what was asked", () => {
    assert.deepEqual([found.width, found.height], [30, 60]);
    assert.deepEqual(found.rows[0].bars, [
      { x: 11, y: 0, width: 3, height: 60, kind: "asked" },
      { x: 14, y: 50, width: 5, height: 10, kind: "changed" },
      { x: 14, y: 30, width: 5, height: 20, kind: "lapsed" },
    ]);
  });

  it("has a total of each kind, and a tone", () => {
    assert.deepEqual(found.totals.map(({ kind, count }) => `${kind} ${count}`), [
      "asked 6", "unchanged 1", "changed 1", "drill 0", "denied 0", "lapsed 2",
    ]);
    assert.deepEqual(found.totals.map(({ words }) => words), Object.values(KINDS));
    assert.deepEqual(found.totals.map(({ tone }) => tone), ["plain", "wait", "ok", "plain", "plain", "plain"]);
  });

  it("of nothing is low, and says none", () => {
    const nothing = drawing({ today: TODAY, weeks: [week("18")] });
    assert.deepEqual([nothing.height, nothing.rows], [40, []]);
    assert.match(nothing.label, /: none\.$/);
    assert.match(drawing({ today: TODAY, weeks: [] }).label, /from 20 May 2026 to today, 20 May 2026: none\.$/);
  });

  it("says how fast, and who never decided", () => {
    assert.equal(waitsInWords(null), "No request came to have enough approvals.");
    assert.equal(waitsInWords({ count: 1, median: 300, worst: 300 }), "Once enough had approved, after 5 minutes.");
    assert.equal(
      waitsInWords({ count: 4, median: 300, worst: 7200 }),
      "4 times enough had approved: half of them within 5 minutes, the slowest after 2 hours.",
    );
    const said = answersInWords([
      { name: "A\nnn", asked: 3, decided: 2 },
      { name: "Bob", asked: 3, decided: 0 },
      { name: "Cem", asked: 0, decided: 0 },
    ]);
    assert.deepEqual(said.lines.map(({ name, words }) => `${name} ${words}`), [
      "A nn decided 2 of 3", "Bob decided 0 of 3", "Cem was not asked",
    ]);
    assert.equal(said.silent, "Never decided: Bob.");
    assert.equal(answersInWords([]).silent, "");
  });
});
