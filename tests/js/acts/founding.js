/** How an organisation begins: people enrol, sign a roster, seal a password, and ask. */

import assert from "node:assert/strict";

import * as asking from "../../../service/browser/acts/asking.js";
import * as custody from "../../../service/browser/acts/custody.js";
import { Unreachable } from "../../../service/browser/link/errors.js";
import * as people from "../../../service/browser/acts/people.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as drafting from "../../../service/browser/acts/rosterDraft.js";
import * as rosters from "../../../service/browser/acts/rosters.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import * as signing from "../../../service/browser/keys/signin.js";
import * as unlocking from "../../../service/browser/keys/unlock.js";
import { draftOfAnotherKey, liedAboutAccount } from "./before.js";
import { liedAboutTopic } from "./lies.js";
import { ACCOUNT, kept, link, refused, report, server, who } from "./organisation.js";
import { SoftAuthenticator } from "./softAuthenticator.js";

export async function enrolAll() {
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

export async function signIn() {
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

export async function draftAndSign() {
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
  await draftOfAnotherKey(who("Ann"));
  await liedAboutAccount(who("Ann"), "sign");
  for (const name of ["Ann", "Bob", "Dea", "Eli", "Gus"]) report.roster = await sign(name);
}

/** Everyone's words are compared, and a roster is signed. */
export async function sign(name) {
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

export async function sealAndConfirm(note) {
  const gus = who("Gus");
  await liedAboutTopic(gus, ACCOUNT);
  const prepared = await gus.in(() => sealing.prepareSeal(ACCOUNT));
  assert.equal(prepared.compare, null, "she compared the roster when she signed it");
  const password = sealing.generatePassword();
  const wanted = { password, signInEmail: "root@corp.example", note };
  await gus.act((identity) => sealing.seal(prepared, wanted, identity));
  const moved = gus.act((identity) => sealing.seal(prepared, wanted, identity));
  await assert.rejects(moved, refused("seal-moved"));
  await liedAboutAccount(who("Ann"), "confirm");
  for (const name of ["Ann", "Bob", "Dea", "Eli"]) {
    const mine = await who(name).in(() => custody.prepareConfirm(ACCOUNT));
    const done = await who(name).act((identity) => custody.confirm(mine, identity));
    report.envelope = done.state;
    const twice = who(name).act((identity) => custody.confirm(mine, identity));
    await assert.rejects(twice, refused("already-confirmed"));
  }
  return password;
}

export async function ask(drill, more = {}) {
  const gus = who("Gus");
  const wanted = {
    account: ACCOUNT,
    task: drill ? "drill" : "restore-admin",
    taskText: "",
    reason: "the last administrator left",
    ticket: "OPS-1",
    drill,
    ...more,
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
