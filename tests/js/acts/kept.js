/** What a browser kept of a release, and how it opens. */

import assert from "node:assert/strict";

import * as releasing from "../../../service/browser/acts/release.js";
import { who } from "./organisation.js";

/** What was kept opens by passkey and by phrase, in one unlocking, and with no service at all. */
export async function keptOpens(gus, shown, password) {
  const unlocks = gus.credentials.used;
  const opened = await gus.in(() => releasing.openKept(shown, { kind: "passkey" }));
  assert.equal(opened.password, password);
  assert.equal(gus.credentials.used, unlocks + 1);
  const honest = gus.fetch;
  gus.fetch = async () => {
    throw new TypeError("nobody answers");
  };
  for (const way of [{ kind: "passkey" }, { kind: "phrase", phrase: gus.phrase }]) {
    assert.equal((await gus.in(() => releasing.openKept(shown, way))).password, password);
  }
  const wrong = { kind: "phrase", phrase: who("Ann").phrase };
  await assert.rejects(gus.in(() => releasing.openKept(shown, wrong)), (error) => error.code !== "");
  gus.fetch = honest;
}
