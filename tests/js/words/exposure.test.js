/** What a request that ends without a release costs: when, in which words, and by whose word. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { approvers, exposes } from "../../../service/browser/domain/exposed.js";
import { costOfEnding } from "../../../service/browser/words/exposure.js";

const group = (threshold, ...custodians) => ({ threshold, custodians });
const roster = { groups: { password: group(2, "ann", "bob", "cem"), mfa: group(1, "dea", "eli") } };
const said = (custodian, approves = true) => ({ custodian, approves });

describe("an ended request", () => {
  const cases = [
    [[], false],
    [["ann", "bob"], false],
    [["ann", "dea", "eli"], false],
    [["ann", "bob", "eli"], true],
    [["ann", "bob", "cem", "dea"], true],
    [["ann", "gus", "dea"], false],
  ];
  for (const [people, exposed] of cases) {
    it(`${exposed ? "exposes" : "does not expose"} with ${people.join(" ") || "nobody"}`, () => {
      assert.equal(exposes(roster, new Set(people)), exposed);
    });
  }

  it("counts who approved and took it back", () => {
    const decisions = [said("ann"), said("ann", false), said("bob"), said("dea", false)];
    assert.deepEqual(approvers(decisions), new Set(["ann", "bob"]));
  });

  it("is said to show the password to nobody", () => {
    for (const alone of [true, false]) {
      assert.match(costOfEnding(alone), /counts as exposed\. No one is handed the password/);
    }
    assert.match(costOfEnding(false), /as the service lists them/);
    assert.doesNotMatch(costOfEnding(true), /service lists/);
  });
});
