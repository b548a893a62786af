/**
 * A log that is put back, and those whose browsers saw more of it: node restored.js URL LINK. It
 * says `copy` and `restore` when its caller is to do that, and waits for a line each time.
 */

import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import * as deciding from "../../../service/browser/acts/deciding.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as signing from "../../../service/browser/keys/signin.js";
import { readyEnvelope } from "../../../service/browser/device/readyEnvelopes.js";
import { EpochBegan } from "../../../service/browser/link/errors.js";
import { acceptEpoch } from "../../../service/browser/log/standing.js";
import { firstLooks, putBack } from "./firstLook.js";
import { ask, draftAndSign, enrolAll, sealAndConfirm } from "./founding.js";
import { ACCOUNT, refused, who } from "./organisation.js";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** @param {string} what */
async function have(what) {
  console.log(what);
  await lines.next();
}

async function signInAgain() {
  const [ann, gus] = [who("Ann"), who("Gus")];
  await ann.in(() => signing.signInWithPhrase(ann.email, ann.phrase));
  await gus.in(() => signing.signInWithPasskey());
}

await enrolAll();
await draftAndSign();
await sealAndConfirm("for the story");
const request = await ask(false);
const [ann, eli] = [who("Ann"), who("Eli")];
await have("copy");
await ask(false); // the log grows by what its copy lacks
const before = await ann.in(() => requests.fetchRequest(request));
await ann.act((identity) => deciding.approve(before, identity));
const own = await firstLooks(["Olga", "Ann", "Gus"].map(who), request);
const seen = await ann.memory.get("checkpoint", "log");
await have("restore");
await putBack(ann, own, before);

// Whoever saw what is gone is told what, by whom and why, and does nothing before they accept it.
await signInAgain();
const sent = ann.sent.length;
const began = await ann.in(() => requests.fetchRequest(request)).catch((error) => error);
assert.ok(began instanceof EpochBegan, began.stack);
assert.match(began.message, /an older copy of the log was restored: its first \d+ entries/);
assert.match(began.message, /ops:nina says why: the disk broke/);
const approving = ann.act((identity) => deciding.approve(before, identity));
await assert.rejects(approving, refused("log-epoch-began"));
const posts = ann.sent.slice(sent).filter(({ path }) => path.endsWith("/decisions"));
assert.deepEqual(posts, []);
assert.deepEqual(await ann.memory.get("checkpoint", "log"), seen);

await eli.in(() => signing.signInWithPhrase(eli.email, eli.phrase));
assert.notEqual(await eli.in(() => readyEnvelope(eli.id, ACCOUNT)), null);
await ann.in(() => acceptEpoch(began));
assert.deepEqual(await ann.memory.get("checkpoint", "given up"), [seen.checkpoint]);
assert.equal(await ann.in(() => readyEnvelope(ann.id, ACCOUNT)), null);

// What was asked before takes no approval, whatever state the service shows it in.
ann.lies.set(`/api/v1/requests/${request}`, (one) => ({ ...one, state: "pending" }));
const old = await ann.in(() => requests.fetchRequest(request));
const late = ann.act((identity) => deciding.approve(old, identity));
await assert.rejects(late, refused("request-before-epoch"));
ann.lies.clear();

// Who asked for what is gone accepts it, too.
const lost = await who("Gus").in(() => requests.fetchRequest(request)).catch((error) => error);
assert.ok(lost instanceof EpochBegan, lost.stack);
await who("Gus").in(() => acceptEpoch(lost));
const again = await ask(false);
const states = [];
for (const name of ["Ann", "Eli"]) {
  const shown = await who(name).in(() => requests.fetchRequest(again));
  const done = await who(name).act((identity) => deciding.approve(shown, identity));
  states.push([done.state, shown.warnings.filter((one) => one.includes("disk broke")).length]);
}
console.log(JSON.stringify(states));
process.exit(0);
