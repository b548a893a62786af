/** Every case of the vectors of consents: the words that Python has for it, and nothing obeyed. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { KINDS, lines } from "../../../service/browser/words/consents.js";

const VECTORS = new URL("../../vectors/consents.json", import.meta.url);
const { act, cases } = JSON.parse(readFileSync(VECTORS, "utf8"));

describe(`consents: ${act}`, () => {
  it("has cases of every kind", () => {
    assert.deepEqual(new Set(cases.map(({ kind }) => kind)), new Set(KINDS.keys()));
  });
  for (const { id, kind, payload, context, lines: expected } of cases) {
    it(id, () => assert.deepEqual(lines(kind, payload, context), expected));
  }
  it("has no words for what is of another account", () => {
    const [{ kind, payload, context }] = cases;
    const other = "999988887777";
    const about = { ...context, request: { ...context.request, account: other } };
    assert.throws(() => lines(kind, { ...payload, account: other }, context), TypeError);
    assert.throws(() => lines(kind, payload, about), TypeError);
  });
  it("has no words for another kind", () => {
    for (const kind of ["vote", "constructor"]) assert.throws(() => lines(kind, {}, cases[0].context), TypeError);
  });
});
