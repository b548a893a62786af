/** A service that lies about the log, the time or the envelope before something is signed. */

import assert from "node:assert/strict";

import * as asking from "../../../service/browser/acts/asking.js";
import * as custody from "../../../service/browser/acts/custody.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import * as endings from "../../../service/browser/acts/endings.js";
import * as releasing from "../../../service/browser/acts/release.js";
import * as requests from "../../../service/browser/acts/requests.js";
import * as rosters from "../../../service/browser/acts/rosters.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import { b64decode, b64encode, canonical } from "../../../service/browser/crypto/encoding.js";
import { concat, parseCanonical, utf8 } from "../../../service/browser/crypto/encoding.js";
import { Identity } from "../../../service/browser/crypto/identity.js";
import { NoteVerifier } from "../../../service/browser/crypto/note.js";
import { unsigned } from "../../../service/browser/crypto/statement.js";
import { pressOn } from "../../../service/browser/link/clocks.js";
import { SecondPress } from "../../../service/browser/link/errors.js";
import { ACCOUNT, kept, refused, who } from "./organisation.js";

const DAY = 86_400_000; // ms
const ROSTERS = `/api/v1/accounts/${ACCOUNT}/rosters`;
const ENVELOPES = `/api/v1/accounts/${ACCOUNT}/envelopes`;

const withLog = (change) => (answer) => ({ ...answer, log: change(answer.log) });
const putBack = withLog((log) => ({ ...log, checkpoint: kept.checkpoint, consistency: [] }));
const forked = withLog((log) => ({ ...log, consistency: [b64encode(new Uint8Array(32))] }));
const rekeyed = withLog((log) => ({ ...log, verifier_key: `x${log.verifier_key}` }));
const withheld = withLog(() => null);
const headless = withLog((log) => ({ ...log, heads: [] }));
const wrongHeads = withLog((log) => ({
  ...log,
  heads: log.heads.map((one) => ({ ...one, root: b64encode(new Uint8Array(32)) })),
}));
const NOT_THIS = "names a log that is not this one";

const withLeaves = (change) => withLog((log) => ({ ...log, leaves: change(log.leaves) }));
const leafOf = ({ leaf }) => parseCanonical(b64decode(leaf));
/** The entries of this action say something else than the log has. */
const altered = (action, change) =>
  withLeaves((all) =>
    all.map((one) => {
      const said = leafOf(one);
      return said.action === action ? { ...one, leaf: b64encode(canonical(change(said))) } : one;
    }),
  );
const without = (action) => withLeaves((all) => all.filter((one) => leafOf(one).action !== action));

/** Nothing is posted, whatever is said. */
async function refuses(person, paths, lie, code, act) {
  const before = person.sent.length;
  for (const path of [paths].flat()) person.lies.set(path, lie);
  await assert.rejects(act(), refused(code));
  person.lies.clear();
  const acts = person.sent.slice(before).filter(({ method }) => method === "POST");
  assert.deepEqual(acts.filter((one) => !one.path.startsWith("/api/v1/sessions")), [], code);
}

/** Each lie about a request, told between looking and approving. */
export async function liedBeforeApproval(person, shown) {
  const { id } = shown.about.request;
  const path = `/api/v1/requests/${id}`;
  const approve = () => person.act((identity) => deciding.approve(shown, identity));
  const lies = [
    [putBack, "log-rewound"],
    [forked, "log-forked"],
    [rekeyed, "log-key-changed"],
    [withheld, "not-yet-in-log"],
    [withLeaves(() => []), "not-yet-in-log"],
    [without("request:opened"), "not-yet-in-log"],
    [without("envelope:sealed"), "not-yet-in-log"],
    [without("roster:accepted"), "not-yet-in-log"],
    [headless, "log-forked"],
    [wrongHeads, "log-forked"],
    [altered("request:opened", (leaf) => ({ ...leaf, at: "2031-01-01T00:00:00Z" })), "log-receipt-forged"],
    [altered("request:opened", (leaf) => ({ ...leaf, seq: leaf.seq + 1 })), "log-receipt-forged"],
    [altered("envelope:sealed", (leaf) => ({ ...leaf, at: "2031-01-01T00:00:00Z" })), "log-receipt-forged"],
    [(one) => ({ ...one, request: { ...one.request, at: "2031-01-01T00:00:00Z" } }), "entry-replaced"],
    [(one) => ({ ...one, request: { ...one.request, leaf: one.request.leaf + 1 } }), "entry-replaced"],
  ];
  for (const [lie, code] of lies) await refuses(person, path, lie, code, approve);
  await onAnotherLog(person, path, shown);
  await shownLate(person, path, shown);
}

