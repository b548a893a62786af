/**
 * A requester who seals after their release, by the browser's modules: node succeeding.js URL LINK.
 * What each person was told about it is printed at the end, as JSON.
 */

import assert from "node:assert/strict";

import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as people from "../../../service/browser/acts/people.js";
import * as releasing from "../../../service/browser/acts/release.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as drafting from "../../../service/browser/acts/rosterDraft.js";
import * as rosters from "../../../service/browser/acts/rosters.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import { ask, enrolAll, sign } from "./founding.js";
import { ACCOUNT, refused, who } from "./organisation.js";

const CUSTODIANS = ["Ann", "Bob", "Dea", "Eli"];
const told = {};

async function found() {
  await enrolAll();
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
      sealers: ids("Ann"),
      policy: { ...prepared.wishes.policy, requester_seals: true },
    });
  });
  for (const name of [...CUSTODIANS, "Gus"]) await sign(name);
}

/** A new roster, in which no requester seals. */
async function noLonger() {
  await who("Olga").in(async () => {
    const prepared = await drafting.prepareDraft(ACCOUNT);
    const { wishes } = prepared;
    const policy = { ...wishes.policy, requester_seals: false };
    await drafting.draft(prepared, { ...wishes, policy });
  });
  for (const name of CUSTODIANS) {
    const prepared = await who(name).in(() => rosters.prepareSign(ACCOUNT));
    rosters.compared(prepared);
    await who(name).act((identity) => rosters.sign(prepared, identity));
  }
}

/** @param {string} name @param {string} password */
async function seal(name, password) {
  const prepared = await who(name).in(() => sealing.prepareSeal(ACCOUNT));
  const wanted = { password, signInEmail: "root@corp.example", note: "" };
  await who(name).act((identity) => sealing.seal(prepared, wanted, identity));
  return prepared.warnings;
}

async function confirm() {
  let warnings;
  for (const name of CUSTODIANS) {
    const mine = await who(name).in(() => custody.prepareConfirm(ACCOUNT));
    await who(name).act((identity) => custody.confirm(mine, identity));
    warnings = mine.warnings;
  }
  return warnings;
}

/** No one believes it without what shows the release; nothing is posted. */
async function withoutEvidence() {
  const eli = who("Eli");
  const path = `/api/v1/accounts/${ACCOUNT}/envelopes`;
  const confirming = () => eli.in(() => custody.prepareConfirm(ACCOUNT));
  const bare = (/** @type {any} */ answer) => ({
    ...answer,
    envelopes: answer.envelopes.map((one) => ({ ...one, successor: null })),
  });
  eli.lies.set(path, bare);
  await assert.rejects(confirming(), refused("successor-unproven"));
  eli.lies.set(path, (/** @type {any} */ answer) => {
    const [newest, ...older] = answer.envelopes;
    const { checkpoint } = newest.successor;
    const other = { ...newest.successor, checkpoint: `${checkpoint}— other.example/log AAAAAAAA\n` };
    return { ...answer, envelopes: [{ ...newest, successor: other }, ...older] };
  });
  await assert.rejects(confirming(), refused("successor-unproven"));
  eli.lies.clear();
}

async function release() {
  const request = await ask(false);
  for (const name of CUSTODIANS) {
    const shown = await who(name).in(() => requests.fetchRequest(request));
    await who(name).act((identity) => deciding.approve(shown, identity));
  }
  const gus = who("Gus");
  const shown = await gus.in(() => requests.fetchRequest(request));
  return gus.act((identity) => releasing.release(shown, identity));
}

await found();
const early = who("Gus").in(() => sealing.prepareSeal(ACCOUNT));
await assert.rejects(early, refused("not-successor"));
await seal("Ann", "the-First-password-of-1");
told.first = await confirm();
assert.equal((await release()).password, "the-First-password-of-1");
told.seals = await seal("Gus", "the-Second-password-of-2");
await withoutEvidence();
told.confirms = await confirm();
const opened = await release();
assert.equal(opened.password, "the-Second-password-of-2");
told.opens = opened.warnings;
await seal("Gus", "the-Third-password-of-3");
await confirm();
await noLonger();
await seal("Ann", "the-Fourth-password-of-4"); // as a changed password, though the roster is new
assert.deepEqual(await confirm(), []);
console.log(JSON.stringify(told));
process.exit(0);
