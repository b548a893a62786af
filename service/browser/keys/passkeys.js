/**
 * WebAuthn ceremonies (W3C WebAuthn Level 3). What is posted is built from the raw buffers, so a
 * PRF output can never be among it: that output unlocks the root, and stays here.
 */

import { b64decode, b64encode, equal, unhex } from "../crypto/encoding.js";
import { prfInput } from "../crypto/keyslot.js";
import { environment } from "../link/environment.js";
import { ClientRefusal } from "../link/errors.js";
import { oneLine } from "../link/render.js";

const PATIENCE = 120_000; // milliseconds; somebody may have to fetch a security key
const ALGORITHMS = [-8, -7, -257]; // COSE: EdDSA, ES256, RS256
const RP_NAME = "breakglass";

/**
 * @typedef {{id: string, transports: string[], unlocks?: boolean}} Known a credential, `id` base64
 * @typedef {{credential: string, client_data: string, authenticator_data: string,
 *   signature: string, user_handle: string}} Assertion all base64
 * @typedef {{credential: string, client_data: string, attestation: string,
 *   transports: string[]}} Attestation
 * @typedef {{challenge: string, rp_id: string, user_id: string, exclude: string[]}} NewPasskeyOptions
 *   of the answer; what else it says is not used
 * @typedef {{person: string, email: string, name: string, credentials?: readonly string[]}} Owner
 *   whose it will be, as this browser knows it, and credentials of theirs in base64
 */

/**
 * Make a passkey: resident, with user verification, and with a PRF output where it gives the same
 * one twice. Some authenticators give none when a passkey is made, and some another one each time:
 * it is asked again at once, since nothing wrapped under the first would ever open.
 *
 * Refused as `ClientRefusal`: `other-rp-id`, `other-user` and the codes of `failed`.
 *
 * @param {NewPasskeyOptions} options
 * @param {Owner} owner
 * @returns {Promise<{attestation: Attestation, credential: string, prf: Uint8Array | null}>}
 */
