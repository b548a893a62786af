/**
 * What each kind of statement says: its exact fields, their types, and how they agree. Only what
 * one payload shows by itself is checked here.
 */

import { WitnessVerifier } from "./cosignature.js";
import { MalformedError } from "./errors.js";
import * as fields from "./fields.js";
import { NO_DIGEST } from "./fields.js";
import { NoteVerifier } from "./note.js";

/** @typedef {Record<string, any>} Payload */
/** @typedef {Record<string, fields.Check>} Table */

export const GROUPS = Object.freeze(["password", "mfa"]); // in the order of SLIP-39's index
export const GROUP_SIZE = 16; // SLIP-39 has room for no more members
export const WITNESSES = 8; // that a roster may name

const { account, boolean, digest, digestOrEmpty, encryptionKey, filledText } = fields;
const { identifier, oneOf, record, records, rising, signingKey, text, verifierKey } = fields;
const group = oneOf(...GROUPS);
const count = fields.integer(1);

const members = record({
  threshold: fields.integer(1, GROUP_SIZE),
  custodians: fields.distinct(identifier, { most: GROUP_SIZE }),
});
const person = { person: identifier, name: fields.personName, identity: digest };
const policy = {
  request_lifetime: count,
  release_window: count,
  denials: oneOf("unreachable", "first"),
  requester_seals: boolean,
  least_suite: fields.suiteName,
};
const share = {
  group,
  custodian: identifier,
  commitment: digest,
  sealed_share_digest: digest,
};
const custody = { manifest: digest, group, custodian: identifier };
const head = { log_size: fields.integer(0), log_root: digestOrEmpty };

/** @type {Record<string, Table>} */
const FIELDS = {
  identity: { person: identifier, encryption_key: encryptionKey, signing_key: signingKey },
  slot: {
    person: identifier,
    slot: identifier,
    action: oneOf("add", "replace", "remove"),
    slot_kind: oneOf("phrase", "passkey", "sign-in-only"),
    credential: fields.credential,
    wrapped_root_digest: digestOrEmpty,
  },
  roster: {
    account,
    version: count,
    previous: digest,
    cause: oneOf("first", "change"),
    name: filledText,
    root_email: filledText,
    type: oneOf("management", "member", "standalone"),
    groups: record({ password: members, mfa: members }),
    requesters: rising(identifier),
    sealers: rising(identifier),
    people: records(person),
    policy: record(policy),
    log_key: verifierKey,
    witnesses: rising(verifierKey, { most: WITNESSES }),
    cosigned_by: fields.integer(0, WITNESSES),
    retired: boolean,
  },
  manifest: {
    envelope: identifier,
    account,
    version: count,
    previous: digest,
    roster: digest,
    sealer: identifier,
    cause: oneOf("initial", "rotation", "roster"),
    after_requests: rising(digest),
    content_kind: oneOf("password", "session-key"),
    anchor: digestOrEmpty,
    opening_key: signingKey,
    gate_key: encryptionKey,
    shares: records(share),
    content_digest: digest,
  },
  "custody-receipt": custody,
  request: {
    request: identifier,
    account,
    roster: digest,
    manifest: digest,
    requester: identifier,
    recipient_key: encryptionKey,
    task: filledText,
    task_text: text,
    reason: text,
    ticket: text,
    lifetime: count,
    window: count,
    drill: boolean,
    offline: boolean,
  },
  decision: {
    request: digest,
    group,
    custodian: identifier,
    decision: oneOf("approve", "deny"),
    reason: text,
    resealed_share_digest: digestOrEmpty,
  },
  cancellation: { request: digest, requester: identifier, reason: text },
  release: { request: digest, requester: identifier },
  closure: { request: digest, requester: identifier, summary: text },
  review: { request: digest, group, reviewer: identifier, rotated: boolean, note: text },
  paper: { ...custody, place: text },
  papers: {
    manifest: digest,
    papers: records({ group, custodian: identifier }),
    name: filledText,
    place: text,
    reason: text,
  },
};
export const KINDS = Object.freeze(Object.keys(FIELDS));
/** These name no head of the log. */
export const HEADLESS = new Set(["identity", "slot", "roster", "papers"]);