/** A log of another key, shown to a browser that has seen none: the roster names the right one. */
async function onAnotherLog(person, path, shown) {
  const remembered = await person.memory.get("checkpoint", "log");
  const other = await Identity.generate();
  const verifier = await NoteVerifier.make("localhost", other.public.signingKey);
  const approve = () => person.act((identity) => deciding.approve(shown, identity));
  const foreign = async (log) => {
    const [, size, root] = log.checkpoint.split("\n");
    const text = `${verifier.name}\n${size}\n${root}\n`;
    const signature = b64encode(concat(verifier.keyId, await other.sign(utf8(text))));
    return { ...log, checkpoint: `${text}\n\u2014 ${verifier.name} ${signature}\n`, verifier_key: verifier.vkey };
  };
  await person.memory.delete("checkpoint", "log");
  const lie = async (answer) => ({ ...answer, log: await foreign(answer.log) });
  await refuses(person, path, lie, "log-key-changed", approve);
  await person.memory.put("checkpoint", "log", remembered);
}

/** Days after it was entered a request is shown as new, and what was decided on it withheld. */
async function shownLate(person, path, shown) {
  const approve = () => person.act((identity) => deciding.approve(shown, identity));
  const asNew = (one) => ({ ...one, state: "pending", decisions: [], others: [] });
  pressOn(); // that two clocks differ has been said
  person.ahead = 5 * DAY;
  await refuses(person, path, asNew, "request-over", approve);
  const now = () => new Date(Date.now() + 5 * DAY).toISOString().replace(/\.\d+Z$/, "Z");
  const fresh = (one) => asNew({ ...one, request: { ...one.request, at: now() } });
  await refuses(person, path, fresh, "entry-replaced", approve);
  await refuses(person, path, (one) => withheld(fresh(one)), "request-over", approve);
  person.ahead = -DAY;
  await refuses(person, path, asNew, "request-over", approve);
  person.ahead = 0;
  pressOn(false);
}

/** An act that waits for a second press goes on after it, and asks nothing else twice. */
export async function pressedOn(person, shown) {
  const path = `/api/v1/requests/${shown.about.request.id}`;
  const approve = () => person.act((identity) => deciding.approve(shown, identity));
  person.lies.set(path, withheld);
  const asked = await approve().catch((one) => one);
  assert.ok(asked instanceof SecondPress, asked.stack);
  assert.match(asked.message, /The log does not show this request, .* yet: hear .*Gus.* by voice/);
  asked.press();
  const done = await approve();
  person.lies.clear();
  return done;
}

/** An older envelope than one that was verified here as ready, with what was decided withheld. */
export async function supersededAsReady(person) {
  const asNew = (one) => ({ ...one, state: "pending", manifest_state: "ready", decisions: [], others: [] });
  const path = `/api/v1/requests/${kept.drill}`;
  person.lies.set(path, asNew);
  const shown = await person.in(() => requests.fetchRequest(kept.drill));
  assert.equal(shown.envelope.version, 1);
  const approve = () => person.act((identity) => deciding.approve(shown, identity));
  await refuses(person, path, asNew, "envelope-rewound", approve);
}

/** What is said of a log that went back does not keep anybody from saying no. */
export async function deniesAllTheSame(person, request) {
  const path = `/api/v1/requests/${request}`;
  person.lies.set(path, putBack);
  await assert.rejects(person.in(() => requests.fetchRequest(request)), refused("log-rewound"));
  const shown = await person.in(() => requests.fetchRequest(request, { despite: true }));
  const done = await person.act((identity) => deciding.deny(shown, identity, "not tonight"));
  person.lies.clear();
  const posted = JSON.parse(person.sent.findLast(({ body }) => body?.includes("decision.v2")).body);
  assert.equal(JSON.parse(atob(posted.statement.payload)).log_size, 0);
  kept.alarmed.add(posted.statement.payload);
  assert.match(done.warnings.join(" "), /the log had \d+ entries and now shows/);
  return done;
}

