/** What may be done in an account, and whether its groups can act. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { accountActs } from "../../../service/browser/words/accountActs.js";
import { ready } from "../../../service/browser/words/readiness.js";
import { asked, roster } from "./asked.js";

const acts = (more) =>
  accountActs({
    account: "111122223333",
    toldRoles: [],
    toldInForce: "e-1",
    toldNewest: "e-1",
    toldRetiredSince: "",
    toldActs: new Set(),
    ...more,
  });
const pages = (more) => acts(more).map(({ path, due }) => `${path.split("/").at(-1)}${due ? "!" : ""}`).join(" ");
const ALL = ["custodian:mfa", "sealer", "requester", "operator"];

describe("what may be done in an account", () => {
  for (const [what, given, expected] of [
    ["nothing without a role", {}, ""],
    ["all of it", { toldRoles: ALL }, "seal ask drill paper draft"],
    ["nothing new in a retired line", { toldRoles: ALL, toldRetiredSince: "2026-05-06T14:00:00Z" }, "paper"],
    ["no asking without an envelope in force", { toldRoles: ALL, toldInForce: "" }, "seal paper draft"],
    ["no paper without an envelope", { toldRoles: ["custodian:password"], toldNewest: "" }, ""],
    ["a paper of either group", { toldRoles: ["custodian:password"] }, "paper"],
    [
      "what is due first",
      { toldRoles: ALL, toldActs: new Set(["roster.draft", "roster.sign", "envelope.confirm"]) },
      "roster! confirm! draft! seal ask drill paper",
    ],
  ]) {
    it(what, () => assert.equal(pages(given), expected));
  }

  it("says why now, and only where it is due", () => {
    const seal = (toldNewest, due) =>
      acts({ toldRoles: ["sealer"], toldNewest, toldActs: new Set(due ? ["envelope.seal"] : []) })[0].why;
    assert.equal(seal("e-1", true), "Change the password at AWS first.");
    assert.equal(seal("", true), "Nothing is sealed yet.");
    assert.equal(seal("e-1", false), "");
    assert.equal(acts({ account: "../x", toldRoles: ["sealer"] })[0].path, "/accounts/..%2Fx/seal");
  });
});

describe("a group that is to act", () => {
  const given = (able, needed, more = {}) => ({
    chain: asked().chain,
    envelope: { roster: "r1" },
    counted: { able, size: 3, needed },
    newKeys: new Set(["cem"]),
    me: "bob",
    ...more,
  });

  it("says with whom to spare, and is green with a spare alone", () => {
    const said = [0, 1, 2].map((n) => ready("password", given(["ann", "bob"].slice(0, n), 1)));
    assert.deepEqual(said.map(({ words, tone }) => `${words} ${tone}`), [
      "0 of 3 can act, and it takes 1 wait",
      "1 of 3 can act, no one to spare: no one can be away wait",
      "2 of 3 can act, 1 to spare ok",
    ]);
    assert.equal(said[0].title, "Password group");
  });

  it("says of each person whether they can", () => {
    const other = roster("r2", {
      groups: { password: { threshold: 1, custodians: ["ann", "bob", "cem", "sal"] }, mfa: { threshold: 1, custodians: [] } },
    });
    const { chain } = asked({ rosters: [roster("r1"), other] });
    const { people } = ready("password", given(["ann"], 1, { chain }));
    assert.deepEqual(people.map(({ name, words, tone }) => `${name}: ${words} (${tone})`), [
      "Ann: can act (ok)",
      "Bob (you): has not confirmed their share (wait)",
      "Cem: has new keys (wait)",
      "Sal: holds no share (plain)",
    ]);
  });
});
