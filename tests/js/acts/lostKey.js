/**
 * The log's key is lost: node lostKey.js URL LINK. It says `rekey` when its caller is to serve the
 * same log under another key, and is given the URL of that.
 */

import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import * as asking from "../../../service/browser/acts/asking.js";
import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import { checkCompared, doneUnder } from "../../../service/browser/acts/newKey.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as drafting from "../../../service/browser/acts/rosterDraft.js";
import * as rosters from "../../../service/browser/acts/rosters.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import { b64decode, b64encode, canonical, parseCanonical } from "../../../service/browser/crypto/encoding.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { NoteVerifier } from "../../../service/browser/crypto/note.js";
import { randomBytes } from "../../../service/browser/crypto/randomness.js";
import { logKeyWords } from "../../../service/browser/crypto/spoken.js";
import { unsigned } from "../../../service/browser/crypto/statement.js";
import * as signing from "../../../service/browser/keys/signin.js";
import { takenUpAnywhere } from "../../../service/browser/log/takingUp.js";
import * as watching from "../../../service/browser/log/watch.js";
import { get } from "../../../service/browser/link/api.js";
import { SecondPress } from "../../../service/browser/link/errors.js";
import { ask, draftAndSign, enrolAll, sealAndConfirm } from "./founding.js";
import { ACCOUNT, refused, server, who } from "./organisation.js";
import { Person } from "./person.js";

const ROSTERS = `/api/v1/accounts/${ACCOUNT}/rosters`;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const CUSTODIANS = ["Ann", "Bob", "Dea", "Eli"];

const known = async (name) => (await who(name).memory.get("checkpoint", "log")).verifierKey;
const prepare = (name) => who(name).in(() => rosters.prepareSign(ACCOUNT));

await enrolAll();
await draftAndSign();
await sealAndConfirm("for the story");
const request = await ask(false);
const seen = await who("Ann").in(() => requests.fetchRequest(request));
const [before, gus] = [await known("Ann"), who("Gus")];
console.log("rekey");
const { value: url } = await lines.next();
// At another port their passkeys are of another origin.
for (const name of [...CUSTODIANS, "Gus"]) Object.assign(who(name), { server: url, can: "none" });

await everyOtherAct();
await operatorDrafts();
await lies();
await signedByAll();
console.log(JSON.stringify({ moved: server !== url }));

/** Every act but one is refused, and the way without the service is named. */
async function everyOtherAct() {
  const ann = who("Ann");
  const wanted = { account: ACCOUNT, task: "billing", taskText: "", reason: "now", ticket: "" };
  const acts = {
    show: () => ann.in(() => requests.fetchRequest(request)),
    approve: () => ann.act((identity) => deciding.approve(seen, identity)),
    confirm: () => ann.in(() => custody.prepareConfirm(ACCOUNT)),
    paper: () => ann.in(() => custody.preparePaper(ACCOUNT)),
    ask: () => gus.act((identity) => asking.ask(wanted, identity)),
    seal: () => gus.in(() => sealing.prepareSeal(ACCOUNT)),
    sign: () => prepare("Ann"), // no draft, so none names the new key
    first: () => withoutRosters(ann), // of an account in which nothing was signed yet
  };
  for (const [act, run] of Object.entries(acts)) {
    const error = await run().catch((one) => one);
    assert.ok(refused("log-key-changed")(error), act);
    assert.match(error.message, /act without the service/);
  }
  for (const name of ["Ann", "Gus"]) {
    assert.equal(await known(name), before);
    const posts = who(name).sent.filter(({ path }) => path.endsWith(`${request}/decisions`));
    assert.deepEqual(posts, []);
  }
}

/** @param {Person} person */
async function withoutRosters(person) {
  person.lies.set(ROSTERS, (shown) => ({ ...shown, chain: [], identities: [] }));
  try {
    return await prepare(person.name);
  } finally {
    person.lies.clear();
  }
}

/** An operator in a browser that remembers nothing drafts the same roster with the new key. */
async function operatorDrafts() {
  const olga = new Person("Olga", url);
  await olga.in(() => signing.signInWithPhrase(olga.email, who("Olga").phrase));
  await olga.in(async () => {
    const prepared = await drafting.prepareDraft(ACCOUNT);
    await drafting.draft(prepared, prepared.wishes);
  });
}

/** @param {(payload: any, shown: any) => any} change */
function redrafted(change) {
  return async (shown) => {
    const payload = canonical(change(parseCanonical(b64decode(shown.draft.payload)), shown));
    const { digest } = await unsigned("roster", payload);
    return { ...shown, draft: { ...shown.draft, payload: b64encode(payload), digest, signatures: [] } };
  };
}