/** The requester's acts, each refused where the log went back. */
export async function liedToRequester(person, shown) {
  const path = `/api/v1/requests/${shown.about.request.id}`;
  const release = (identity) => releasing.release(shown, identity);
  await refuses(person, path, putBack, "log-rewound", () => person.act(release));
  const unseen = without("request:approved");
  await refuses(person, path, unseen, "not-yet-in-log", () => person.act(release));
  const forged = altered("request:approved", (leaf) => ({ ...leaf, actor: person.id }));
  await refuses(person, path, forged, "log-receipt-wrong-leaf", () => person.act(release));
  await refuses(person, path, headless, "not-yet-in-log", () => person.act(release));
  await namedToAll(person, shown);
}

/** Anyone who looks is told whose statements are of another log; what is left out is not counted. */
async function namedToAll(person, { about, count }) {
  const { id } = about.request;
  person.lies.set(`/api/v1/requests/${id}`, headless);
  const seen = await person.in(() => requests.fetchRequest(id));
  person.lies.clear();
  const news = seen.logs.flatMap((log) => log.news).join(" ");
  for (const who of ["request of Gus", "approval of Ann", "approval of Dea"]) {
    assert.match(news, new RegExp(`The ${who} ${NOT_THIS}`));
  }
  assert.ok(count.counted.password.size > 0);
  assert.equal(seen.count.counted.password.size + seen.count.counted.mfa.size, 0);
}

export async function liedAtTheEnd(person, shown, end) {
  const path = `/api/v1/requests/${shown.about.request.id}`;
  const acts = {
    close: (identity) => endings.close(shown, identity, "done"),
    review: (identity) => endings.review(shown, identity, { rotated: true, note: "x" }),
  };
  for (const [lie, code] of [
    [putBack, "log-rewound"],
    [without("request:opened"), "not-yet-in-log"],
  ]) {
    await refuses(person, path, lie, code, () => person.act(acts[end]));
  }
}

/** Acts on an account: what comes with its rosters and its envelopes is proved as well. */
export async function liedAboutAccount(person, act) {
  const acts = {
    ask: () => person.in(() => asking.prepareAsk(ACCOUNT)),
    seal: () => person.in(() => sealing.prepareSeal(ACCOUNT)),
    confirm: () => person.in(() => custody.prepareConfirm(ACCOUNT)),
    paper: () => person.in(() => custody.preparePaper(ACCOUNT)),
    sign: () => person.in(() => rosters.prepareSign(ACCOUNT)),
  };
  for (const path of act === "sign" ? [ROSTERS] : [ROSTERS, ENVELOPES]) {
    await refuses(person, path, putBack, "log-rewound", acts[act]);
    await refuses(person, path, forked, "log-forked", acts[act]);
    const seen = path === ROSTERS ? (act === "sign" ? "roster:drafted" : "roster:accepted") : "envelope:sealed";
    await refuses(person, [ROSTERS, ENVELOPES], without(seen), "not-yet-in-log", acts[act]);
    const late = altered(seen, (leaf) => ({ ...leaf, at: "2031-01-01T00:00:00Z" }));
    await refuses(person, path, late, "log-receipt-forged", acts[act]);
  }
  if (act !== "paper") return; // by then everybody has confirmed
  person.lies.set(ENVELOPES, headless);
  const { receipts, warnings } = await acts.paper();
  person.lies.clear();
  assert.match(warnings.join(" "), new RegExp(`The custody receipt of .* ${NOT_THIS}: it is not counted`));
  assert.equal(receipts.size, 0);
}

/** A draft that names another key of the log than the one that this browser has pinned. */
export async function draftOfAnotherKey(person) {
  const other = await Identity.generate();
  const { vkey } = await NoteVerifier.make("localhost", other.public.signingKey);
  const lie = async (shown) => {
    const payload = canonical({ ...parseCanonical(b64decode(shown.draft.payload)), log_key: vkey });
    const { digest } = await unsigned("roster", payload);
    return { ...shown, draft: { ...shown.draft, payload: b64encode(payload), digest, signatures: [] } };
  };
  const prepare = () => person.in(() => rosters.prepareSign(ACCOUNT));
  await refuses(person, ROSTERS, lie, "wrong-log-key", prepare);
}

/** The calls of an act, in order: proofs come with what is asked for anyway. */
export async function callsOf(person, run) {
  const before = person.sent.length;
  const outcome = await run();
  const calls = person.sent.slice(before).map(({ method, path }) => `${method} ${path}`);
  return { outcome, calls: calls.map((one) => one.replace("/api/v1/", "").replace(/\d+$|[0-9a-f-]{36}/g, "…")) };
}
