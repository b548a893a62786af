/** A request that is refused because of its device's clock, signed anew after a second press. */

import assert from "node:assert/strict";

import * as asking from "../../../service/browser/acts/asking.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as endings from "../../../service/browser/acts/endings.js";
import * as releasing from "../../../service/browser/acts/release.js";
import * as requests from "../../../service/browser/acts/requests.js";
import { sweep } from "../../../service/browser/acts/sweeping.js";
import { parse } from "../../../service/browser/crypto/statement.js";
import { pressOn } from "../../../service/browser/link/clocks.js";
import { Unreachable } from "../../../service/browser/link/errors.js";
import { ACCOUNT, refused, who } from "./organisation.js";

const AHEAD = 30 * 60_000; // ms
const POST = "POST /api/v1/requests";
const WANTED = { account: ACCOUNT, task: "billing", taskText: "", reason: "now", ticket: "" };

/** What a browser keeps of a request, by the names under which it keeps them. */
async function kept(person, request) {
  const found = {};
  for (const store of ["requests", "requestKeys"]) {
    for (const key of await person.memory.keys(store)) {
      if (key.includes(request)) found[`${store} ${key.split(request)[1]}`] = await person.memory.get(store, key);
    }
  }
  return found;
}

/** Ask on a clock that is ahead, until the second press is wanted; returns the request's id. */
async function refusedOnce(gus, { lost = false } = {}) {
  const before = new Set(await gus.memory.keys("requestKeys"));
  if (lost) gus.loses.add(POST);
  let error = await gus.act((identity) => asking.ask(WANTED, identity)).catch((one) => one);
  if (lost) {
    assert.ok(error instanceof Unreachable, error.stack);
    error = await gus.in(() => error.again()).catch((one) => one);
  }
  assert.ok(refused("clock-differs")(error));
  assert.match(error.message, /this device's clock says .* UTC, and the service's says .* UTC/);
  assert.match(error.message, /dated by the service's clock and not by this device's$/);
  const [made] = (await gus.memory.keys("requestKeys")).filter((key) => !before.has(key));
  const request = made.split("/")[1];
  assert.deepEqual(Object.keys(await kept(gus, request)).sort(), ["requestKeys ", "requests "]);
  return { request, error };
}

/** @param {any} gus @param {string} request */
async function both(gus, request) {
  const found = await kept(gus, request);
  const [first, anew] = [found["requests "], found["requests /redated"]];
  return [(await parse(first)).payload, anew && (await parse(anew)).payload];
}

export async function redated() {
  const gus = who("Gus");
  gus.ahead = AHEAD;
  pressOn(); // the clock's own question is another, and does not answer for this one
  await provedAtOnce(gus);
  await dateMoves(gus);
  await provedLater(gus);
  gus.ahead = 0;
  pressOn(false);
}

/** The log proves which one was entered: that one is kept, and no other. */
async function provedAtOnce(gus) {
  const { request, error } = await refusedOnce(gus, { lost: true });
  const [first] = await both(gus, request);
  error.press();
  const done = await gus.act((identity) => asking.ask(WANTED, identity));
  assert.equal(done.request, request);
  const said = /^Signed anew, dated by the service's clock and not by this device's: .* UTC\.$/;
  assert.match(done.warnings.at(-1), said);
  const [entered, other] = await both(gus, request);
  assert.equal(other, undefined);
  assert.deepEqual({ ...entered, at: "", log_size: 0, log_root: "" }, { ...first, at: "", log_size: 0, log_root: "" });
  assert.ok(Math.abs(Date.parse(entered.at) - Date.now()) < AHEAD / 2);
  assert.ok(Date.parse(first.at) - Date.parse(entered.at) > AHEAD / 2);
  const shown = await gus.in(() => requests.fetchRequest(request));
  await gus.act((identity) => endings.cancel(shown, identity, "over"));
  assert.deepEqual(await kept(gus, request), {});
  // One press signs one request anew, and no other.
  await assert.rejects(gus.act((identity) => asking.ask(WANTED, identity)), refused("clock-differs"));
}

/** The service says another time than the one that was read: nothing is dated by it unasked. */
async function dateMoves(gus) {
  const { request, error } = await refusedOnce(gus);
  const asks = () => gus.act((identity) => asking.ask(WANTED, identity));
  const posts = () => gus.sent.filter(({ method, path }) => `${method} ${path}` === POST).length;
  const before = posts();
  error.press();
  let other;
  for (const dated of [400 * 24 * 60 * 60_000, -3 * 60_000]) {
    gus.dated = dated;
    other = await asks().catch((one) => one);
    assert.ok(refused("clock-differs")(other));
    const day = new Date(Date.now() + dated).toISOString().slice(0, 10);
    assert.ok(other.message.includes(`the service's says ${day}`), other.message);
    other.press();
  }
  assert.equal(posts(), before);
  assert.deepEqual(Object.keys(await kept(gus, request)).sort(), ["requestKeys ", "requests "]);
  const done = await asks();
  assert.equal(done.request, request);
  gus.dated = 0;
  const shown = await gus.in(() => requests.fetchRequest(request));
  await gus.act((identity) => endings.cancel(shown, identity, "over"));
}

/** While the log proves nothing both are kept; whichever was entered opens what is released. */
async function provedLater(gus) {
  const { request, error } = await refusedOnce(gus);
  error.press();
  const path = `/api/v1/requests/${request}`;
  gus.lies.set(path, (detail) => ({ ...detail, request: { ...detail.request, leaf: 0 } }));
  await gus.act((identity) => asking.ask(WANTED, identity));
  gus.lies.clear();
  const [first, anew] = await both(gus, request);
  assert.notEqual(first.at, anew.at);
  assert.equal(first.recipient_key, anew.recipient_key);
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const shown = await who(name).in(() => requests.fetchRequest(request));
    await who(name).act((identity) => deciding.approve(shown, identity));
  }
  gus.ahead = 0;
  const shown = await gus.in(() => requests.fetchRequest(request));
  const opened = await gus.act((identity) => releasing.release(shown, identity));
  assert.notEqual(opened.password, "");
  const again = await gus.in(() => releasing.openKept(shown, { kind: "passkey" }));
  assert.equal(again.password, opened.password);
  assert.deepEqual(Object.keys(await kept(gus, request)).sort(), ["requestKeys ", "requests ", "requests /redated"]);
  await gus.act((identity) => endings.close(shown, identity, "done"));
  await gus.in(() => sweep(gus.id));
  assert.deepEqual(await kept(gus, request), {});
}