/** @type {Map<string, fields.Check>} */
const CHECKS = new Map(
  KINDS.map((kind) => [
    kind,
    record({
      kind: oneOf(kind),
      suite: fields.suiteName,
      at: fields.moment,
      ...(HEADLESS.has(kind) ? {} : head),
      ...FIELDS[kind],
    }),
  ]),
);

/** @type {Map<string, (payload: Payload) => void | Promise<void>>} */
const AGREEMENTS = new Map([
  ["slot", checkSlot],
  ["roster", checkRoster],
  ["manifest", checkManifest],
  ["decision", checkDecision],
  ["papers", checkPapers],
]);

/**
 * Accept a payload with exactly the fields of its kind, each of its exact type.
 * @param {string} kind
 * @param {Payload} payload
 * @throws {import("./errors.js").UnknownSuiteError} a suite that this release does not have
 * @throws {MalformedError} an unknown kind, or a field missing, surplus or ill-formed; the message
 *   names the field and never its value
 */
export async function checkPayload(kind, payload) {
  const check = CHECKS.get(kind);
  if (!check) throw new MalformedError("an unknown kind of statement");
  // Before its fields: a later suite may have others.
  if (typeof payload?.suite === "string") fields.suiteName(payload.suite);
  check(payload);
  if (!HEADLESS.has(kind)) checkHead(payload);
  await AGREEMENTS.get(kind)?.(payload);
}

/** @param {boolean} holds @param {string} reason */
function demand(holds, reason) {
  if (!holds) throw new MalformedError(reason);
}

/** @param {Payload} payload */
function checkHead({ log_size: size, log_root: root }) {
  demand(
    (size === 0) === (root === ""),
    "log_root: empty where no head is named, and only there",
  );
}

/** @param {Payload} payload */
function checkSlot({ credential, slot_kind: kind, action, wrapped_root_digest: wrapped }) {
  demand(
    (credential === "") === (kind === "phrase"),
    "credential: empty for a phrase, and only for a phrase",
  );
  demand(
    (wrapped !== "") === (action !== "remove" && kind !== "sign-in-only"),
    "wrapped_root_digest: empty for a removal and for sign-in only, and only then",
  );
}

/** @param {Payload} payload */
function checkChain({ version, previous }) {
  demand(
    (version === 1) === (previous === NO_DIGEST),
    "previous: 64 zeros for version 1, and only for version 1",
  );
}

/** @param {Payload} payload */
async function checkRoster(payload) {
  checkChain(payload);
  /** @type {string[]} */
  const people = payload.people.map((/** @type {Payload} */ entry) => entry.person);
  demand(
    people.every((one, place) => place === 0 || people[place - 1] < one),
    "people: not sorted by person, or a person stands twice",
  );
  demand(
    payload.cosigned_by <= payload.witnesses.length,
    "cosigned_by: more than there are witnesses",
  );
  await NoteVerifier.fromVkey(payload.log_key);
  for (const key of payload.witnesses) await WitnessVerifier.fromVkey(key);
}

/** Shares of the first group come first; the roster decides the order within a group. */
function checkManifest(/** @type {Payload} */ payload) {
  checkChain(payload);
  demand(
    (payload.anchor === "") === (payload.content_kind === "password"),
    "anchor: empty for a password, and only for a password",
  );
  checkHolders("shares", payload.shares);
}

/** @param {Payload} payload */
function checkPapers({ papers }) {
  checkHolders("papers", papers);
}

/** @param {string} name @param {Payload[]} entries */
function checkHolders(name, entries) {
  const ranks = entries.map((entry) => GROUPS.indexOf(entry.group));
  const holders = new Set(entries.map((entry) => `${entry.group} ${entry.custodian}`));
  demand(
    ranks.every((rank, place) => place === 0 || ranks[place - 1] <= rank) &&
      holders.size === entries.length,
    `${name}: not in the order of groups, or a custodian stands twice`,
  );
  const sizes = GROUPS.map((_, rank) => ranks.filter((one) => one === rank).length);
  demand(
    sizes.every((size) => size >= 1 && size <= GROUP_SIZE),
    `${name}: not 1 to ${GROUP_SIZE} in each group`,
  );
}

/** @param {Payload} payload */
function checkDecision({ resealed_share_digest: resealed, decision }) {
  demand(
    (resealed === "") === (decision === "deny"),
    "resealed_share_digest: empty for a denial, and only for a denial",
  );
}
