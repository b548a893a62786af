/** Reads cases (JSON, standard input), puts each to the rules, and writes what they say. */

import { readFileSync } from "node:fs";

import { b64decode, utf8 } from "../../../service/browser/crypto/encoding.js";
import { clean, duration, listing, spaced } from "../../../service/browser/link/render.js";
import { envelopeFromPayload } from "../../../service/browser/domain/credential.js";
import { Refusal } from "../../../service/browser/domain/errors.js";
import { quorum } from "../../../service/browser/domain/quorum.js";
import {
  checkSuccession,
  commonCustodians,
  fromPayload,
  groupOf,
  takesReceipts,
} from "../../../service/browser/domain/roster.js";
import {
  awaitedKeys,
  checkSigned,
  newMembers,
  signersNeeded,
} from "../../../service/browser/domain/signers.js";
import { TASKS } from "../../../service/browser/domain/tasks.js";
import { compared } from "../../../service/browser/link/clocks.js";
import { deniedForGood, fate, lastUse } from "../../../service/browser/trust/ending.js";
import { awsAccount } from "../../../service/browser/domain/account.js";
import { accountId } from "../../../service/browser/domain/typed.js";
import { topicAccount } from "../../../service/browser/domain/topic.js";

const dateOf = (ms) => (ms === null ? null : new Date(ms));
const sorted = (set) => [...set].sort();

/** Everyone's identities, made as they are asked for, as `tests.js.rules.twins` makes them. */
const IDENTITIES = /** @type {any} */ ({
  get(digest) {
    const [person, said] = digest.split("/");
    if (said === undefined) return undefined;
    const [which, other] = said.split(" of ");
    const keys = (one, number) => ({
      encryptionKey: utf8(`${one} unseals ${number}`),
      signingKey: utf8(`${one} signs ${number}`),
    });
    if (other === undefined) return { person, ...keys(person, said) };
    return { person, ...keys(person, "1"), [which]: keys(other, "1")[which] };
  },
});

const RULES = {
  topics({ arns }) {
    return arns.map(topicAccount);
  },

  roster({ payload, previous }) {
    const before = previous === null ? null : fromPayload(previous, "roster-1", IDENTITIES);
    const roster = fromPayload(payload, "roster-2", IDENTITIES);
    checkSuccession(roster, before);
    return [...roster.members.keys()].map((person) => [person, groupOf(roster, person)]);
  },

  receipts({ sealed, newest }) {
    const under = fromPayload(sealed, "roster-1", IDENTITIES);
    return takesReceipts(under, fromPayload(newest, "roster-3", IDENTITIES));
  },

  signers({ payload, previous, signed }) {
    const before = previous === null ? null : fromPayload(previous, "roster-1", IDENTITIES);
    const roster = fromPayload(payload, "roster-2", IDENTITIES);
    const keys = signed.map((key) => b64decode(key));
    const missing = signersNeeded(roster, before, { signed: keys });
    const said = Object.entries(missing).map(([why, who]) => [why, sorted(who)]);
    return {
      missing: Object.fromEntries(said),
      fresh: sorted(newMembers(roster, before)),
      awaited: awaitedKeys(roster, before).size,
      refused: refused(() => checkSigned(roster, before, { signed: keys })).code,
    };
  },

  quorum({ roster, sealed, manifest, request, decisions, until }) {
    const named = fromPayload(roster, "roster-1", IDENTITIES);
    const manifestRoster = fromPayload(sealed, sealed.digest, IDENTITIES);
    const count = quorum({
      roster: named,
      manifestRoster,
      manifest: envelopeFromPayload(manifest, "manifest-1"),
      request,
      enteredAt: new Date(0),
      decisions: decisions.map((one) => ({ ...one, at: new Date(one.at * 1000) })),
      untilSeq: until,
    });
    return {
      needed: [count.needed.password, count.needed.mfa],
      counted: [sorted(count.counted.password), sorted(count.counted.mfa)],
      met: count.met,
      able: sorted(commonCustodians(named, manifestRoster, "mfa")),
    };
  },

  denied({ roster, sealed, decisions }) {
    const named = fromPayload(roster, "roster-1", IDENTITIES);
    const given = decisions.map((one) => ({ ...one, at: new Date(one.at * 1000) }));
    return deniedForGood(named, fromPayload(sealed, "roster-2", IDENTITIES), given);
  },

  fate({ kept }) {
    const times = ["signedAt", "ownClock", "enteredAt", "newestAt", "releasedAt"];
    const dated = times.map((name) => [name, dateOf(kept[name])]);
    const given = { ...kept, ...Object.fromEntries(dated) };
    return [fate(given), lastUse(given)?.getTime() ?? null];
  },

  clocks({ own, service, leaf }) {
    const given = { own: dateOf(own), service: dateOf(service), leaf: dateOf(leaf) };
    const { ahead, differ, much, sentence } = compared(given);
    return [ahead, differ, much, sentence];
  },

  accounts: ({ texts }) =>
    texts.map((text) =>
      text !== "" && accountId(text) === text ? [awsAccount(text), spaced(text)] : null,
    ),

  typed: ({ texts }) => texts.map(accountId),
  tasks: () => TASKS,
  words: ({ text, seconds }) => ({
    clean: clean(text),
    duration: duration(seconds),
    listing: listing([text, text]),
  }),
};

function refused(run) {
  try {
    return { code: "", says: run() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code };
  }
}

const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map(({ rule, ...given }) => refused(() => RULES[rule](given)))));
