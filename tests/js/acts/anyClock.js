/** A requester whose browser's clock is wrong by up to forty days, and a service that says things. */

import assert from "node:assert/strict";

import { fetchMe } from "../../../service/browser/acts/fetching.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as endings from "../../../service/browser/acts/endings.js";
import * as releasing from "../../../service/browser/acts/release.js";
import * as requests from "../../../service/browser/acts/requests.js";
import { sweep } from "../../../service/browser/acts/sweeping.js";
import { pressOn } from "../../../service/browser/link/clocks.js";
import { here } from "../../../service/browser/device/requestKeys.js";
import { refused, who } from "./organisation.js";

const DAY = 86_400_000; // ms
const CLOCKS = [-40 * DAY, 40 * DAY, 31 * DAY, -11 * 60_000];

/** @param {(drill: boolean) => Promise<string>} ask */
export async function anyClock(ask) {
  const gus = who("Gus");
  for (const ahead of CLOCKS) {
    const request = await ask(false);
    await allApprove(request);
    gus.ahead = ahead;
    const shown = await gus.in(() => requests.fetchRequest(request));
    const asked = gus.credentials.used;
    const early = gus.act((identity) => releasing.release(shown, identity));
    await assert.rejects(early, namesBothClocks);
    assert.equal(gus.credentials.used, asked, "who is refused by a clock has unlocked nothing");
    await saysItIsOver(gus, request);
    pressOn();
    const opened = await gus.act((identity) => releasing.release(shown, identity));
    assert.notEqual(opened.password, "");
    await gus.in(() => sweep(gus.id));
    await saysItIsOver(gus, request);
    const again = await gus.act((identity) => releasing.fetchAgain(shown, identity));
    assert.equal(again.password, opened.password);
    const kept = await gus.in(() => releasing.openKept(shown, { kind: "passkey" }));
    assert.equal(kept.password, opened.password);
    pressOn(false);
    if (ahead > 0) {
      const late = gus.in(() => releasing.openKept(shown, { kind: "passkey" }));
      await assert.rejects(late, namesBothClocks);
    }
    gus.ahead = 0; // set right: everything works
    await gus.in(fetchMe);
    const right = await gus.in(() => releasing.openKept(shown, { kind: "passkey" }));
    assert.equal(right.password, opened.password);
    await closeUnproved(gus, shown);
    assert.deepEqual(await gus.in(() => sweep(gus.id)), [request]);
    assert.equal(await gus.in(() => here(gus.id, request)), false);
  }
  await askedWhenOld(gus, ask);
}

/** After thirty days someone is asked, with both clocks before them, and may say no. */
async function askedWhenOld(gus, ask) {
  const request = await ask(false);
  gus.ahead = 31 * DAY;
  await gus.in(fetchMe);
  const questions = [];
  for (const answer of [false, true]) {
    gus.confirm = (question) => questions.push(question) > 0 && answer;
    const gone = await gus.in(() => sweep(gus.id));
    assert.deepEqual(gone, answer ? [request] : []);
  }
  assert.equal(questions.length, 2);
  assert.match(questions[0], /the keys of 1 of your requests are older than thirty days; this/);
  assert.match(questions[0], /days ahead of the service's clock, which says/);
  gus.confirm = undefined;
  gus.ahead = 0;
}

/** @param {string} request */
async function allApprove(request) {
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const shown = await who(name).in(() => requests.fetchRequest(request));
    await who(name).act((identity) => deciding.approve(shown, identity));
  }
}

/** An ending whose leaf is shown to be another one, or not shown at all, destroys nothing. */
async function closeUnproved(gus, shown) {
  const { id } = shown.about.request;
  const elsewhere = (detail) => {
    const { leaf } = detail.request;
    return { ...detail, others: detail.others.map((one) => ({ ...one, leaf })) };
  };
  gus.lies.set(`/api/v1/requests/${id}`, elsewhere);
  await gus.act((identity) => endings.close(shown, identity, "done"));
  gus.lies.clear();
  assert.equal(await gus.in(() => here(gus.id, id)), true);
}

/** A state that the service makes up destroys nothing, on any clock. */
async function saysItIsOver(gus, request) {
  for (const state of ["cancelled", "expired", "denied"]) {
    gus.lies.set(`/api/v1/requests/${request}`, (detail) => ({ ...detail, state }));
    assert.deepEqual(await gus.in(() => sweep(gus.id)), []);
  }
  gus.lies.clear();
  assert.equal(await gus.in(() => here(gus.id, request)), true);
}

/** @param {any} error */
function namesBothClocks(error) {
  assert.match(error.message, /this device's clock says \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  assert.match(error.message, /which says \d{4}-|by the service's clock the release entered/);
  return refused("own-clock")(error);
}
