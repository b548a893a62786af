/** What is done with each case of tests/vectors, by the name of its file. */

import assert from "node:assert/strict";

const MODULES = "../../../service/browser/crypto/";
const load = (/** @type {string} */ name) => import(`${MODULES}${name}.js`);

const encoding = await load("encoding");
const { checkEncryptionKey, checkSigningKey, verifySignature } = await load("suite");
const { hkdf } = await load("blob");
const { checkPayload } = await load("schema");
const { Identity, PublicKeys } = await load("identity");
const { RecipientKey } = await load("recipient");
const { unseal } = await load("unseal");
const { checkPhrase, phraseKeys } = await load("phrase");
const { typedWords } = await load("typedWords");
const { personName } = await load("fields");
const { passkeySlotKey } = await load("keyslot");
const { unwrapRoot } = await load("unlock");
const { combine } = await load("sharing");
const { derive, openingKeyid } = await load("derived");
const { readIdentity } = await load("enrolled");
const { logKeyWords, rosterWords } = await load("spoken");
const { checkPassword } = await load("passwords");
const envelope = await load("envelope");
const opening = await load("opening");
const requestKey = await load("requestKey");
const statement = await load("statement");
const errors = await load("errors");

const { b64decode, b64encode, canonical, hex, unhex, utf8 } = encoding;

export const REFUSALS = {
  malformed: errors.MalformedError,
  unverified: errors.VerificationError,
  "not-enough": errors.NotEnoughSharesError,
};

const contentOf = ({ password, sign_in_email: signInEmail, note }) =>
  opening.makeContent({ password, signInEmail, note });

export const RUNNERS = {
  lp({ fields, joined }) {
    const given = fields.map((field) => (field.hex === undefined ? field : unhex(field.hex)));
    assert.equal(hex(encoding.lp(...given)), joined);
  },
  base64: ({ text }) => assert.equal(b64encode(b64decode(text)), text),
  digests: ({ text }) => assert.equal(hex(encoding.checkHexDigest(text)), text),
  times: ({ text }) => assert.equal(encoding.formatTime(encoding.parseTime(text)), text),
  texts: ({ text }) => assert.equal(encoding.checkText(text), text),
  json({ text }) {
    const data = asUtf8(text);
    assert.deepEqual(canonical(encoding.parseCanonical(data)), data);
  },
  keys({ use, key }) {
    ({ signing: checkSigningKey, encryption: checkEncryptionKey })[use](unhex(key));
  },
  signatures: ({ key, signature, message }) =>
    verifySignature(unhex(key), unhex(signature), unhex(message)),
  async identities(one) {
    const derived = await hkdf(unhex(one.root), "bg1 identity encryption");
    assert.equal(hex(derived), one.encryption_private);
    const identity = await Identity.fromRoot(unhex(one.root));
    assert.equal(hex(identity.public.encryptionKey), one.encryption_key);
    assert.equal(hex(identity.public.signingKey), one.signing_key);
    assert.equal(hex(identity.public.fingerprint), one.fingerprint);
    assert.equal(identity.public.keyid, one.fingerprint);
    assert.equal((await identity.public.words()).join(" "), one.words);
    assert.equal(hex(await identity.sign(unhex(one.message))), one.signature);
  },
  async spoken({ digest, log_key: key, words }) {
    assert.equal((await (key ? logKeyWords(key) : rosterWords(digest))).join(" "), words);
  },
  phrases: async ({ text, words }) => assert.equal((await checkPhrase(text)).join(" "), words),
  typed: ({ text, count, words }) =>
    assert.equal(typedWords(text, count, "a printed share").join(" "), words),
  names: ({ text }) => personName(text),
  async derivations({ words, salt, iterations, sign_in_key: signIn, slot_key: slot }) {
    const keys = await phraseKeys(words.split(" "), unhex(salt), iterations);
    assert.deepEqual([hex(keys.signInKey), hex(keys.slotKey)], [signIn, slot]);
  },
  async slots({ prf_output: output, slot_key: key, wrapped, person, slot, root }) {
    const opened = await unwrapRoot(unhex(key), b64decode(wrapped), person, slot);
    assert.equal(hex(await passkeySlotKey(unhex(output))), key);
    assert.equal(hex(opened), root);
  },
  async requestkeys({ root, person, request, wrapped, private: secret, ...one }) {
    const about = [person, request, unhex(one.recipient_key)];
    const opened = await requestKey.unwrapRequestKey(unhex(root), b64decode(wrapped), ...about);
    assert.equal(hex(await requestKey.wrappingKey(unhex(root), person, request)), one.wrapping_key);
    assert.equal(hex(opened.publicKey), one.recipient_key);
    const again = await requestKey.wrapRequestKey(unhex(root), unhex(secret), ...about);
    const twice = await requestKey.unwrapRequestKey(unhex(root), again, ...about);
    assert.equal(twice.privateKey.extractable, false);
  },
  payloads: ({ kind, body }) => checkPayload(kind, encoding.parseCanonical(asUtf8(body))),
  async statements({ raw, kind, pae, digest }) {
    const parsed = await statement.parse(asUtf8(raw));
    assert.equal(encoding.text(parsed.raw), raw);
    assert.deepEqual([parsed.kind, hex(parsed.pae), parsed.digest], [kind, pae, digest]);
    const posted = statement.sortedStatementDsse(parsed);
    assert.deepEqual((await statement.fromPosted(posted)).raw, parsed.raw);
  },
  async verifications({ raw, rule, encryption_key: encryptionKey, signing_key: signingKey }) {
    const parsed = await statement.parse(asUtf8(raw));
    if (rule === "one") return statement.verify(parsed, unhex(signingKey));
    const keys = await PublicKeys.make(unhex(encryptionKey), unhex(signingKey));
    return statement.verifySignatureOf(parsed, keys);
  },
  async sealed({ private: secret, info, sealed, plaintext }) {
    const recipient = await RecipientKey.fromPrivate(unhex(secret));
    assert.equal(hex(await unseal(recipient, unhex(info), b64decode(sealed))), plaintext);
  },
  shares: async ({ mnemonics, secret }) => assert.equal(hex(await combine(mnemonics)), secret),
  async contents({ content_key: key, context, blob, ...content }) {
    const opened = await opening.openContent(unhex(key), b64decode(blob), unhex(context));
    assert.deepEqual(opened, contentOf(content));
  },
  async envelope(one) {
    const context = await envelope.context(one.manifest);
    await checkPayload("manifest", one.manifest);
    assert.equal(hex(context), one.context);
    assert.equal(hex(envelope.contentAad(context)), one.content_aad);
    assert.equal((await statement.parse(asUtf8(one.roster))).digest, one.manifest.roster);
    const recipient = await RecipientKey.fromPrivate(unhex(one.recipient_private));
    assert.equal(b64encode(recipient.publicKey), one.recipient_key);
    for (const [place, share] of one.manifest.shares.entries()) {
      await openedBothWays(one, place, share, { context, recipient });
    }
    const secret = await combine(one.mnemonics);
    assert.equal(hex(secret), one.secret);
    await derivedFrom(secret, one);
    const whole = await opening.openEnvelope(secret, one.manifest, b64decode(one.content_blob));
    assert.deepEqual(whole.content, contentOf(one.content));
    assert.equal(whole.keysFit, true);
    await enrolledIn(one);
    envelope.checkDrillPlaintext(unhex(one.drill_plaintext), one.request_digest);
    envelope.checkResealLength(b64decode(one.drill_resealed).length, { drill: true });
  },
  passwords: ({ password, ...owner }) => checkPassword(password, owner),
};

