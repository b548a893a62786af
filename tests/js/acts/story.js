/**
 * The whole story by the browser's modules, against a running service: node story.js URL LINK.
 * LINK enrols the first operator. What it prints at its end is what happened, as JSON.
 */

import assert from "node:assert/strict";

import * as asking from "../../../service/browser/acts/asking.js";
import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as endings from "../../../service/browser/acts/endings.js";
import * as gone from "../../../service/browser/acts/earlierShares.js";
import { Unreachable } from "../../../service/browser/link/errors.js";
import * as releasing from "../../../service/browser/acts/release.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as signing from "../../../service/browser/keys/signin.js";
import * as slots from "../../../service/browser/acts/slots.js";
import * as unlocking from "../../../service/browser/keys/unlock.js";
import {
  callsOf,
  deniesAllTheSame,
  liedAboutAccount,
  liedAtTheEnd,
  liedBeforeApproval,
  liedToRequester,
  pressedOn,
  supersededAsReady,
} from "./before.js";
import { headsNamed } from "./heads.js";
import { hostileSealer } from "./hostile.js";
import { anyClock } from "./anyClock.js";
import { redated } from "./redated.js";
import { keptOpens } from "./kept.js";
import { forkedLog, lied, liedAboutOwner } from "./lies.js";
import { ask, draftAndSign, enrolAll, sealAndConfirm, signIn } from "./founding.js";
import { ACCOUNT, kept, refused, report, server, who } from "./organisation.js";
import { Person } from "./person.js";
import { SoftAuthenticator } from "./softAuthenticator.js";

async function approveAll(request, drill) {
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const person = who(name);
    const shown = await person.in(() => requests.fetchRequest(request));
    assert.equal(shown.about.request.reason, "the last administrator left");
    assert.equal(shown.requesterName, "Gus");
    assert.deepEqual(await shown.requesterWords(), who("Gus").words);
    assert.equal(shown.anchor.version, 1);
    const place = { textContent: "" };
    await person.in(() => endings.tellCost(shown, place));
    // Two of each group are needed, so it costs something from the fourth approval on.
    assert.equal(place.textContent, "");
    const before = await person.in(() => gone.earlierRequests(shown));
    assert.equal(before.length, drill ? 0 : report.earlier ?? 0);
    if (name === "Bob") person.loses.add(`POST /api/v1/requests/${request}/decisions`);
    const act = () => person.act((identity) => deciding.approve(shown, identity));
    if (name === "Dea") {
      const { outcome, calls } = await callsOf(person, act);
      report.calls = calls.sort(); // some are sent side by side
      report.approved = outcome.state;
    } else if (name === "Bob") {
      const error = await act().catch((one) => one);
      assert.ok(error instanceof Unreachable, error.stack);
      assert.equal((await person.in(() => error.again())).repeated, true);
    } else if (name === "Eli" && !drill) report.approved = (await pressedOn(person, shown)).state;
    else report.approved = (await act()).state;
    const twice = person.act((identity) => deciding.approve(shown, identity));
    await assert.rejects(twice, refused("already-decided"));
  }
}

async function releaseAndEnd(request, password) {
  const gus = who("Gus");
  const shown = await gus.in(() => requests.fetchRequest(request));
  const cost = { textContent: "" };
  await gus.in(() => endings.tellCost(shown, cost));
  assert.match(cost.textContent, /^Enough of both groups have approved this request\./);
  assert.equal(shown.keyHere, true);
  assert.equal(shown.count.met, true);
  await liedToRequester(gus, shown);
  gus.loses.add(`POST /api/v1/requests/${request}/release`);
  const unlocks = gus.credentials.used;
  const error = await gus
    .act((identity) => releasing.release(shown, identity))
    .catch((one) => one);
  assert.equal(gus.credentials.used, unlocks + 1, "a release unwraps in its own unlocking");
  assert.ok(error instanceof Unreachable, error.stack);
  const opened = await gus.in(() => error.again());
  assert.equal(opened.password, password);
  assert.equal(opened.note, "for the story");
  assert.deepEqual(opened.warnings, []);
  assert.equal(opened.usedNames.length, 4);
  const again = await gus.act((identity) => releasing.fetchAgain(shown, identity));
  assert.equal(again.password, password);
  assert.equal(gus.credentials.used, unlocks + 2, "fetching again takes one");
  await keptOpens(gus, shown, password);
  releasing.wipe(opened);
  assert.equal(opened.password, "");
  await liedAtTheEnd(gus, shown, "close");
  const closed = await gus.act((identity) => endings.close(shown, identity, "done"));
  report.closed = closed.state;
  const after = await gus.in(() => requests.fetchRequest(request));
  assert.equal(after.keyHere, false);
}

async function reviewBoth(request) {
  for (const name of ["Ann", "Dea"]) {
    const shown = await who(name).in(() => requests.fetchRequest(request));
    const seen = { rotated: true, note: "I looked" };
    if (name === "Ann") await liedAtTheEnd(who(name), shown, "review");
    const reviewing = (identity) => endings.review(shown, identity, seen);
    report.reviewed = (await who(name).act(reviewing)).state;
  }
}

/** A drill opens what this browser kept, as a release does later: without it, it fails. */
async function forgetfulDrill() {
  const request = await ask(true);
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const shown = await who(name).in(() => requests.fetchRequest(request));
    await who(name).act((identity) => deciding.approve(shown, identity));
  }
  const gus = who("Gus");
  const shown = await gus.in(() => requests.fetchRequest(request));
  const { put } = gus.memory;
  gus.memory.put = async (store, ...more) => store === "released" || put(store, ...more);
  await assert.rejects(gus.act((one) => releasing.release(shown, one)), refused("drill-failed"));
  gus.memory.put = put;
}

