/** Which view an address asks for, and where one goes on to. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { find, onward } from "../../../service/browser/frame/route.js";

const load = async () => ({ show: () => {} });
const VIEWS = [
  { name: "home", path: "/", load },
  { name: "account", path: "/accounts/<account>", load },
  { name: "seal", path: "/accounts/<account>/seal", load },
  { name: "entry", path: "/history/<seq>", load },
];
const at = (/** @type {string} */ address) => find(VIEWS, new URL(address, "https://bg.example"))?.route;

test("an address leads to its view, with what it names and its query", () => {
  const found = at("/accounts/111122223333.7/seal?utm_x=1&step=2#words");
  assert.equal(found?.name, "seal");
  assert.equal(found.path, "/accounts/111122223333.7/seal");
  assert.deepEqual(found.at, { account: "111122223333.7" });
  assert.equal(found.query.get("step"), "2");
  assert.equal(at("/")?.name, "home");
  assert.equal(at("/?x")?.name, "home");
  assert.deepEqual(at("/history/7")?.at, { seq: "7" });
});

test("an address that no view has leads nowhere", () => {
  const wrong = ["/accounts", "/accounts/", "/accounts/1/", "/accounts/1/seal/", "/accounts/a%2Fb"];
  wrong.push("/accounts/1/2/seal", "/Accounts/1", "//accounts/1", `/accounts/${"1".repeat(101)}`);
  for (const address of wrong) assert.equal(at(new URL(address, "https://bg.example").href), undefined, address);
});

test("one goes on to an address of ours and nowhere else", () => {
  const origin = "https://bg.example";
  const fine = ["/", "/requests/1", "/history?account=1&actor=", "/a%20b", "/accounts/1.2/seal"];
  for (const path of fine) assert.equal(onward(path, origin), path, path);
  assert.equal(onward("/me#sessions", origin), "/me");
  const elsewhere = ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example"];
  elsewhere.push("https://bg.example/me", "javascript:alert(1)", "data:text/html,x", "evil", "", "?x", "#x");
  elsewhere.push("/\t/evil.example", "/\n/evil.example", " //evil.example", "/\r\\evil.example");
  for (const path of elsewhere) assert.equal(onward(path, origin), "/", JSON.stringify(path));
  assert.equal(onward(null, origin), "/");
});
