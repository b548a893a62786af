import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { invite } from "../../../service/browser/acts/people.js";
import { configure } from "../../../service/browser/link/environment.js";

const TOKEN = "t".repeat(43);

afterEach(() => configure({ origin: "" }));

for (const [what, url] of [
  ["as it should be", `https://breakglass.example/enroll#${TOKEN}`],
  ["to another host", `https://evil.example/enroll#${TOKEN}`],
  ["to the parent domain", `https://example/enroll#${TOKEN}`],
  ["to a script", "javascript:steal()"],
]) {
  test(`an invitation's link leads to where this page is, when the answer's leads ${what}`, async () => {
    const made = { person: "p", token: TOKEN, url, expires_at: "2026-11-23T09:30:00Z" };
    configure({
      origin: "https://breakglass.example",
      fetch: async () =>
        new Response(JSON.stringify(made), {
          status: 201,
          headers: { "Content-Type": "application/json" },
        }),
    });
    const wanted = { email: "zed@corp.example", name: "Zed", operator: false, auditor: false };
    assert.equal((await invite(wanted)).url, `https://breakglass.example/enroll#${TOKEN}`);
  });
}