export async function createPasskey(options, owner) {
  const id = ownRpId(options);
  const user = { id: userHandle(options, owner), name: owner.email, displayName: owner.name };
  const exclude = new Set([...options.exclude, ...(owner.credentials ?? [])]);
  const made = await ceremony("create", {
    publicKey: {
      challenge: b64decode(options.challenge),
      rp: { id, name: RP_NAME },
      user,
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: {
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
      excludeCredentials: [...exclude].map((one) => ({ type: "public-key", id: b64decode(one) })),
      attestation: "none",
      timeout: PATIENCE,
      extensions: await prfWanted(),
    },
  });
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  const transports = (response.getTransports?.() ?? []).filter(isTransport).slice(0, 8);
  const attestation = {
    credential: text(made.rawId),
    client_data: text(response.clientDataJSON),
    attestation: text(response.attestationObject),
    transports,
  };
  const prf = await steadyPrf(prfResults(made), { id: attestation.credential, transports });
  return { attestation, credential: attestation.credential, prf };
}

/**
 * Prove with a passkey who I am; with `prf` also take what unlocks the root.
 *
 * Refused as `ClientRefusal`: `other-rp-id` and the codes of `failed`.
 *
 * @param {{challenge: string, rp_id: string, credentials: Known[]}} options
 * @param {{prf: boolean}} wanted
 * @returns {Promise<{assertion: Assertion, credential: string, prf: Uint8Array | null}>}
 */
export async function askPasskey(options, { prf }) {
  const given = await ceremony("get", {
    publicKey: {
      challenge: b64decode(options.challenge),
      rpId: ownRpId(options),
      allowCredentials: options.credentials.map(descriptor),
      userVerification: "required",
      timeout: PATIENCE,
      ...(prf ? { extensions: await prfWanted() } : {}),
    },
  });
  const response = /** @type {AuthenticatorAssertionResponse} */ (given.response);
  const assertion = {
    credential: text(given.rawId),
    client_data: text(response.clientDataJSON),
    authenticator_data: text(response.authenticatorData),
    signature: text(response.signature),
    user_handle: response.userHandle ? text(response.userHandle) : "",
  };
  return { assertion, credential: assertion.credential, prf: prfResults(given).first };
}

/**
 * Whose passkeys are made and asked: this page's host, and nothing that an answer says. A passkey of
 * a parent domain would give the same PRF output to every other page there.
 *
 * @param {{rp_id: string}} options
 */
function ownRpId({ rp_id: named }) {
  const own = new URL(environment.origin).hostname;
  if (named === own) return own;
  throw new ClientRefusal(
    "other-rp-id",
    `the service wants a passkey for ${oneLine(named)}, and this page is at ${oneLine(own)}`,
    "no passkey was asked: open the service by the address that you were given, and if it says " +
      "this there too, call the others",
  );
}

/**
 * The 16 bytes of the owner's own id. Under another's handle an authenticator would put the new
 * passkey in place of theirs.
 *
 * @param {{user_id: string}} options
 * @param {Owner} owner
 */
function userHandle({ user_id: named }, { person }) {
  const own = unhex(person.replaceAll("-", ""));
  if (named === b64encode(own)) return own;
  throw new ClientRefusal(
    "other-user",
    "the service wants a passkey for another person than you",
    "no passkey was made: call the others",
  );
}

/**
 * The PRF output of a passkey that was just made, if two answers have the same one.
 *
 * @param {{enabled: boolean, first: Uint8Array | null}} said when it was made
 * @param {Known} credential
 * @returns {Promise<Uint8Array | null>}
 */
async function steadyPrf({ enabled, first }, credential) {
  if (first === null && !enabled) return null;
  const one = first ?? (await prfOf(credential));
  const other = one === null ? null : await prfOf(credential);
  if (one !== null && other !== null && equal(one, other)) {
    other.fill(0);
    return one;
  }
  one?.fill(0);
  other?.fill(0);
  return null;
}

/**
 * The PRF output of a passkey that was just made. The challenge is our own: nothing is posted.
 *
 * @param {Known} credential
 */
async function prfOf(credential) {
  const challenge = b64encode(globalThis.crypto.getRandomValues(new Uint8Array(32)));
  const options = { challenge, rp_id: new URL(environment.origin).hostname, credentials: [credential] };
  return (await askPasskey(options, { prf: true })).prf;
}

async function prfWanted() {
  return { prf: { eval: { first: await prfInput() } } };
}

/** @param {Known} credential */
function descriptor({ id, transports }) {
  return {
    type: /** @type {const} */ ("public-key"),
    id: b64decode(id),
    ...(transports.length
      ? { transports: /** @type {AuthenticatorTransport[]} */ (transports) }
      : {}),
  };
}

/**
 * @param {PublicKeyCredential} credential
 * @returns {{enabled: boolean, first: Uint8Array | null}}
 */
function prfResults(credential) {
  const prf = credential.getClientExtensionResults().prf;
  const first = prf?.results?.first;
  return { enabled: prf?.enabled === true, first: first ? bytes(first) : null };
}

/**
 * @param {"create" | "get"} what
 * @param {any} options
 * @returns {Promise<PublicKeyCredential>}
 */
async function ceremony(what, options) {
  const { credentials } = environment;
  if (!credentials) {
    throw new ClientRefusal(
      "no-passkeys",
      "this browser has no passkeys",
      "use your recovery phrase, or another browser",
    );
  }
  let credential;
  try {
    credential = await credentials[what](options);
  } catch (error) {
    throw failed(/** @type {Error} */ (error), what);
  }
  if (!credential) throw cancelled();
  return /** @type {PublicKeyCredential} */ (credential);
}

function cancelled() {
  return new ClientRefusal(
    "ceremony-cancelled",
    "the passkey was not used: it was cancelled, it took too long, or none here fits",
    "try again, or use your recovery phrase",
  );
}

/**
 * Say in words why a ceremony failed. Browsers tell little, so that pages cannot probe people.
 *
 * @param {Error} error
 * @param {"create" | "get"} what
 */
function failed(error, what) {
  if (error.name === "InvalidStateError" && what === "create") {
    return new ClientRefusal(
      "passkey-here",
      "this device has a passkey of yours already",
      "nothing was changed; make another one on another device",
    );
  }
  if (error.name === "SecurityError") {
    return new ClientRefusal(
      "wrong-address",
      "passkeys do not work at this address",
      "open the service by the address that you were given",
    );
  }
  if (error.name === "ConstraintError" || error.name === "NotSupportedError") {
    return new ClientRefusal(
      "passkey-unfit",
      "this device cannot keep a passkey that asks for your finger, face or PIN",
      "use another device or security key, or your recovery phrase",
    );
  }
  return cancelled();
}

/** @param {string} text browsers may invent further ones, but only of this form are stored */
function isTransport(text) {
  return /^[a-z-]{1,20}$/.test(text);
}

/** @param {BufferSource} buffer */
function bytes(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

/** @param {BufferSource} buffer */
function text(buffer) {
  return b64encode(bytes(buffer));
}
