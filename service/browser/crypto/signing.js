/** Making statements: the half of `statement` that needs an identity. */

import { b64encode, canonical, equal, formatTime } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { checkPayload } from "./schema.js";
import { assemble, sizeLimit, unsigned } from "./statement.js";
import { SUITE } from "./suite.js";

/** @typedef {import("./schema.js").Payload} Payload */
/**
 * What signs: a person's identity, or the key that an envelope's secret gives.
 * @typedef {{ keyid: string, sign: (message: Uint8Array) => Promise<Uint8Array> }} Signer
 */
/** @typedef {import("./statement.js").Statement} Statement */
/**
 * What an act says beside its own fields; a size of 0 and an empty root where no head is known.
 * @typedef {{ at: Date, head: { log_size: number, log_root: string } }} Stamp
 */

/**
 * The canonical payload of `kind` with the signer's time `at`.
 * @param {string} kind
 * @param {Payload} further
 * @param {Date} at
 * @throws {MalformedError} the further fields are not those of this kind
 * @throws {RangeError} `at` is not a whole second
 */
export async function payloadBody(kind, further, at) {
  const payload = { ...further, kind, suite: SUITE, at: formatTime(at) };
  await checkPayload(kind, payload);
  return canonical(payload);
}

/**
 * Build a statement and sign it once. `head` is for every kind but those of `HEADLESS`, unless it
 * stands in `further` already: what a manifest says is bound before it is signed.
 * @param {string} kind
 * @param {Payload} further
 * @param {{ identity: Signer, at: Date, head?: Stamp["head"] }} signer
 * @throws {MalformedError} not the fields of this kind, or too long
 */
export async function sign(kind, further, { identity, at, head }) {
  return signBody(kind, await payloadBody(kind, { ...further, ...head }, at), identity);
}

/**
 * Sign a payload that somebody else drafted, after parsing it as strictly as any other.
 * @param {string} kind
 * @param {Uint8Array} body
 * @param {Signer} identity
 * @throws {MalformedError} no payload of this kind, or too long
 */
export async function signBody(kind, body, identity) {
  const draft = await unsigned(kind, body);
  const sig = await identity.sign(draft.pae);
  return limited(await assemble(kind, body, [{ keyid: identity.keyid, sig }]));
}

/** @param {Statement} statement */
function limited(statement) {
  if (statement.raw.length > sizeLimit(statement.kind)) {
    throw new MalformedError(`a ${statement.kind} of this length is not taken`);
  }
  return statement;
}

/**
 * Join the signatures of several people under one roster, each person's once.
 * @param {readonly Statement[]} statements
 * @throws {MalformedError} none given, different statements, another kind than a roster, two
 *   signatures that claim one key, or over 46 KiB together
 */
export async function merge(statements) {
  const [first] = statements;
  /** @param {Statement} one */
  const same = (one) => one.kind === first.kind && equal(one.body, first.body);
  if (!first || !statements.every(same)) {
    throw new MalformedError("only signatures of one and the same statement are joined");
  }
  const all = statements.flatMap(({ signatures }) => signatures);
  const distinct = new Map(all.map((one) => [`${one.keyid} ${b64encode(one.sig)}`, one]));
  const ordered = [...distinct.values()].sort((a, b) => (a.keyid < b.keyid ? -1 : 1));
  return limited(await assemble(first.kind, first.body, ordered));
}
