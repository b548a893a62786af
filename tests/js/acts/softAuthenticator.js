/**
 * An authenticator in software: resident ES256 passkeys with real signatures, and PRF by HMAC
 * (W3C WebAuthn Level 3, sections 6.1, 6.5 and 10.1.4), as it is told to give it.
 */

import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const PRESENT_VERIFIED = 0x05;
const ATTESTED = 0x40;
const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The little of CBOR (RFC 8949) that an attestation takes: integers, bytes, texts, maps. */
function cbor(value) {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === "string") {
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  }
  const entries = [...value].flatMap(([key, one]) => [cbor(key), cbor(one)]);
  return Buffer.concat([head(5, value.size), ...entries]);
}

function head(major, count) {
  const first = major << 5;
  if (count < 24) return Buffer.from([first | count]);
  if (count < 256) return Buffer.from([first | 24, count]);
  return Buffer.from([first | 25, count >> 8, count & 255]);
}

const buffer = (data) => Uint8Array.from(data).buffer;

export class SoftAuthenticator {
  /**
   * @param {string} origin
   * @param {{prf: "create" | "get" | "none" | "unsteady"}} how when it gives a PRF output, if
   *   ever; or another one each time
   */
  constructor(origin, { prf }) {
    this.origin = origin;
    this.prf = prf;
    this.kept = [];
    this.used = 0; // how often somebody was asked to touch it to prove who they are
  }

  async create({ publicKey: wanted }) {
    const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const one = { id: randomBytes(32), user: wanted.user.id, secret: randomBytes(32), ...keys };
    this.kept.push(one);
    const { x, y } = keys.publicKey.export({ format: "jwk" });
    const cose = new Map([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, "base64url")],
      [-3, Buffer.from(y, "base64url")],
    ]);
    const length = Buffer.from([0, one.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, one.id, cbor(cose)]);
    const authData = Buffer.concat([this.data(wanted.rp.id, ATTESTED), attested]);
    const attestation = new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", authData]]);
    const first = ["create", "unsteady"].includes(this.prf) ? this.output(one, wanted) : undefined;
    return {
      rawId: buffer(one.id),
      response: {
        clientDataJSON: buffer(this.clientData("webauthn.create", wanted.challenge)),
        attestationObject: buffer(cbor(attestation)),
        getTransports: () => ["internal"],
      },
      getClientExtensionResults: () => ({
        prf: { enabled: this.prf !== "none", ...(first ? { results: { first } } : {}) },
      }),
    };
  }

  async get({ publicKey: wanted }) {
    this.used += 1;
    const allowed = wanted.allowCredentials.map(({ id }) => Buffer.from(id).toString("hex"));
    const one = this.kept.find(({ id }) => !allowed.length || allowed.includes(id.toString("hex")));
    if (!one) throw new DOMException("none fits", "NotAllowedError");
    const authData = this.data(wanted.rpId, 0);
    const clientData = this.clientData("webauthn.get", wanted.challenge);
    const signature = sign("sha256", Buffer.concat([authData, sha256(clientData)]), one.privateKey);
    const asked = wanted.extensions?.prf && this.prf !== "none";
    return {
      rawId: buffer(one.id),
      response: {
        clientDataJSON: buffer(clientData),
        authenticatorData: buffer(authData),
        signature: buffer(signature),
        userHandle: buffer(one.user),
      },
      getClientExtensionResults: () =>
        asked ? { prf: { results: { first: this.output(one, wanted) } } } : {},
    };
  }

  data(rpId, flags) {
    return Buffer.concat([sha256(rpId), Buffer.from([PRESENT_VERIFIED | flags, 0, 0, 0, 0])]);
  }

  clientData(type, challenge) {
    const text = Buffer.from(challenge).toString("base64url");
    const said = { type, challenge: text, origin: this.origin, crossOrigin: false };
    return Buffer.from(JSON.stringify(said));
  }

  output({ secret }, { extensions }) {
    if (this.prf === "unsteady") return buffer(randomBytes(32));
    const salt = sha256("WebAuthn PRF", Buffer.from([0]), extensions.prf.eval.first);
    return buffer(createHmac("sha256", secret).update(salt).digest());
  }
}
