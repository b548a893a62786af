import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, test } from "node:test";

import { configure } from "../../../service/browser/link/environment.js";
import { ClientRefusal } from "../../../service/browser/link/errors.js";
import {
  askPasskey,
  createPasskey,
} from "../../../service/browser/keys/passkeys.js";
import { authenticator, PRF } from "../acts/authenticator.js";

const b64 = (data) => Buffer.from(data).toString("base64");
const NEW = {
  challenge: b64("challenge"),
  rp_id: "breakglass.example",
  rp_name: "Something else",
  user_id: b64(Buffer.from("00112233445566778899aabbccddeeff", "hex")),
  user_name: "bob@corp.example",
  display_name: "Bob",
  exclude: [b64("another")],
};
const ANN = {
  person: "00112233-4455-6677-8899-aabbccddeeff",
  email: "ann@corp.example",
  name: "Ann",
};
const KNOWN = { challenge: b64("challenge"), rp_id: "breakglass.example", credentials: [] };
const PRF_INPUT = createHash("sha256").update("bg1 prf").digest();

function using(can) {
  const credentials = authenticator(can);
  configure({ credentials, origin: "https://breakglass.example" });
  return credentials.calls;
}

const refused = (code) => (error) => error instanceof ClientRefusal && error.code === code;

afterEach(() => configure({ credentials: undefined, origin: "" }));

