/** People by name, accounts by name and number, and small numbers in words. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  accountName,
  anyOf,
  count,
  peopleNames,
  personName,
  rolesIn,
  rolesInWords,
  sentence,
} from "../../../service/browser/words/people.js";
import { asked, roster } from "./asked.js";

const { chain } = asked();

describe("people", () => {
  it("have names, and know themselves", () => {
    assert.equal(personName(chain, "ann"), "Ann");
    assert.equal(personName(chain, "ann", "ann"), "Ann (you)");
    assert.equal(personName({ nameOf: () => "A\nn\u202en" }, "ann"), "A n\ufffdn");
    assert.equal(peopleNames(chain, ["ann", "bob", "cem"], "bob"), "Ann, Bob (you) and Cem");
    assert.equal(peopleNames(chain, []), "no one");
  });

  it("are alternatives", () => {
    const said = [[], ["Ann"], ["Ann", "Bo"], ["Ann", "Bo", "C\ny"]].map(anyOf);
    assert.deepEqual(said, ["no one", "Ann", "Ann or Bo", "Ann, Bo or C y"]);
  });

  it("have roles, by a roster and in words", () => {
    assert.deepEqual(rolesIn(roster("r1"), "cem"), ["custodian:password", "sealer"]);
    assert.deepEqual(rolesIn(roster("r1"), "dea"), ["custodian:mfa"]);
    assert.deepEqual(rolesIn(roster("r1"), "ria"), ["requester"]);
    assert.deepEqual(rolesIn(roster("r1"), "zoe"), []);
    assert.equal(rolesInWords(["operator", "custodian:mfa", "sealer"]), "operator, custodian, MFA group and sealer");
    assert.equal(rolesInWords([]), "no part in it");
  });
});

describe("an account", () => {
  const account = "111122223333.2";
  it("is called by its name, with its number where that is asked for", () => {
    assert.equal(accountName({ account, name: "Payments" }), "Payments");
    assert.equal(accountName({ account, name: "Payments", number: true }), "Payments (1111 2222 3333.2)");
    assert.equal(accountName({ account, name: "" }), "1111 2222 3333.2");
  });
});

describe("numbers and sentences", () => {
  it("are written as people do", () => {
    assert.deepEqual([0, 1, 9, 10].map((n) => count(n, "thing", "things")), [
      "no things", "one thing", "nine things", "10 things",
    ]);
    assert.deepEqual(["as it is", "Whole.", "why?", ""].map(sentence), ["As it is.", "Whole.", "Why?", ""]);
  });
});
