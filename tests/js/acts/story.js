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
import * as people from "../../../service/browser/acts/people.js";
import * as releasing from "../../../service/browser/acts/release.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as drafting from "../../../service/browser/acts/rosterDraft.js";
import * as rosters from "../../../service/browser/acts/rosters.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import * as signing from "../../../service/browser/keys/signin.js";
import * as slots from "../../../service/browser/acts/slots.js";
import * as unlocking from "../../../service/browser/keys/unlock.js";
import { headsNamed } from "./heads.js";
import { hostileSealer } from "./hostile.js";
import { forkedLog, lied, liedAboutTopic } from "./lies.js";
import { ACCOUNT, kept, link, refused, report, server, who } from "./organisation.js";
import { Person } from "./person.js";
import { SoftAuthenticator } from "./softAuthenticator.js";

async function enrolAll() {
  await who("Olga").enrol(link);
  for (const name of ["Ann", "Bob", "Dea", "Eli", "Gus"]) {
    const { email } = who(name);
    const wanted = { email, name, operator: false, auditor: false };
    const made = await who("Olga").in(() => people.invite(wanted));
    // Dea's and Gus's passkeys unlock, Eli's gives PRF late, Bob's cannot, Ann has none.
    const kinds = {
      Dea: { prf: "create" },
      Gus: { prf: "create" },
      Eli: { prf: "get" },
      Bob: { prf: "none" },
    };
    if (name === "Bob") who(name).loses.add("POST /api/v1/identities");
    if (kinds[name]) who(name).credentials = new SoftAuthenticator(server, kinds[name]);
    await who(name).enrol(made.url, { passkey: name in kinds });
  }
  kept.checkpoint = (await who("Ann").memory.get("checkpoint", "log")).checkpoint;
  report.passkeys = ["Dea", "Eli", "Bob", "Ann"].map((name) => who(name).can);
}

async function signIn() {
  const ann = who("Ann");
  await ann.in(() => signing.signOut());
  await assert.rejects(ann.in(() => people.me()), refused("not-signed-in"));
  await ann.in(() => signing.signInWithPhrase(ann.email, ann.phrase));
  assert.equal((await ann.in(() => people.me())).name, "Ann");
  const dea = who("Dea");
  await dea.in(() => signing.signOut());
  assert.equal((await dea.in(() => signing.signInWithPasskey())).name, "Dea");
  await who("Bob").in(() => signing.signOut());
  assert.equal((await who("Bob").in(() => signing.signInWithPasskey())).name, "Bob");
  const cannot = who("Bob").act(async () => null, { kind: "passkey" });
  await assert.rejects(cannot, refused("passkey-cannot-unlock"));
  report.ways = (await who("Bob").in(() => unlocking.ways())).map(Object.values).sort();
}

async function draftAndSign() {
  const olga = who("Olga");
  await olga.in(() => people.registerAccount(ACCOUNT, ""));
  const ids = (...names) => names.map((name) => who(name).id);
  await olga.in(async () => {
    const prepared = await drafting.prepareDraft(ACCOUNT);
    await drafting.draft(prepared, {
      ...prepared.wishes,
      name: "Payer",
      root_email: "root@corp.example",
      type: "management",
      groups: {
        password: { threshold: 2, custodians: ids("Ann", "Bob") },
        mfa: { threshold: 2, custodians: ids("Dea", "Eli") },
      },
      requesters: ids("Gus"),
      sealers: ids("Gus"),
    });
  });
  for (const name of ["Ann", "Bob", "Dea", "Eli", "Gus"]) report.roster = await sign(name);
}

async function sign(name) {
  const prepared = await who(name).in(() => rosters.prepareSign(ACCOUNT));
  assert.equal(prepared.people.length, 4);
  assert.equal(prepared.compare.words.length, 8);
  const early = who(name).act((identity) => rosters.sign(prepared, identity));
  await assert.rejects(early, refused("words-not-compared"));
  for (const { name: called, person, positions } of prepared.people) {
    const { words } = who(called);
    const wrong = positions.map((place) => words[(place + 1) % 8]);
    assert.throws(() => rosters.checkWords(prepared, person, wrong), refused("words-differ"));
    const said = positions.map((place) => words[place]);
    assert.deepEqual(rosters.checkWords(prepared, person, said), words);
  }
  rosters.compared(prepared);
  return (await who(name).act((identity) => rosters.sign(prepared, identity))).state;
}

async function sealAndConfirm(note) {
  const gus = who("Gus");
  await liedAboutTopic(gus, ACCOUNT);
  const prepared = await gus.in(() => sealing.prepareSeal(ACCOUNT));
  assert.equal(prepared.compare, null, "she compared the roster when she signed it");
  const password = sealing.generatePassword();
  const wanted = { password, signInEmail: "root@corp.example", note };
  await gus.act((identity) => sealing.seal(prepared, wanted, identity));
  const moved = gus.act((identity) => sealing.seal(prepared, wanted, identity));
  await assert.rejects(moved, refused("seal-moved"));
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const mine = await who(name).in(() => custody.prepareConfirm(ACCOUNT));
    const done = await who(name).act((identity) => custody.confirm(mine, identity));
    report.envelope = done.state;
    const twice = who(name).act((identity) => custody.confirm(mine, identity));
    await assert.rejects(twice, refused("already-confirmed"));
  }
  return password;
}

