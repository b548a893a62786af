/** Browsers that remember no log: what their owner has signed has to be its beginning. */

import assert from "node:assert/strict";

import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import { prepareDraft } from "../../../service/browser/acts/rosterDraft.js";
import { fetchRequest } from "../../../service/browser/acts/requests.js";
import { sign } from "../../../service/browser/crypto/signing.js";
import { logKeyWords } from "../../../service/browser/crypto/spoken.js";
import { sortedStatementDsse } from "../../../service/browser/crypto/statement.js";
import { NO_HEAD } from "../../../service/browser/log/named.js";
import * as signing from "../../../service/browser/keys/signin.js";
import { EpochBegan } from "../../../service/browser/link/errors.js";
import { acceptEpoch } from "../../../service/browser/log/standing.js";
import { ACCOUNT, refused } from "./organisation.js";
import { Person } from "./person.js";

const NEW = /^This browser has not seen this log before/;
const SESSIONS = "/api/v1/sessions";

/** The same person at another browser. @param {Person} person @param {(own: any) => any} [choose] */
async function anew(person, choose = (own) => own) {
  const { name, server, email, phrase, id, can, credentials } = person;
  const fresh = Object.assign(new Person(name, server), { email, phrase, id, can, credentials });
  fresh.given = null;
  const chosen = (opened) => {
    fresh.given = opened.own_statement;
    return { ...opened, own_statement: choose(fresh.given) };
  };
  fresh.lies.set(SESSIONS, chosen).set(`${SESSIONS}/passkey`, chosen);
  if (credentials) await fresh.in(() => signing.signInWithPasskey());
  else await fresh.in(() => signing.signInWithPhrase(email, phrase));
  return fresh;
}

const logOf = (person) => person.memory.get("checkpoint", "log");
const claimOf = (person) => person.memory.get("checkpoint", "claim");
const saidOn = async (person, request) =>
  (await person.in(() => fetchRequest(request, { despite: true }))).warnings;
const changed = (own) => {
  const said = JSON.parse(atob(own.payload));
  return { ...own, payload: btoa(JSON.stringify({ ...said, log_size: said.log_size + 1 })) };
};
/** A statement of this person that names no head, as one made without the service. */
async function headless(person) {
  const fields = { request: "a".repeat(64), requester: person.id };
  const made = (identity) => sign("release", fields, { identity, at: new Date(0), head: NO_HEAD });
  return sortedStatementDsse(await person.act(made));
}

/** With an honest service nothing is said or asked that was not before. */
async function honest(ann, request) {
  const fresh = await anew(ann);
  const own = fresh.given;
  const { payload } = own;
  assert.equal((await logOf(fresh)).verifierKey, "");
  assert.equal(Number((await logOf(fresh)).checkpoint.split("\n")[1]), JSON.parse(atob(payload)).log_size);
  assert.equal(await claimOf(fresh), undefined);
  const places = [fresh.sent.length, ann.sent.length];
  assert.deepEqual(await saidOn(fresh, request), await saidOn(ann, request));
  const asked = [fresh, ann].map((one, at) =>
    one.sent.slice(places[at]).map(({ method, path }) => `${method} ${path.replace(/=\d+$/, "")}`),
  );
  assert.deepEqual(asked[0], asked[1]);
  assert.notEqual((await logOf(fresh)).verifierKey, "");
  return own;
}

/** What its owner did not sign is named, and the log is new. Returns what the service has of Ann. */
export async function firstLooks([olga, ann, gus], request) {
  const own = await honest(ann, request);
  const none = await headless(ann);
  const theirs = (await anew(gus)).given;
  for (const [choose, why] of [
    [() => null, null],
    [() => theirs, /not signed with the keys that you have now/],
    [changed, /not signed with the keys that you have now/],
    [() => none, /says nothing of the log/],
    [() => ({ ...own, payload: "x" }), /cannot be read/],
  ]) {
    const told = await anew(ann, choose);
    assert.equal(await logOf(told), undefined);
    const said = await saidOn(told, request);
    const { verifierKey } = await logOf(told);
    const of = said.filter((one) => NEW.test(one));
    assert.equal(of.length, 1);
    assert.ok(of[0].endsWith(`: ${(await logKeyWords(verifierKey)).join(" ")}.`));
    assert.equal(said.filter((one) => why?.test(one)).length, why === null ? 0 : 1);
    assert.deepEqual((await saidOn(told, request)).filter((one) => NEW.test(one) || why?.test(one)), []);
  }
  await byPasskey(gus, own, request);
  // An operator has signed nothing that names a head; the draft that follows says so.
  const fresh = await anew(olga);
  assert.equal(fresh.given, null);
  const { news } = await fresh.in(() => prepareDraft(ACCOUNT));
  assert.deepEqual(news.map((one) => NEW.test(one)), [true]);
  return own;
}

/** With a passkey that only signed in: the head holds at once, and is verified with the first act. */
async function byPasskey(gus, other, request) {
  const fresh = await anew(gus);
  assert.equal((await logOf(fresh)).verifierKey, "");
  assert.equal((await saidOn(fresh, request)).filter((one) => NEW.test(one)).length, 1);
  assert.equal((await claimOf(fresh)).person, gus.id);
  await fresh.act(async () => null);
  assert.equal(await claimOf(fresh), undefined);

  const lied = await anew(gus, () => ({ ...other, signatures: [] }));
  assert.equal((await saidOn(lied, request)).filter((one) => NEW.test(one)).length, 1);
  await assert.rejects(lied.act(async () => null), refused("own-statement-forged"));
  await lied.act(async () => null); // it was read, and nothing else is wrong
  const before = await anew(gus, () => changed(other));
  await before.act(async () => null);
  assert.equal(await logOf(before), undefined);
  assert.equal((await saidOn(before, request)).filter((one) => /not signed with the keys/.test(one)).length, 1);
}

/** The log was put back: whoever acted in what is gone is told so at a new browser too. */
export async function putBack(ann, own, shown) {
  const fresh = await anew(ann, () => own);
  const remembered = await logOf(fresh);
  const { id } = shown.about.request;
  const hiding = (answer) => ({ ...answer, log: { ...answer.log, epochs: [] } });
  const paths = [`requests/${id}`, `accounts/${ACCOUNT}/rosters`, `accounts/${ACCOUNT}/envelopes`];
  for (const path of paths) fresh.lies.set(`/api/v1/${path}`, hiding);
  const sent = fresh.sent.length;
  const approving = () => fresh.act((identity) => deciding.approve(shown, identity));
  await assert.rejects(fresh.in(() => fetchRequest(id)), refused("log-forked"));
  await assert.rejects(approving(), refused("log-forked"));
  await assert.rejects(fresh.in(() => custody.prepareConfirm(ACCOUNT)), refused("log-forked"));
  fresh.lies.clear();
  await assert.rejects(approving(), refused("log-epoch-began"));
  const posts = fresh.sent.slice(sent).filter(({ method }) => method === "POST");
  assert.deepEqual(posts.filter(({ path }) => !path.startsWith(SESSIONS)), []);
  assert.deepEqual(await logOf(fresh), remembered);

  const began = await fresh.in(() => fetchRequest(id)).catch((error) => error);
  assert.ok(began instanceof EpochBegan, began.stack);
  await fresh.in(() => acceptEpoch(began));
  assert.deepEqual(await fresh.memory.get("checkpoint", "given up"), [remembered.checkpoint]);
  assert.notEqual((await logOf(fresh)).verifierKey, "");
}