async function derivedFrom(secret, one) {
  const { contentKey, opening: key, gate } = await derive(secret);
  assert.equal(hex(contentKey), one.content_key);
  assert.equal(hex(key.publicKey), one.opening_key);
  assert.deepEqual([key.keyid, await openingKeyid(key.publicKey)], Array(2).fill(one.opening_keyid));
  assert.equal(hex(await key.sign(utf8("hello"))), one.opening_signature);
  assert.equal(hex(gate.publicKey), one.gate_key);
}

async function enrolledIn({ roster, identities }) {
  const { people } = (await statement.parse(asUtf8(roster))).payload;
  const stated = new Map(people.map((entry) => [entry.person, entry.identity]));
  for (const raw of identities) {
    const { person, digest } = await readIdentity(await statement.parse(asUtf8(raw)));
    assert.equal(stated.get(person), digest);
  }
}

async function openedBothWays(one, place, { group, custodian, commitment }, { context, recipient }) {
  const mnemonic = one.mnemonics[place];
  assert.equal(await envelope.commitment(context, group, custodian, mnemonic), commitment);
  const { recipient: own } = await Identity.fromRoot(unhex(one.custodian_roots[place]));
  const custody = envelope.custodyInfo(context, group, custodian);
  const opened = await unseal(own, custody, b64decode(one.sealed_shares[place]));
  const release = envelope.releaseInfo(one.request_digest, context, group, custodian);
  const resealed = await unseal(recipient, release, b64decode(one.resealed_shares[place]));
  assert.equal(encoding.text(opened), mnemonic);
  assert.deepEqual(opened, resealed);
}

/** No file holds a lone surrogate outside of an escape: whatever a case says can be sent. */
function asUtf8(text) {
  assert.ok(encoding.isWellFormed(text));
  return utf8(text);
}

/**
 * Run one case; its outcome is the one that the file states, and no other.
 * @param {string} name
 * @param {any} one
 */
export async function runCase(name, one) {
  const run = async () => RUNNERS[name](one);
  if (one.expect === "ok") return run();
  return assert.rejects(run, (error) => {
    assert.ok(error instanceof REFUSALS[one.expect], `${error.name}: ${error.message}`);
    return true;
  });
}
