/** What was posted in the story names a head of the log, no matter who signed it. */

import assert from "node:assert/strict";

import { HEADLESS } from "../../../service/browser/crypto/schema.js";
import { kept, who } from "./organisation.js";

/** The kinds of statements that were posted, each of which names a head that its signer verified. */
export function headsNamed() {
  const kinds = new Set();
  for (const name of ["Ann", "Bob", "Dea", "Eli", "Gus"]) {
    for (const { body } of who(name).sent) {
      for (const { payload } of statementsIn(JSON.parse(body ?? "null"))) {
        const { kind, log_size: size, log_root: root } = JSON.parse(atob(payload));
        if (HEADLESS.has(kind) || kept.alarmed.has(payload)) continue;
        assert.ok(size > 0 && /^[0-9a-f]{64}$/.test(root), `a ${kind} names no head`);
        kinds.add(kind);
      }
    }
  }
  return [...kinds].sort();
}

function* statementsIn(value) {
  if (typeof value !== "object" || value === null) return;
  if (typeof value.payloadType === "string") yield value;
  for (const inner of Object.values(value)) yield* statementsIn(inner);
}