async function runDrill() {
  const request = await ask(true);
  kept.drill = request;
  await approveAll(request, true);
  const gus = who("Gus");
  const shown = await gus.in(() => requests.fetchRequest(request));
  const opened = await gus.act((identity) => releasing.release(shown, identity));
  assert.equal(opened.password, "");
  assert.deepEqual(opened.silent, []);
  report.drill = opened.drill.map(({ name, wrong }) => [name, wrong]).sort();
}

async function denyAndAskAgain() {
  const request = await ask(false);
  const eli = who("Eli");
  const gus = who("Gus");
  const seen = await eli.in(() => requests.fetchRequest(request));
  await lied(eli, seen);
  await liedBeforeApproval(eli, seen);
  await supersededAsReady(eli);
  await liedAboutAccount(gus, "ask");
  await liedAboutAccount(gus, "seal");
  // Two tabs press at once: one act, and the other is told that it was done.
  const [first, second] = await eli.act((identity) =>
    Promise.allSettled([1, 2].map(() => deciding.approve(seen, identity))),
  );
  assert.equal(first.status, "fulfilled", first.reason?.stack);
  assert.equal(second.reason?.code, "already-decided", second.reason?.stack);
  const path = `/api/v1/requests/${request}/decisions`;
  assert.equal(eli.sent.filter((one) => one.path === path).length, 1);
  // Another browser of Gus's: it has not the key of that request, and her memory of nothing.
  const other = new Person("Gus", server);
  other.phrase = gus.phrase;
  await other.in(() => signing.signInWithPhrase(gus.email, gus.phrase));
  const shown = await other.in(() => requests.fetchRequest(request));
  assert.equal(shown.keyHere, false);
  const early = other.act((identity) => releasing.release(shown, identity));
  await assert.rejects(early, refused("not-my-request"));
  const done = await other.act((identity) => asking.again(shown, identity));
  assert.deepEqual(done.toldFirst, ["Eli"]);
  const anew = await other.in(() => requests.fetchRequest(done.request));
  assert.equal(anew.keyHere, true);
  const ann = await who("Ann").in(() => requests.fetchRequest(done.request));
  assert.equal(ann.about.request.id, done.request);
  report.denied = (await deniesAllTheSame(who("Ann"), done.request)).state;
  report.cancelled = (await eli.in(() => requests.fetchRequest(request))).detail.state;
}

async function slotsAndPaper() {
  const ann = who("Ann");
  ann.credentials = new SoftAuthenticator(server, { prf: "create" });
  await liedAboutOwner(ann);
  const added = await ann.act((identity) => slots.addPasskey(identity));
  assert.equal(added.passkey, "unlocks");
  const softly = ann.credentials;
  ann.credentials = new SoftAuthenticator(server, { prf: "unsteady" });
  const unsteady = await ann.act((identity) => slots.addPasskey(identity), {
    kind: "phrase",
    phrase: ann.phrase,
  });
  assert.equal(unsteady.passkey, "sign-in-only");
  ann.credentials = softly;
  const prepared = await ann.in(() => slots.preparePhrase());
  const old = ann.phrase;
  const slip = ann.act((identity) => slots.replacePhrase(prepared, old, identity));
  await assert.rejects(slip, refused("another-phrase"));
  const typed = prepared.words.join(" ");
  await ann.act((identity) => slots.replacePhrase(prepared, typed, identity));
  ann.phrase = typed;
  await assert.rejects(ann.act(async () => null, { kind: "phrase", phrase: old }), (error) => {
    assert.ok(["sign-in-failed", "wrong-slot"].includes(error.code), error.stack);
    return true;
  });
  const mine = await ann.in(() => slots.list());
  const passkey = mine.find(({ kind }) => kind === "passkey");
  await ann.act((identity) => slots.remove(identity, passkey.slot), { kind: "passkey" });
  report.slots = (await ann.in(() => slots.list())).map(({ kind }) => kind).sort(); // made within one second
  await liedAboutAccount(ann, "paper");
  const holding = await ann.in(() => custody.preparePaper(ACCOUNT));
  const printed = await ann.act((identity) => custody.paper(holding, identity));
  report.paper = printed.words.length;
}

/** Newer envelopes that no one has confirmed keep no one from the one in force; a line tells. */
async function approvesOlder() {
  const { envelope, warnings } = await who("Gus").in(() => asking.prepareAsk(ACCOUNT));
  assert.equal(envelope.version, 2);
  const request = await ask(false);
  const shown = await who("Eli").in(() => requests.fetchRequest(request));
  assert.equal(shown.envelope.version, 2);
  const done = await who("Eli").act((identity) => deciding.approve(shown, identity));
  return [done.state, warnings];
}

await enrolAll();
await signIn();
await draftAndSign();
const password = await sealAndConfirm("for the story");
await forgetfulDrill();
await runDrill();
const request = await ask(false);
await approveAll(request, false);
await releaseAndEnd(request, password);
await sealAndConfirm("the new one");
await reviewBoth(request);
await forkedLog();
await denyAndAskAgain();
await anyClock(ask);
await redated();
await slotsAndPaper();
report.hostile = await hostileSealer();
report.older = await approvesOlder();
report.heads = headsNamed();
console.log(JSON.stringify(report));