test("a passkey is resident, verifies its user, and is asked for PRF when it is made", async () => {
  const calls = using({ atCreate: true, enabled: true, atGet: true });
  const made = await createPasskey(NEW, ANN);
  assert.deepEqual(made.prf, PRF);
  assert.deepEqual(calls.map(([what]) => what), ["create", "get"], "asked twice");
  const [, asked] = calls[0];
  assert.deepEqual(asked.authenticatorSelection, {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
  assert.deepEqual(Buffer.from(asked.extensions.prf.eval.first), PRF_INPUT);
  assert.deepEqual(Buffer.from(asked.excludeCredentials[0].id).toString(), "another");
  assert.equal(asked.attestation, "none");
});

test("PRF that is only announced at create is asked for at once, of that one alone", async () => {
  const calls = using({ enabled: true, atGet: true });
  const made = await createPasskey(NEW, ANN);
  assert.deepEqual(made.prf, PRF);
  assert.deepEqual(calls.map(([what]) => what), ["create", "get", "get"]);
  for (const [, asked] of calls.slice(1)) {
    assert.equal(b64(asked.allowCredentials[0].id), made.credential);
    assert.equal(asked.allowCredentials.length, 1);
    assert.equal(asked.userVerification, "required");
    assert.notEqual(b64(asked.challenge), NEW.challenge, "its answer is for nobody");
  }
});

test("a passkey without PRF is made all the same and unlocks nothing", async () => {
  const calls = using({});
  assert.equal((await createPasskey(NEW, ANN)).prf, null);
  assert.equal(calls.length, 1);
});

test("announced and then not given is without PRF", async () => {
  using({ enabled: true });
  assert.equal((await createPasskey(NEW, ANN)).prf, null);
});

for (const [when, can] of [
  ["from the first time on", { atCreate: true, enabled: true, atGet: true, unsteady: true }],
  ["where it is only announced at create", { enabled: true, atGet: true, unsteady: true }],
  ["and none when it is asked again", { atCreate: true, enabled: true }],
]) {
  test(`a passkey that gives another PRF output each time unlocks nothing, ${when}`, async () => {
    using(can);
    assert.equal((await createPasskey(NEW, ANN)).prf, null);
  });
}

for (const [what, rpId] of [
  ["a parent domain", "example"],
  ["another host", "evil.example"],
  ["a host below", "a.breakglass.example"],
  ["nothing", ""],
  ["other letters", "BreakGlass.example"],
]) {
  test(`a passkey for ${what} is neither made nor asked, whatever the service says`, async () => {
    const calls = using({ atCreate: true, enabled: true, atGet: true });
    const foreign = { rp_id: rpId };
    await assert.rejects(createPasskey({ ...NEW, ...foreign }, ANN), refused("other-rp-id"));
    const asked = askPasskey({ ...KNOWN, ...foreign }, { prf: true });
    await assert.rejects(asked, refused("other-rp-id"));
    assert.deepEqual(calls, []);
  });
}

test("a passkey says whose it is as this browser knows it, and not as the answer does", async () => {
  const calls = using({});
  await createPasskey(NEW, ANN);
  const [, { rp, user }] = calls[0];
  assert.deepEqual(rp, { id: "breakglass.example", name: "breakglass" });
  assert.deepEqual([b64(user.id), user.name, user.displayName], [NEW.user_id, ANN.email, ANN.name]);
});

for (const [what, handle] of [
  ["another person's", Buffer.from("ff112233445566778899aabbccddeeff", "hex")],
  ["a shorter one", Buffer.from("00112233445566778899aabbccddee", "hex")],
  ["the id as text", "00112233-4455-6677-8899-aabbccddeeff"],
  ["none", ""],
]) {
  test(`a passkey under another user handle is not made: ${what}`, async () => {
    const calls = using({ atCreate: true, enabled: true, atGet: true });
    const lie = { ...NEW, user_id: b64(handle) };
    await assert.rejects(createPasskey(lie, ANN), refused("other-user"));
    assert.deepEqual(calls, []);
  });
}

test("what this browser knows of is excluded, whatever the answer leaves out", async () => {
  const calls = using({});
  const owner = { ...ANN, credentials: [b64("mine"), b64("another")] };
  const excluded = async (exclude) => {
    await createPasskey({ ...NEW, exclude }, owner);
    const [, asked] = calls.at(-1);
    return asked.excludeCredentials.map(({ id }) => Buffer.from(id).toString()).sort();
  };
  assert.deepEqual(await excluded([]), ["another", "mine"]);
  assert.deepEqual(await excluded([b64("another"), b64("third")]), ["another", "mine", "third"]);
});

test("what is posted is exactly the raw buffers, and never a PRF output", async () => {
  using({ atCreate: true, enabled: true, atGet: true });
  const { attestation } = await createPasskey(NEW, ANN);
  assert.deepEqual(Object.keys(attestation).sort(), [
    "attestation", "client_data", "credential", "transports",
  ]);
  const { assertion, prf } = await askPasskey(KNOWN, { prf: true });
  assert.deepEqual(prf, PRF);
  assert.deepEqual(Object.keys(assertion).sort(), [
    "authenticator_data", "client_data", "credential", "signature", "user_handle",
  ]);
  const sent = JSON.stringify([attestation, assertion]);
  assert.ok(!sent.includes(b64(PRF)));
});

test("signing in asks for no PRF", async () => {
  const calls = using({ atGet: true });
  await askPasskey(KNOWN, { prf: false });
  assert.equal(calls[0][1].extensions, undefined);
});

for (const [name, code] of [
  ["NotAllowedError", "ceremony-cancelled"],
  ["AbortError", "ceremony-cancelled"],
  ["InvalidStateError", "passkey-here"],
  ["SecurityError", "wrong-address"],
  ["ConstraintError", "passkey-unfit"],
  ["NotSupportedError", "passkey-unfit"],
]) {
  test(`${name} at create is ${code}, in words`, async () => {
    using({ fails: name });
    await assert.rejects(createPasskey(NEW, ANN), refused(code));
  });
}

test("a ceremony that is given up at the second question is given up", async () => {
  using({ enabled: true, failsAtGet: "NotAllowedError" });
  await assert.rejects(createPasskey(NEW, ANN), refused("ceremony-cancelled"));
});

test("a browser without passkeys says so", async () => {
  configure({ credentials: undefined, origin: "https://breakglass.example" });
  await assert.rejects(askPasskey(KNOWN, { prf: false }), refused("no-passkeys"));
});
