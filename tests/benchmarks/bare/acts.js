/**
 * What an approval and a release cannot do without, called directly: WebCrypto, one ceremony, and
 * each call that the protocol demands, to the bare application: for a challenge, to prove a fresh
 * session, for what is to be opened, the act, and for the log's note. A call that changes something
 * is one signature verified and one row committed; the others are one query by an index. Nothing
 * else is checked, framed, remembered or shown.
 */
(() => {
  const { subtle } = crypto;
  const AES = "AES-GCM";
  const PKCS8 = {
    X25519: "302e020100300506032b656e04220420",
    Ed25519: "302e020100300506032b657004220420",
  };
  const ZEROS = new Uint8Array(32);
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const unhex = (text) => Uint8Array.from(text.match(/../g), (two) => parseInt(two, 16));
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

  /** The bytes of keys and of everything that is opened, with their real sizes. */
  const made = {};

  async function hkdf(material, length = 32) {
    const key = await subtle.importKey("raw", material, "HKDF", false, ["deriveBits"]);
    const parameters = { name: "HKDF", hash: "SHA-256", salt: ZEROS, info: ZEROS };
    return subtle.deriveBits(parameters, key, length * 8);
  }

  async function aes(what, key, nonce, data) {
    const imported = await subtle.importKey("raw", key, AES, false, [what]);
    return subtle[what]({ name: AES, iv: nonce, additionalData: ZEROS }, imported, data);
  }

  function privateKey(curve, seed) {
    const uses = curve === "X25519" ? ["deriveBits"] : ["sign"];
    const bytes = new Uint8Array([...unhex(PKCS8[curve]), ...new Uint8Array(seed)]);
    return subtle.importKey("pkcs8", bytes, curve, false, uses);
  }

  /** HPKE without its labels: one agreement, a key for the agreed secret, a key and a nonce. */
  async function schedule(mine, theirs) {
    const other = await subtle.importKey("raw", theirs, "X25519", false, []);
    const agreed = await subtle.deriveBits({ name: "X25519", public: other }, mine, 256);
    const shared = await hkdf(agreed);
    return [await hkdf(shared), await hkdf(shared, 12)];
  }

  async function seal(theirs, plain) {
    const pair = await subtle.generateKey("X25519", false, ["deriveBits"]);
    const enc = await subtle.exportKey("raw", pair.publicKey);
    const [key, nonce] = await schedule(pair.privateKey, theirs);
    const sealed = await aes("encrypt", key, nonce, plain);
    return new Uint8Array([...new Uint8Array(enc), ...new Uint8Array(sealed)]);
  }

  async function unseal(mine, sealed) {
    const [key, nonce] = await schedule(mine, sealed.slice(0, 32));
    return aes("decrypt", key, nonce, sealed.slice(32));
  }

  /** A passkey on this page's own authenticator, and the person's root wrapped under it. */
  async function prepare({ root, keyid, mnemonic, content }) {
    const prf = { eval: { first: ZEROS } };
    const credential = await navigator.credentials.create({
      publicKey: {
        challenge: random(32),
        rp: { id: "localhost", name: "bare" },
        user: { id: random(16), name: "bare", displayName: "bare" },
        pubKeyCredParams: [{ type: "public-key", alg: -7 }],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        extensions: { prf },
      },
    });
    made.keyid = keyid;
    made.id = credential.rawId;
    made.nonce = random(12);
    const slot = await hkdf(await ceremony());
    made.wrapped = await aes("encrypt", slot, made.nonce, unhex(root));
    made.signing = await privateKey("Ed25519", await hkdf(unhex(root)));
    made.slot = slot; // for the phrase, whose key comes from PBKDF2, which is timed apart
    const exportable = { name: "X25519" };
    const recipient = await subtle.generateKey(exportable, true, ["deriveBits"]);
    made.recipient = recipient.privateKey;
    made.recipientKey = new Uint8Array(await subtle.exportKey("raw", recipient.publicKey));
    made.mine = await own(unhex(root));
    made.share = await seal(made.mine, new TextEncoder().encode(mnemonic));
    made.reseal = await seal(made.recipientKey, new TextEncoder().encode(mnemonic));
    made.content = await aes("encrypt", ZEROS, made.nonce, new Uint8Array(content));
    const signing = await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    made.verifying = signing.publicKey;
    made.message = random(700);
    made.signature = await subtle.sign("Ed25519", signing.privateKey, made.message);
  }

  /** My public encryption key, as a multiple of the base point. */
  async function own(root) {
    const base = Uint8Array.from(ZEROS, (_, place) => (place ? 0 : 9));
    const key = await subtle.importKey("raw", base, "X25519", false, []);
    const mine = await privateKey("X25519", await hkdf(root));
    return new Uint8Array(await subtle.deriveBits({ name: "X25519", public: key }, mine, 256));
  }

  async function ceremony() {
    const given = await navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        rpId: "localhost",
        allowCredentials: [{ type: "public-key", id: made.id, transports: ["internal"] }],
        userVerification: "required",
        extensions: { prf: { eval: { first: ZEROS } } },
      },
    });
    return given.getClientExtensionResults().prf.results.first;
  }

  /** A challenge; the wrapped root and the share; the log's note: one row each. */
  async function ask(about) {
    return (await fetch(`/acts/${about}`, { cache: "no-store" })).json();
  }

  /** Ceremony or phrase, a fresh session, and the root unwrapped into both keys. */
  async function identity(about, passkey) {
    await ask(about);
    const slot = passkey ? await hkdf(await ceremony()) : made.slot;
    await post(about, "freshness", made.signing, {});
    await ask(about);
    const root = await aes("decrypt", slot, made.nonce, made.wrapped);
    const encryption = await privateKey("X25519", await hkdf(root));
    return { encryption, signing: await privateKey("Ed25519", await hkdf(root)) };
  }

  async function verify(times) {
    for (let count = 0; count < times; count += 1) {
      const raw = await subtle.exportKey("raw", made.verifying);
      const key = await subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
      if (!(await subtle.verify("Ed25519", key, made.signature, made.message))) throw Error("bad");
    }
  }

  async function post(about, kind, signing, further) {
    const type = `application/vnd.breakglass.${kind}.v2+json`;
    const body = JSON.stringify({ about, kind, padding: base64(random(300)) });
    const pae = new TextEncoder().encode(`DSSEv1 ${type.length} ${type} ${body.length} ${body}`);
    const sig = base64(new Uint8Array(await subtle.sign("Ed25519", signing, pae)));
    const signatures = [{ keyid: made.keyid, sig }];
    const statement = { payload: btoa(body), payloadType: type, signatures };
    const response = await fetch(`/acts/${about}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ statement, ...further }),
    });
    if (!response.ok) throw new Error(`the bare application answered ${response.status}`);
    return response.json();
  }

  /** One agreement to open the share, one to seal it; my receipt and the log's note verified. */
  async function approve(about, passkey) {
    const mine = await identity(about, passkey);
    const share = await unseal(mine.encryption, made.share);
    await subtle.digest("SHA-256", share);
    const resealed = await seal(made.recipientKey, share);
    await subtle.digest("SHA-256", resealed);
    await post(about, "decision", mine.signing, { resealed_share: base64(resealed) });
    await ask(about);
    await verify(2);
  }

  /** Four shares opened and combined; as many signatures as there are on what is handed out. */
  async function release(about, passkey, signatures) {
    const mine = await identity(about, passkey);
    await post(about, "release", mine.signing, {});
    await ask(about);
    await verify(signatures);
    for (let count = 0; count < 4; count += 1) {
      await subtle.digest("SHA-256", await unseal(made.recipient, made.reseal));
    }
    await combined();
    await aes("decrypt", ZEROS, made.nonce, made.content);
  }

  /** SLIP-39's four rounds of 2,500 iterations, and its digests: one a group and one of both. */
  async function combined() {
    for (let round = 0; round < 4; round += 1) {
      const key = await subtle.importKey("raw", new Uint8Array(17), "PBKDF2", false, ["deriveBits"]);
      const parameters = { name: "PBKDF2", hash: "SHA-256", salt: ZEROS, iterations: 2500 };
      await subtle.deriveBits(parameters, key, 128);
    }
    for (let digest = 0; digest < 3; digest += 1) {
      const hmac = { name: "HMAC", hash: "SHA-256" };
      const key = await subtle.importKey("raw", ZEROS, hmac, false, ["sign"]);
      await subtle.sign("HMAC", key, ZEROS);
    }
  }

  /** What a phrase costs before anything else. */
  async function stretch() {
    const key = await subtle.importKey("raw", new Uint8Array(60), "PBKDF2", false, ["deriveBits"]);
    const salt = new Uint8Array(16);
    const parameters = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 600_000 };
    await subtle.deriveBits(parameters, key, 512);
  }

  async function timed(run) {
    const start = performance.now();
    await run();
    return performance.now() - start;
  }

  globalThis.bare = { prepare, approve, release, stretch, timed };
})();
