/** The content's padding, at its exact boundaries. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { encryptBlob } from "../../../service/browser/crypto/blob.js";
import { canonical, concat } from "../../../service/browser/crypto/encoding.js";
import { contentAad } from "../../../service/browser/crypto/envelope.js";
import { MalformedError } from "../../../service/browser/crypto/errors.js";
import { openContent } from "../../../service/browser/crypto/opening.js";

const KEY = new Uint8Array(32);
const CONTEXT = new Uint8Array(32);
const written = (note) => canonical({ note, password: "x", sign_in_email: "" });
const EMPTY = written("").length;

for (const [length, zeros, opens] of [
  [511, 0, true],
  [510, 1, true],
  [512, 511, true],
  [511, 512, false],
  [510, 513, false],
]) {
  test(`${length} bytes of content and ${zeros} zeros ${opens ? "open" : "do not"}`, async () => {
    const note = "n".repeat(length - EMPTY);
    const padded = concat(written(note), new Uint8Array([0x80]), new Uint8Array(zeros));
    const blob = await encryptBlob(KEY, padded, contentAad(CONTEXT));
    const act = openContent(KEY, blob, CONTEXT);
    if (opens) assert.equal((await act).note, note);
    else await assert.rejects(act, MalformedError);
  });
}
