/**
 * The one place where the acts touch the browser, so that tests can stand in for it.
 *
 * @typedef {object} Environment
 * @property {(url: string, init: RequestInit) => Promise<Response>} fetch
 * @property {Pick<CredentialsContainer, "create" | "get"> | undefined} credentials WebAuthn
 * @property {string} origin of the page; its host is the RP id of its passkeys
 * @property {Pick<LockManager, "request"> | undefined} locks
 * @property {{persist?: () => Promise<boolean>} | undefined} storage
 * @property {import("../device/memory.js").Memory | null} memory null: this browser's own
 * @property {() => Date} now this device's clock
 * @property {((question: string) => boolean) | undefined} confirm undefined where no one is there
 * @property {() => string} host the name at which this page was opened
 */

const { navigator } = globalThis;

/** @type {Environment} */
export const environment = {
  fetch: (url, init) => globalThis.fetch(url, init),
  credentials: navigator?.credentials,
  origin: globalThis.location?.origin ?? "",
  locks: navigator?.locks,
  storage: navigator?.storage,
  memory: null,
  now: () => new Date(),
  confirm: globalThis.confirm?.bind(globalThis),
  host: () => globalThis.location?.hostname ?? "",
};

/**
 * Replace parts of it.
 *
 * @param {Partial<Environment>} changes
 */
export function configure(changes) {
  Object.assign(environment, changes);
}

/** This device's time in whole seconds, as statements carry it. */
export function now() {
  return new Date(Math.floor(environment.now().getTime() / 1000) * 1000);
}

/**
 * Run while no other tab of this browser does the same; the others wait. What was loaded before
 * has to be looked at again inside.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function exclusive(name, run) {
  const { locks } = environment;
  return locks ? locks.request(`breakglass ${name}`, run) : run();
}
