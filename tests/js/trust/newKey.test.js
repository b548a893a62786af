/** What makes a new key of the log count: a change from the known key to the one shown, no other. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkChange, isAccepted } from "../../../service/browser/trust/newKey.js";

const [A, B, C] = ["key A", "key B", "key C"];

test("a draft changes the known key into the one that is shown", () => {
  const change = (draft, previous) =>
    checkChange({ logKey: draft }, previous && { logKey: previous }, { known: A, shown: B });
  change(B, A);
  for (const [draft, previous] of [[B, null], [B, C], [B, B], [A, A], [C, A]]) {
    assert.throws(() => change(draft, previous), { code: "log-key-changed" }, `${previous} ${draft}`);
  }
  const none = () => checkChange({ logKey: A }, { logKey: A }, { known: A, shown: A });
  assert.throws(none, { code: "log-key-changed" });
});

test("a chain that never named the known key, or does not name the shown one, lets none count", async () => {
  const chain = (...keys) => {
    const rosters = keys.map((logKey, at) => ({ logKey, version: at + 1 }));
    return { newest: rosters.at(-1), rosters, get statements() { throw new Error("looked further"); } };
  };
  for (const keys of [[B], [C, B], [A], [B, A], [A, C]]) {
    assert.equal(await isAccepted(chain(...keys), [], null, { known: A, shown: B }), false);
  }
  const further = isAccepted(chain(A, B), [], null, { known: A, shown: B });
  await assert.rejects(further, { message: "looked further" });
});
