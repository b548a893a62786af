import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { after, ask, del, get, post, put, watch, whenSignedOut } from "../../../service/browser/link/api.js";
import { configure } from "../../../service/browser/link/environment.js";
import {
  ApiRefusal,
  ClientRefusal,
  Unreachable,
} from "../../../service/browser/link/errors.js";

let sent = [];

/** @param {...(Response | "lost")} answers in turn; the last one for ever */
function answering(...answers) {
  configure({
    fetch: async (url, init) => {
      sent.push({ url, ...init });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === "lost") throw new TypeError("network");
      return answer.clone();
    },
  });
}

const json = (value, status = 200, headers = {}) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
const problem = (code, status) =>
  new Response(
    JSON.stringify({ type: `urn:breakglass:${code}`, title: "", status, detail: "no" }),
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
const refused = (kind, code) => (error) => error instanceof kind && error.code === code;

beforeEach(() => {
  sent = [];
  whenSignedOut(null);
  after(Promise.resolve());
});

test("a read is repeated once when the connection fails", async () => {
  answering("lost", json({ fine: 1 }));
  assert.deepEqual(await get("/people/me"), { fine: 1 });
  assert.equal(sent.length, 2);
  answering("lost");
  await assert.rejects(get("/people/me"), refused(ClientRefusal, "unreachable"));
});

test("no read and no act leaves before the proof, and none after one that failed", async () => {
  answering(json({ fine: 1 }));
  let prove;
  after(new Promise((resolve) => (prove = resolve)));
  const waiting = [get("/a"), post("/b", {}), put("/c", {}), del("/d")];
  await ask("/sessions/fresh", {}); // does not wait: that is how one proves
  assert.deepEqual(sent.map(({ url }) => url), ["/api/v1/sessions/fresh"]);
  prove();
  await Promise.all(waiting);
  assert.equal(sent.length, 5);
  after(Promise.reject(new ApiRefusal("sign-in-failed", "no", 401)));
  for (const call of [() => get("/a"), () => post("/b", {}), () => put("/c", {}), () => del("/d")]) {
    await assert.rejects(call(), refused(ApiRefusal, "sign-in-failed"));
  }
  assert.equal(sent.length, 5);
});

test("an act without an answer is not repeated by itself; again() sends the same", async () => {
  answering("lost", json({ id: "x" }, 201));
  const error = await post("/requests", { z: 1, a: [2] }).catch((caught) => caught);
  assert.ok(error instanceof Unreachable);
  assert.equal(sent.length, 1);
  assert.deepEqual(await error.again(), { id: "x" });
  assert.equal(sent[1].body, sent[0].body);
  assert.equal(sent[1].url, "/api/v1/requests");
});

for (const code of ["replayed", "already-decided", "already-confirmed"]) {
  test(`${code} after a lost answer means that it had arrived, and before means no`, async () => {
    answering("lost", problem(code, 409));
    const error = await post("/x", {}).catch((caught) => caught);
    assert.deepEqual(await error.again(), { repeated: true });
    await assert.rejects(post("/x", {}), refused(ApiRefusal, code));
  });
}

test("again() may fail again, and again", async () => {
  answering("lost", "lost", json({ done: 1 }));
  const error = await post("/x", { a: 1 }).catch((caught) => caught);
  const second = await error.again().catch((caught) => caught);
  assert.ok(second instanceof Unreachable);
  assert.deepEqual(await second.again(), { done: 1 });
  assert.equal(new Set(sent.map(({ body }) => body)).size, 1);
});

test("a conflict is repeated once, since nothing has happened", async () => {
  answering(problem("conflict", 409), json({ done: 1 }));
  assert.deepEqual(await post("/x", {}), { done: 1 });
  answering(problem("conflict", 409));
  sent = [];
  await assert.rejects(post("/x", {}), refused(ApiRefusal, "conflict"));
  assert.equal(sent.length, 2);
});

test("what is no act has nothing to be sent again", async () => {
  answering("lost");
  await assert.rejects(ask("/sessions/passkey/options", {}), refused(ClientRefusal, "unreachable"));
});

test("no redirect, no other origin's cookie, no cache", async () => {
  answering(json({}));
  await get("/home");
  const { redirect, credentials, cache, referrerPolicy } = sent[0];
  assert.deepEqual(
    [redirect, credentials, cache, referrerPolicy],
    ["error", "same-origin", "no-store", "no-referrer"],
  );
});

test("an answer that is not JSON is refused, with or without a good status", async () => {
  answering(new Response("<p>hello", { headers: { "Content-Type": "text/html" } }));
  await assert.rejects(get("/home"), refused(ClientRefusal, "server-answer"));
  answering(new Response("gateway", { status: 502 }));
  await assert.rejects(get("/home"), refused(ClientRefusal, "server-answer"));
});

test("watching tells of changes only, and since the page was read", async () => {
  const told = [];
  answering(json({ n: 1 }, 200, { ETag: '"one"' }));
  await get("/requests/1");
  answering(
    new Response(null, { status: 304 }),
    "lost",
    json({ n: 2 }, 200, { ETag: '"two"' }),
    new Response(null, { status: 304 }),
  );
  const troubles = [];
  await new Promise((resolve) => {
    const stop = watch("/requests/1", (value) => told.push(value), {
      every: 5,
      onTrouble: (error) => troubles.push(error?.name ?? null),
    });
    setTimeout(() => resolve(stop()), 200);
  });
  assert.deepEqual(told, [{ n: 2 }]);
  assert.deepEqual(troubles, ["Unreachable", null]);
  assert.equal(sent[1].headers["If-None-Match"], '"one"');
  assert.equal(sent.at(-1).headers["If-None-Match"], '"two"');
});

test("a call of a view that was left ends with it, and is not repeated", async () => {
  const view = new AbortController();
  configure({
    fetch: (url, init) => {
      sent.push({ url, ...init });
      return new Promise((_, failed) => init.signal.addEventListener("abort", () => failed(init.signal.reason)));
    },
  });
  const reading = get("/a", view.signal);
  await Promise.resolve();
  const left = new Error("left");
  view.abort(left);
  await assert.rejects(reading, (error) => error === left);
  assert.equal(sent.length, 1);
});

test("whoever signs in again goes on: the call is repeated once, with the same bytes", async () => {
  let opened = 0;
  whenSignedOut(async () => ++opened > 0);
  answering(problem("not-signed-in", 401), json({ fine: 1 }));
  assert.deepEqual(await post("/a", { x: 1 }), { fine: 1 });
  assert.deepEqual(sent.map(({ body }) => body), ['{"x":1}', '{"x":1}']);
  answering(problem("not-signed-in", 401));
  await assert.rejects(get("/a"), refused(ApiRefusal, "not-signed-in"));
  assert.equal(opened, 2);
  assert.equal(sent.length, 4);
});

test("whoever does not is refused, and a call that signs in waits for nobody", async () => {
  whenSignedOut(async () => {
    await assert.rejects(ask("/sessions", {}), refused(ApiRefusal, "not-signed-in"));
    return false;
  });
  answering(problem("not-signed-in", 401));
  await assert.rejects(get("/a"), refused(ApiRefusal, "not-signed-in"));
  assert.equal(sent.length, 2);
  whenSignedOut(null);
  await assert.rejects(get("/a"), refused(ApiRefusal, "not-signed-in"));
});

test("several calls that find nobody signed in ask once", async () => {
  let opened = 0;
  let enter;
  whenSignedOut(() => {
    opened += 1;
    return new Promise((resolve) => (enter = resolve));
  });
  const refusals = [problem("not-signed-in", 401), problem("not-signed-in", 401)];
  answering(...refusals, json({ fine: 1 }));
  const both = Promise.all([get("/a"), get("/b")]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  enter(true);
  assert.deepEqual(await both, [{ fine: 1 }, { fine: 1 }]);
  assert.equal(opened, 1);
});
