/** The words in the module are those of the file that Python reads. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";

import { WORDS } from "../../../service/browser/crypto/wordlist.js";

it("has the words of crypto/wordlist.txt in their order", () => {
  const file = new URL("../../../crypto/wordlist.txt", import.meta.url);
  const listed = readFileSync(file, "ascii").split("\n").filter(Boolean);
  assert.deepEqual([...WORDS], listed);
});
