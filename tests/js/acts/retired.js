/** A line that its people end, in the browser: node retired.js URL LINK. */

import assert from "node:assert/strict";

import * as asking from "../../../service/browser/acts/asking.js";
import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as drafting from "../../../service/browser/acts/rosterDraft.js";
import * as rosters from "../../../service/browser/acts/rosters.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import { b64decode, parseCanonical } from "../../../service/browser/crypto/encoding.js";
import { ask, draftAndSign, enrolAll, sealAndConfirm } from "./founding.js";
import { ACCOUNT, refused, who } from "./organisation.js";

async function approve(name, request) {
  const shown = await who(name).in(() => requests.fetchRequest(request));
  return (await who(name).act((identity) => deciding.approve(shown, identity))).state;
}

await enrolAll();
await draftAndSign();
const [olga, gus] = [who("Olga"), who("Gus")];
await sealAndConfirm("for the story");
// A second password, which no one confirms but by approving the request that names it.
const prepared = await gus.in(() => sealing.prepareSeal(ACCOUNT));
const password = sealing.generatePassword();
const second = { password, signInEmail: "root@corp.example", note: "" };
await gus.act((identity) => sealing.seal(prepared, second, identity));
const request = await ask(false, { newest: true });
await approve("Ann", request);

await olga.in(async () => drafting.retire(await drafting.prepareDraft(ACCOUNT)));
for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
  const draft = await who(name).in(() => rosters.prepareSign(ACCOUNT));
  assert.match(JSON.stringify(draft.changes), /ENDS THIS LINE OF THE ACCOUNT/);
  await who(name).act((identity) => rosters.sign(draft, identity));
}

// Anyone who knows of the end relies on its place in the log: one that is not shown is asked about.
const hidden = (answer) => ({ ...answer, log: { ...answer.log, leaves: answer.log.leaves.filter(seen) } });
function seen({ leaf }) {
  const { action, details } = parseCanonical(b64decode(leaf));
  return action !== "roster:accepted" || details.version === 1;
}
const bob = who("Bob");
for (const [path, act] of [
  [`/api/v1/requests/${request}`, () => approve("Bob", request)],
  [`/api/v1/accounts/${ACCOUNT}/rosters`, () => bob.in(() => custody.prepareConfirm(ACCOUNT))],
]) {
  bob.lies.set(path, hidden);
  await assert.rejects(act(), refused("not-yet-in-log"));
  bob.lies.clear();
}

// What was asked before goes on; what was confirmed is not stale.
for (const name of ["Bob", "Dea"]) await approve(name, request);
const state = await approve("Eli", request);
const mine = await who("Ann").in(() => custody.prepareConfirm(ACCOUNT));
assert.equal(mine.stale, false);

for (const [person, begin] of [
  [gus, () => asking.prepareAsk(ACCOUNT)],
  [gus, () => sealing.prepareSeal(ACCOUNT)],
  [olga, () => drafting.prepareDraft(ACCOUNT)],
]) {
  const sent = person.sent.length;
  await assert.rejects(person.in(begin), refused("line-retired"));
  assert.deepEqual(person.sent.slice(sent).filter(({ method }) => method === "POST"), []);
}
console.log(JSON.stringify(state));
