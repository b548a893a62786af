/** Every case of the project's own vectors, with the outcome and the outputs that it states. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { RUNNERS, runCase } from "./runners.js";

const FOLDER = new URL("../../vectors/", import.meta.url);

for (const name of Object.keys(RUNNERS)) {
  const { act, cases } = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
  describe(`${name}: ${act}`, () => {
    it("has cases", () => assert.ok(cases.length > 0));
    for (const one of cases) it(`${name} ${one.id}`, () => runCase(name, one));
  });
}
