/** What a request that ends without a release costs: when, in which words, and by whose word. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { approvers, exposes } from "../../../service/browser/domain/exposed.js";
import { costOfDraft } from "../../../service/browser/acts/exposing.js";
import { configure } from "../../../service/browser/link/environment.js";
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

describe("a new roster", () => {
  const previous = { ...roster, members: new Map([["ann", {}]]) };
  const draft = { account: "111122223333", retired: false };
  const one = (changes) => ({ state: "pending", drill: false, manifest_digest: "m", handed: [], ...changes });
  const cost = async (requests, changes = {}) => {
    configure({ fetch: async () => Response.json({ requests }) });
    const given = { person: "ann", draft, previous, ...changes };
    return costOfDraft(given.person, given.draft, given.previous);
  };
  const ended = one({ state: "cancelled", handed: ["ann", "bob"] });

  it("costs nothing where nothing is open, where it is the first, and in a line that ends", async () => {
    assert.equal(await cost([ended, one({ state: "released", handed: ["ann", "bob", "eli"] })]), "");
    assert.equal(await cost([one()], { previous: null }), "");
    assert.equal(await cost([one()], { draft: { ...draft, retired: true } }), "");
    assert.equal(await cost([one()], { person: "zoe" }), "");
  });

  it("ends what is open", async () => {
    assert.match(await cost([one()]), /^If this roster comes into force now, one request that is open/);
    assert.match(await cost([one(), one({ state: "approved" })]), /2 requests that are open/);
    assert.doesNotMatch(await cost([one({ handed: ["ann", "bob"] })]), /exposed/);
  });

  it("exposes what enough of both groups have handed their shares of", async () => {
    assert.match(await cost([one({ handed: ["ann", "bob", "eli"] })]), /counts as exposed/);
    assert.match(await cost([one({ handed: ["eli"] }), ended]), /counts as exposed/);
    assert.doesNotMatch(await cost([one({ handed: ["eli"], manifest_digest: "n" }), ended]), /exposed/);
    assert.doesNotMatch(await cost([one({ handed: ["eli"], drill: true }), ended]), /exposed/);
  });
});