async function ask(drill) {
  const gus = who("Gus");
  const wanted = {
    account: ACCOUNT,
    task: drill ? "drill" : "restore-admin",
    taskText: "",
    reason: "the last administrator left",
    ticket: "OPS-1",
    drill,
  };
  const lost = "POST /api/v1/requests";
  gus.loses.add(lost);
  const error = await gus.act((identity) => asking.ask(wanted, identity)).catch((one) => one);
  assert.ok(error instanceof Unreachable, error.stack);
  const done = await gus.in(() => error.again());
  assert.equal(done.repeated, true);
  const bodies = gus.sent.filter(({ method, path }) => `${method} ${path}` === lost);
  assert.equal(bodies.at(-1).body, bodies.at(-2).body);
  return done.request;
}

async function approveAll(request, drill) {
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const person = who(name);
    const shown = await person.in(() => requests.fetchRequest(request));
    assert.equal(shown.about.request.reason, "the last administrator left");
    assert.equal(shown.requesterName, "Gus");
    assert.deepEqual(await shown.requesterWords(), who("Gus").words);
    assert.equal(shown.anchor.version, 1);
    const before = await person.in(() => gone.earlierRequests(shown));
    assert.equal(before.length, drill ? 0 : report.earlier ?? 0);
    if (name === "Bob") person.loses.add(`POST /api/v1/requests/${request}/decisions`);
    const approving = person.act((identity) => deciding.approve(shown, identity));
    if (name === "Bob") {
      const error = await approving.catch((one) => one);
      assert.ok(error instanceof Unreachable, error.stack);
      assert.equal((await person.in(() => error.again())).repeated, true);
    } else report.approved = (await approving).state;
    const twice = person.act((identity) => deciding.approve(shown, identity));
    await assert.rejects(twice, refused("already-decided"));
  }
}

async function releaseAndEnd(request, password) {
  const gus = who("Gus");
  const shown = await gus.in(() => requests.fetchRequest(request));
  assert.equal(shown.keyHere, true);
  assert.equal(shown.count.met, true);
  gus.loses.add(`POST /api/v1/requests/${request}/release`);
  const error = await gus
    .act((identity) => releasing.release(shown, identity))
    .catch((one) => one);
  assert.ok(error instanceof Unreachable, error.stack);
  const opened = await gus.in(() => error.again());
  assert.equal(opened.password, password);
  assert.equal(opened.note, "for the story");
  assert.deepEqual(opened.warnings, []);
  assert.equal(opened.usedNames.length, 4);
  const again = await gus.act((identity) => releasing.fetchAgain(shown, identity));
  assert.equal(again.password, password);
  assert.equal((await gus.in(() => releasing.openKept(shown))).password, password);
  releasing.wipe(opened);
  assert.equal(opened.password, "");
  const closed = await gus.act((identity) => endings.close(shown, identity, "done"));
  report.closed = closed.state;
  const after = await gus.in(() => requests.fetchRequest(request));
  assert.equal(after.keyHere, false);
}

async function reviewBoth(request) {
  for (const name of ["Ann", "Dea"]) {
    const shown = await who(name).in(() => requests.fetchRequest(request));
    const seen = { rotated: true, note: "I looked" };
    const reviewing = (identity) => endings.review(shown, identity, seen);
    report.reviewed = (await who(name).act(reviewing)).state;
  }
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
  const denied = await who("Ann").act((identity) => deciding.deny(ann, identity, "not tonight"));
  report.denied = denied.state;
  report.cancelled = (await eli.in(() => requests.fetchRequest(request))).detail.state;
}

async function slotsAndPaper() {
  const ann = who("Ann");
  ann.credentials = new SoftAuthenticator(server, { prf: "create" });
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
  report.slots = (await ann.in(() => slots.list())).map(({ kind }) => kind);
  const holding = await ann.in(() => custody.preparePaper(ACCOUNT));
  const printed = await ann.act((identity) => custody.paper(holding, identity));
  report.paper = printed.words.length;
}

await enrolAll();
await signIn();
await draftAndSign();
const password = await sealAndConfirm("for the story");
await runDrill();
const request = await ask(false);
await approveAll(request, false);
await releaseAndEnd(request, password);
await sealAndConfirm("the new one");
await reviewBoth(request);
await forkedLog();
await denyAndAskAgain();
await slotsAndPaper();
report.hostile = await hostileSealer();
report.heads = headsNamed();
console.log(JSON.stringify(report));