async function lies() {
  const ann = who("Ann");
  const other = await Identity.generate();
  const keyOf = async (name) => (await NoteVerifier.make(name, other.public.signingKey)).vkey;
  const vkey = await keyOf(before.split("+")[0]);
  const foreign = await keyOf("evil.example/log");
  const consistency = [b64encode(randomBytes(32))];
  const told = [
    [(shown) => ({ ...shown, log: { ...shown.log, consistency } }), "log-forked"],
    [(shown) => ({ ...shown, log: { ...shown.log, consistency: [] } }), "log-forked"],
    [(shown) => ({ ...shown, log: { ...shown.log, verifier_key: vkey } }), "log-not-signed"],
    [(shown) => ({ ...shown, log: { ...shown.log, verifier_key: foreign } }), "log-key-changed"],
    [redrafted((payload) => ({ ...payload, log_key: vkey })), "log-key-changed"],
    [redrafted((payload) => ({ ...payload, log_key: before })), "log-key-changed"],
    [(shown) => ({ ...shown, log: { ...shown.log, leaves: [] } }), "not-yet-in-log"],
  ];
  for (const [lie, code] of told) {
    ann.lies.set(ROSTERS, lie);
    await assert.rejects(prepare("Ann"), refused(code));
  }
  ann.lies.clear();
  const keys = { known: before, shown: (await newest("Ann")).log_key };
  // A version before that named no key, or a third one, is not what the draft changes.
  for (const previous of [null, { logKey: vkey }]) {
    const given = { person: ann.id, draft: { digest: "", logKey: keys.shown }, previous, keys };
    await assert.rejects(ann.in(() => checkCompared(given)), refused("log-key-changed"));
  }
  for (const [change, code] of [[{ consistency }, "log-forked"], [{ verifier_key: vkey }, "log-key-changed"]]) {
    ann.lies.set("/api/v1/checkpoint", (shown) => ({ ...shown, ...change }));
    await assert.rejects(ann.in(() => doneUnder({ state: "draft" }, ACCOUNT, keys)), refused(code));
  }
  ann.lies.clear();
  assert.equal(await known("Ann"), before);
}

/** Both keys' words are compared first; the key counts from the acceptance on, and not before. */
async function signedByAll() {
  for (const name of CUSTODIANS) {
    const asked = await prepare(name).catch((one) => one);
    assert.ok(asked instanceof SecondPress, asked.stack);
    assert.equal(asked.code, "log-key-lost");
    const { log_key: drafted } = await newest(name);
    for (const key of [before, drafted]) {
      assert.ok(asked.message.includes((await logKeyWords(key)).join(" ")), asked.message);
    }
    await assert.rejects(prepare(name), refused("log-key-lost")); // reading it is no yes
    const reading = await who(name).in(() => rosters.fetchRosters(ACCOUNT));
    assert.equal(reading.keys.known, before);
    asked.press();
    const prepared = await prepare(name);
    for (const one of prepared.people) one.done = true; // compared when they signed version 1
    rosters.compared(prepared);
    const signs = () => who(name).act((identity) => rosters.sign(prepared, identity));
    if (name === "Ann" || name === "Bob") {
      await forgedReceipt(who(name), prepared, signs, { otherTab: name === "Bob" && drafted });
      continue;
    }
    const done = await signs();
    const last = name === CUSTODIANS.at(-1);
    assert.equal(done.state, last ? "accepted" : "draft");
    assert.equal(await known(name), last ? drafted : before);
    if (last) assert.match(done.warnings.join(), /this browser goes by that key from now on/);
  }
  const { log_key: drafted } = await newest("Gus");
  const wanted = { account: ACCOUNT, task: "billing", taskText: "", reason: "now", ticket: "" };
  const asks = () => gus.act((identity) => asking.ask(wanted, identity));
  const withheld = (shown) => ({ ...shown, log: { ...shown.log, leaves: [] } });
  const consistency = [b64encode(randomBytes(32))];
  for (const lie of [withheld, (shown) => ({ ...shown, log: { ...shown.log, consistency } })]) {
    gus.lies.set(ROSTERS, lie);
    await assert.rejects(asks(), refused("log-key-changed"));
    gus.lies.clear();
    assert.equal(await known("Gus"), before);
  }
  await onlyKnownPeople();
  const made = await asks();
  assert.match(made.warnings.join(), /this browser goes by that key from now on/);
  assert.equal(await known("Gus"), drafted);
  // Bob only looks at the log, and knows the account.
  await who("Bob").in(() => watching.checkLog());
  assert.equal(await known("Bob"), drafted);
  // Someone whose first look is at the request.
  const shown = await who("Ann").in(() => requests.fetchRequest(made.request));
  assert.equal(await known("Ann"), drafted);
  const done = await who("Ann").act((identity) => deciding.approve(shown, identity));
  assert.equal(done.state, "pending");
}

/** Whoever shows the log can make up an account, its people and their roster. */
async function onlyKnownPeople() {
  const log = await gus.memory.get("checkpoint", "log");
  const shown = await gus.in(() => get(`/checkpoint?seen=${log.checkpoint.split("\n")[1]}`));
  const other = "ab".repeat(32);
  for (const [store, key, value] of [
    ["rosters", `${gus.id}/${ACCOUNT}`, [99, other]],
    ["device", gus.id, other],
    ["device", gus.id, undefined],
  ]) {
    const kept = await gus.memory.get(store, key);
    await gus.memory.put(store, key, value);
    assert.equal(await gus.in(() => takenUpAnywhere(shown, log)), null);
    await gus.memory.put(store, key, kept);
    assert.equal(await known("Gus"), before);
  }
}

/** The receipt is of another entry; perhaps another tab has taken the new key up meanwhile. */
async function forgedReceipt(person, { draft }, signs, { otherTab }) {
  const log = await person.memory.get("checkpoint", "log");
  person.lies.set(`${ROSTERS}/${draft.digest}/signatures`, async (done) => {
    if (otherTab) await person.memory.put("checkpoint", "log", { ...log, verifierKey: otherTab });
    return { ...done, leaf: done.leaf - 1 };
  });
  await assert.rejects(signs(), refused("log-receipt-forged"));
  person.lies.clear();
  await person.memory.put("checkpoint", "log", log);
}

/** @param {string} name @returns {Promise<any>} the draft, or the version in force */
async function newest(name) {
  const { chain, draft } = await who(name).in(async () => {
    const answer = await who(name).fetch(`${ROSTERS}?seen=0`, { method: "GET", headers: {} });
    return answer.json();
  });
  return parseCanonical(b64decode((draft ?? chain.at(-1)).payload));
}
