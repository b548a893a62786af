/** A stand-in for `navigator.credentials`: answers as it is told to, and notes the calls. */

const bytes = (value) => new Uint8Array(32).fill(value);

export const PRF = bytes(7);

/**
 * @param {{atCreate?: boolean, enabled?: boolean, atGet?: boolean, fails?: string,
 *   failsAtGet?: string, unsteady?: boolean}} can whether PRF comes at create, is announced, comes
 *   at get; is another one each time
 */
export function authenticator(can) {
  const calls = [];
  let given = 0;
  const first = () => (can.unsteady ? bytes(100 + given++) : PRF.slice()).buffer;
  const results = (there) => (there ? { results: { first: first() } } : {});
  return {
    calls,
    async create(options) {
      calls.push(["create", options.publicKey]);
      if (can.fails) throw new DOMException("no", can.fails);
      return {
        rawId: bytes(1).buffer,
        response: {
          clientDataJSON: bytes(2).buffer,
          attestationObject: bytes(3).buffer,
          getTransports: () => ["internal"],
        },
        getClientExtensionResults: () => ({
          prf: { enabled: can.enabled ?? false, ...results(can.atCreate) },
        }),
      };
    },
    async get(options) {
      calls.push(["get", options.publicKey]);
      const failing = can.failsAtGet ?? can.fails;
      if (failing) throw new DOMException("no", failing);
      return {
        rawId: bytes(1).buffer,
        response: {
          clientDataJSON: bytes(4).buffer,
          authenticatorData: bytes(5).buffer,
          signature: bytes(6).buffer,
          userHandle: bytes(8).buffer,
        },
        getClientExtensionResults: () => (can.atGet ? { prf: results(true) } : {}),
      };
    },
  };
}
