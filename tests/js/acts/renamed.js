/** A roster in which only the account's name changes, in the browser: node renamed.js URL LINK. */

import assert from "node:assert/strict";

import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as releasing from "../../../service/browser/acts/release.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as drafting from "../../../service/browser/acts/rosterDraft.js";
import * as rosters from "../../../service/browser/acts/rosters.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import { ask, draftAndSign, enrolAll, sealAndConfirm } from "./founding.js";
import { ACCOUNT, refused, who } from "./organisation.js";

async function changed(wishes) {
  await who("Olga").in(async () => {
    const prepared = await drafting.prepareDraft(ACCOUNT);
    await drafting.draft(prepared, { ...prepared.wishes, ...wishes });
  });
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const draft = await who(name).in(() => rosters.prepareSign(ACCOUNT));
    await who(name).act((identity) => rosters.sign(draft, identity));
  }
}

async function confirm(name) {
  const mine = await who(name).in(() => custody.prepareConfirm(ACCOUNT));
  const done = who(name).act((identity) => custody.confirm(mine, identity));
  return { stale: mine.stale, state: mine.stale ? await rejected(done) : (await done).state };
}

async function rejected(done) {
  await assert.rejects(done, refused("stale-roster"));
  return "refused";
}

async function approve(name, request) {
  const shown = await who(name).in(() => requests.fetchRequest(request));
  const { confirmed } = await who(name).in(() => requests.checkApprovable(shown));
  const { state } = await who(name).act((identity) => deciding.approve(shown, identity));
  return { confirmed, state };
}

await enrolAll();
await draftAndSign();
const gus = who("Gus");
await sealAndConfirm("for the story");
const prepared = await gus.in(() => sealing.prepareSeal(ACCOUNT));
const second = { password: sealing.generatePassword(), signInEmail: "root@corp.example", note: "" };
await gus.act((identity) => sealing.seal(prepared, second, identity));

await changed({ name: "Payer EU" });
// Who has not confirmed may do so by the approval or before it.
const request = await ask(false, { newest: true });
assert.equal((await approve("Ann", request)).confirmed, false);
for (const name of ["Bob", "Dea"]) assert.equal((await confirm(name)).stale, false);
assert.equal((await confirm("Eli")).state, "ready");
for (const name of ["Bob", "Dea"]) await approve(name, request);
const { confirmed, state } = await approve("Eli", request);
assert.equal(confirmed, true);
const mine = await gus.in(() => requests.fetchRequest(request));
const opened = await gus.act((identity) => releasing.release(mine, identity));
assert.equal(opened.password, second.password);

// Where one signs in is sealed with it.
const third = await gus.in(() => sealing.prepareSeal(ACCOUNT));
await gus.act((identity) => sealing.seal(third, second, identity));
await changed({ root_email: "root@elsewhere.example" });
assert.deepEqual(await confirm("Bob"), { stale: true, state: "refused" });
const other = await ask(false, { newest: true });
await assert.rejects(approve("Ann", other), refused("receipt-missing"));
console.log(JSON.stringify(state));
