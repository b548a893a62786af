/**
 * Calls of the browser modules from another program: one JSON object a line in, one a line out.
 *
 * `{"module", "name", "args"}` calls an exported function, `{"each": [[...args], ...]}` calls it
 * for each and tells outcomes alone. Values beyond JSON are objects with one key: `bytes` (hex),
 * `date`, `identity` (root in hex), `recipient` (private key in hex), `keys` (two in hex),
 * `statement` (its bytes in hex), `vkey`, `witness` (another kind of vkey), `receipt`, `map`.
 */

import { createInterface } from "node:readline";

const load = (/** @type {string} */ name) =>
  import(`../../../service/browser/crypto/${name}.js`);

const { hex, unhex, utf8 } = await load("encoding");
const { Identity, PublicKeys } = await load("identity");
const { RecipientKey } = await load("recipient");
const { NoteVerifier } = await load("note");
const { WitnessVerifier } = await load("cosignature");
const { Statement, parse, unsigned, verify } = await load("statement");
const { parseReceipt } = await load("proof");
const { checkText } = await load("encoding");

const REVIVED = {
  bytes: unhex,
  date: (text) => new Date(text),
  identity: (root) => Identity.fromRoot(unhex(root)),
  recipient: (secret) => RecipientKey.fromPrivate(unhex(secret)),
  keys: ([encryption, signing]) => PublicKeys.make(unhex(encryption), unhex(signing)),
  statement: (raw) => parse(unhex(raw)),
  vkey: (text) => NoteVerifier.fromVkey(text),
  witness: (text) => WitnessVerifier.fromVkey(text),
  receipt: parseReceipt,
  map: async (entries) => new Map(Object.entries(await revived(entries))),
};

async function revived(value) {
  if (Array.isArray(value)) return Promise.all(value.map(revived));
  if (typeof value !== "object" || value === null) return value;
  const [[key, inner] = [""], ...more] = Object.entries(value);
  if (!more.length && Object.hasOwn(REVIVED, key)) return REVIVED[key](inner);
  const entries = Object.entries(value).map(async ([name, item]) => [name, await revived(item)]);
  return Object.fromEntries(await Promise.all(entries));
}

function told(value) {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof Date) return { date: value.toISOString() };
  if (value instanceof Statement) {
    const { kind, payload, digest } = value;
    return { kind, payload, digest, raw: hex(value.raw), pae: hex(value.pae) };
  }
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, told(item)]));
}

/** What only this program has: acts that would be thousands of calls, or a method. */
const OWN = {
  refusedCharacters() {
    const refused = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      try {
        checkText(String.fromCodePoint(point));
      } catch {
        refused.push(point);
      }
    }
    return refused;
  },
  async refusedInNames() {
    const key = (await Identity.fromRoot(new Uint8Array(32))).public.signingKey;
    const refused = [];
    for (let point = 0; point <= 0xffff; point++) {
      await NoteVerifier.make(String.fromCodePoint(point), key).catch(() => refused.push(point));
    }
    return refused;
  },
  publicOf: (identity) => identity.public,
  words: (keys) => keys.words(),
  signature: (identity, message) => identity.sign(message),
  verifyReceipt: (receipt, leaf, verifier) => receipt.verify(leaf, verifier),
  receiptText: (receipt) => receipt.text,
  vkey: (text) => NoteVerifier.fromVkey(text),
  witnessKey: (text) => WitnessVerifier.fromVkey(text),
  verifyRaw: async (raw, key) => verify(await parse(raw), key),
  isUnsigned: (kind, body) => unsigned(kind, utf8(body)),
};

async function call(run, args) {
  try {
    return { ok: told((await run(...(await revived(args)))) ?? null) };
  } catch (error) {
    return { error: error.name, message: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { module, name, args, each } = JSON.parse(line);
  const run = module ? (await load(module))[name] : OWN[name];
  const answer = each
    ? { ok: await Promise.all(each.map(async (one) => (await call(run, one)).error ?? "ok")) }
    : await call(run, args);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
