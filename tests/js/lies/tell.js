/**
 * Reads cases (JSON, standard input), does with each what its `act` says, and writes what came of
 * them, in their order: the refusal's code, or empty and what was believed.
 */

import { readFileSync } from "node:fs";

import { b64decode, formatTime } from "../../../service/browser/crypto/encoding.js";
import { PublicKeys } from "../../../service/browser/crypto/identity.js";
import { NoteVerifier } from "../../../service/browser/crypto/note.js";
import { fromPosted } from "../../../service/browser/crypto/statement.js";
import { RecipientKey } from "../../../service/browser/crypto/recipient.js";
import { changes, describe } from "../../../service/browser/words/rosters.js";
import { sizeOf } from "../../../service/browser/log/reading.js";
import {
  checkReceipt as checkActsReceipt,
  continued,
} from "../../../service/browser/trust/growth.js";
import { checkDrill, openRelease } from "../../../service/browser/shares/combining.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import { checkMyKeys, verifyChain } from "../../../service/browser/trust/chain.js";
import {
  isCompared,
  readDraft,
  toCompare,
  trusted,
} from "../../../service/browser/trust/draft.js";
import { checkReceipt, checkSealedShare } from "../../../service/browser/trust/custody.js";
import { verifyManifest, verifyReceipts } from "../../../service/browser/trust/envelope.js";
import { verifyLogReceipt } from "../../../service/browser/trust/log.js";
import { verifyRelease } from "../../../service/browser/trust/release.js";
import { verifyRequest } from "../../../service/browser/trust/request.js";
import { verifyShown } from "../../../service/browser/trust/shown.js";
import { verifyFurther } from "../../../service/browser/trust/furtherWords.js";
import { HEADS } from "./heads.js";
import { LOOKING } from "./looking.js";
import { OUTSIDERS } from "./outsiders.js";
import { SPLITTING } from "./splitting.js";

const chainOf = (given) => verifyChain(given.chain, given.identities, given);
const keysOf = ([encryption, signing]) => PublicKeys.make(b64decode(encryption), b64decode(signing));

/** Each returns what is to be compared; undefined where believing is all. */
const ACTS = {
  ...HEADS,
  ...LOOKING,
  ...OUTSIDERS,
  ...SPLITTING,

  async verifyChain(given) {
    const chain = await chainOf(given);
    const { version, digest } = chain.newest;
    return { version, digest, remembered: chain.remembered };
  },

  async checkMyKeys(given) {
    const { newest } = await chainOf(given);
    return (await checkMyKeys(newest, given.person, await keysOf(given.keys))).name;
  },

  async verifyManifest(given) {
    await verifyManifest(given.manifest, await chainOf(given), given.successor);
  },

  async verifyReceipts(given) {
    const chain = await chainOf(given);
    const { envelope } = await verifyManifest(given.manifest, chain);
    const receipts = await verifyReceipts(given.receipts, envelope, chain);
    checkReceipt(receipts, given.group, given.person);
  },

  async checkSealedShare(given) {
    const { envelope } = await verifyManifest(given.manifest, await chainOf(given));
    await checkSealedShare(b64decode(given.sealed), envelope, given.group, given.person);
  },

  async verifyRequest(given) {
    const entered = { statement: given.request, leaf: 1, at: given.at };
    await verifyRequest(entered, await chainOf(given));
  },

  async verifyFurther(given) {
    const chain = await chainOf(given);
    const entered = { statement: given.request, leaf: 1, at: given.at };
    await verifyFurther(given.said, await verifyRequest(entered, chain), chain);
  },

  async verifyShown(given) {
    await verifyShown(given.id, given.detail, await chainOf(given));
  },

  async verifyRelease(given) {
    const release = await released(given);
    const { counted } = release.count;
    return {
      shares: release.shares.map((share) => share.custodian),
      counted: [...counted.password, ...counted.mfa].sort(),
      ends: formatTime(release.windowEndsAt),
    };
  },

  async verifyLogReceipt(given) {
    const { expectedLeaf: expected } = await released(given);
    const verifier = await NoteVerifier.fromVkey(given.vkey);
    await verifyLogReceipt(given.receipt, b64decode(given.leaf), { verifier, expected });
  },

  async openRelease(given) {
    const release = await released(given);
    const other = given.content === undefined ? {} : { content: b64decode(given.content) };
    const key = await RecipientKey.fromPrivate(b64decode(given.private));
    const { content, keysFit, used, bad } = await openRelease({ ...release, ...other }, key);
    const { password, signInEmail, note } = content;
    return { content: { password, signInEmail, note }, keysFit, used, bad };
  },

  async checkDrill(given) {
    const key = await RecipientKey.fromPrivate(b64decode(given.private));
    return checkDrill(await released(given), key);
  },

  async continued({ answer, seen, known }) {
    const size = sizeOf(seen);
    const { log, news, pinned } = await continued(answer, seen, known);
    return { log, pinned, size, ...(known && { news: news.length }) };
  },

  async checkReceipt({ vkey, ...done }) {
    await checkActsReceipt(done, await NoteVerifier.fromVkey(vkey));
  },

  async readDraft({ shown, keys, compared, ...given }) {
    const me = await keysOf(keys);
    const digests = new Set(compared);
    const draft = await readDraft(shown, { ...given, me });
    const known = trusted(draft, me.keyid, digests);
    return {
      trusted: known?.version ?? null,
      compared: isCompared(draft, digests),
      people: toCompare(draft, given.person, known).map((one) => one.name),
      describe: describe(draft.roster).map(described),
      changes: draft.previous === null ? [] : changes(draft.previous, draft.roster),
    };
  },
};

async function released(given) {
  return verifyRelease(given.released, {
    mine: await fromPosted(given.mine),
    recipientKey: b64decode(given.recipientKey),
    me: given.me,
    remembered: null,
  });
}

/** As the command line lays it out, but for the columns. */
function described({ name, text }, place) {
  return (place === 0 ? text : `${name} ${text}`).split(/\s+/).join(" ");
}

const heard = [];
for (const { act, given } of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    heard.push({ code: "", says: await ACTS[act](given) });
  } catch (error) {
    // What is no refusal is a fault of the module, whatever the service said.
    heard.push({ code: error instanceof ClientRefusal ? error.code : String(error.stack) });
  }
}
process.stdout.write(JSON.stringify(heard));
