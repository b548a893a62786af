/**
 * RFC 9180's and SLIP-0039's own vectors. They lie outside the tree: in the folder that
 * BREAKGLASS_SHARED_VECTORS (or VECTORS) names, else in ../shared/vectors beside it.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { decryptAt } from "../../../service/browser/crypto/blob.js";
import { hex, unhex, utf8 } from "../../../service/browser/crypto/encoding.js";
import { MalformedError } from "../../../service/browser/crypto/errors.js";
import { CryptoError } from "../../../service/browser/crypto/errors.js";
import { VerificationError } from "../../../service/browser/crypto/errors.js";
import { agree, keySchedule } from "../../../service/browser/crypto/hpke.js";
import { combine, parseShare } from "../../../service/browser/crypto/sharing.js";
import { combineMnemonics } from "../../../service/browser/crypto/slip39.js";
import { RecipientKey } from "../../../service/browser/crypto/recipient.js";
import { unseal } from "../../../service/browser/crypto/unseal.js";

const BESIDE = fileURLToPath(new URL("../../../../shared/vectors", import.meta.url));
const FOLDER = process.env.BREAKGLASS_SHARED_VECTORS ?? process.env.VECTORS ?? BESIDE;
const AES_256_GCM = 2;

/** Run over a file's cases, or skip and name the file that is missing. */
function overCases(file, run) {
  const path = join(FOLDER, file);
  const skip = !existsSync(path) && `${file} is not here: set BREAKGLASS_SHARED_VECTORS`;
  describe(file, { skip }, () => {
    if (!skip) run(JSON.parse(readFileSync(path, "utf8")));
  });
}

overCases("rfc9180-x25519-base-vectors.json", (cases) => {
  const ours = cases.filter((one) => one.aead_id === AES_256_GCM && one.kdf_id === 1);

  it("has the one suite that is ours", () => assert.equal(ours.length, 1));

  for (const one of ours) {
    it("gives the key, the nonce, and the first message", async () => {
      const recipient = await RecipientKey.fromPrivate(unhex(one.skRm));
      assert.equal(hex(recipient.publicKey), one.pkRm);
      const [enc, info] = [unhex(one.enc), unhex(one.info)];
      const agreed = await agree(recipient.privateKey, enc);
      const { key, nonce } = await keySchedule(agreed, enc, recipient.publicKey, info);
      assert.deepEqual([hex(key), hex(nonce)], [one.key, one.base_nonce]);
      const [first] = one.encryptions;
      const opened = await decryptAt(key, nonce, unhex(first.ct), unhex(first.aad));
      assert.equal(hex(opened), first.pt);
    });
  }

  for (const one of cases) {
    it(`a message with associated data is not ours (AEAD ${one.aead_id})`, async () => {
      const recipient = await RecipientKey.fromPrivate(unhex(one.skRm));
      const sealed = unhex(one.enc + one.encryptions[0].ct);
      await assert.rejects(unseal(recipient, unhex(one.info), sealed), VerificationError);
    });
  }
});

overCases("slip39-vectors.json", (cases) => {
  for (const [title, mnemonics, secret] of cases) {
    it(title, async () => {
      const combined = combineMnemonics(mnemonics, utf8("TREZOR"));
      if (secret) assert.equal(hex(await combined), secret);
      else await assert.rejects(combined, CryptoError);
    });

    it(`not ours: ${title}`, async () => {
      for (const mnemonic of mnemonics) assert.throws(() => parseShare(mnemonic), MalformedError);
      await assert.rejects(combine(mnemonics), MalformedError);
    });
  }
});
