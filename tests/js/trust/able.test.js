/** Who can act, as this browser counts it from what was signed: the table of the service's rule. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { count, newKeys, unable } from "../../../service/browser/trust/able.js";
import { cannotAct, sealedToOldKeys } from "../../../service/browser/words/able.js";

const MFA = ["dea", "eli", "fay"];
const GIVEN = { password: ["ann", "bob", "cem"], thresholds: [2, 2], keys: {} };

function roster(digest, given = {}) {
  const { password, thresholds, keys } = { ...GIVEN, ...given };
  const people = [...password, ...MFA, "gus"];
  const identity = (person) => `${person}/${keys[person] ?? 1}`;
  return {
    digest,
    groups: {
      password: { threshold: thresholds[0], custodians: password },
      mfa: { threshold: thresholds[1], custodians: MFA },
    },
    members: new Map(people.map((person) => [person, { person, identity: identity(person) }])),
  };
}

/** A chain of these versions, and identities that came with it beside those that they name. */
function chain(rosters, beside = []) {
  const named = rosters.flatMap(({ members }) => [...members.values()]);
  const digests = [...named.map(({ identity }) => identity), ...beside];
  return {
    rosters,
    newest: rosters.at(-1),
    identities: new Map(digests.map((digest) => [digest, { person: digest.split("/")[0] }])),
    named: (digest) => rosters.find((one) => one.digest === digest),
  };
}

const FIRST = roster("roster-1");
const ALL = ["ann", "bob", "cem", ...MFA];
const receipts = (people) =>
  new Set(people.map((one) => `${MFA.includes(one) ? "mfa" : "password"} ${one}`));
const sealed = (people = ALL, under = "roster-1") => ({
  envelope: { roster: under },
  receipts: receipts(people),
});

describe("who can act", () => {
  const second = (given) => chain([FIRST, roster("roster-2", given)]);
  const cases = [
    ["everybody who confirmed", chain([FIRST]), sealed(), "ann bob cem", 2],
    ["not who never confirmed", chain([FIRST]), sealed(["bob", ...MFA]), "bob", 2],
    ["not who has new keys", chain([FIRST], ["ann/2"]), sealed(), "bob cem", 2],
    ["not who is named with new keys", second({ keys: { ann: 2 } }), sealed(), "bob cem", 2],
    ["who is sealed to again", second({ keys: { ann: 2 } }), sealed(ALL, "roster-2"), "ann bob cem", 2],
    ["not who left", second({ password: ["bob", "cem"] }), sealed(), "bob cem", 2],
    ["not who joined", second({ password: ["bob", "cem", "cleo"] }), sealed(), "bob cem", 2],
    ["by the larger threshold", second({ thresholds: [3, 2] }), sealed(), "ann bob cem", 3],
    ["by that of the older one", second({ thresholds: [1, 1] }), sealed(), "ann bob cem", 2],
  ];
  for (const [what, known, envelope, able, needed] of cases) {
    it(`is ${what}`, () => {
      const { password } = count(known, envelope);
      assert.deepEqual([password.able.join(" "), password.needed], [able, needed]);
    });
  }

  it("is said of a group that cannot", () => {
    const groups = count(chain([FIRST], ["dea/2", "eli/2"]), sealed());
    assert.deepEqual(unable(groups), ["mfa"]);
    assert.equal(
      cannotAct("mfa", groups.mfa),
      "The MFA group cannot act: 1 of 3 can, and it takes 2.",
    );
  });

  it("has lost keys only where an identity came that no version names", () => {
    assert.deepEqual(newKeys(chain([FIRST, roster("roster-2", { keys: { ann: 2 } })])), new Set());
    assert.deepEqual(newKeys(chain([FIRST], ["gus/2", "eve/1"])), new Set(["gus"]));
    assert.match(sealedToOldKeys(["Ann"]), /^Ann will not be able to open/);
  });
});
