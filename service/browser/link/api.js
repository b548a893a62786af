/**
 * The service's API below /api/v1, with the session's cookie. No redirect is followed.
 *
 * Every call throws `ApiRefusal` with the service's code or `ClientRefusal` `server-answer`; acts
 * throw `Unreachable`, all else `ClientRefusal` `unreachable`. An act is never repeated by itself
 * once its answer is unknown; `again()` sends the very same bytes, so nothing is signed twice.
 */

import { read } from "./answer.js";
import { heard } from "./clocks.js";
import { environment } from "./environment.js";
import { ApiRefusal, ClientRefusal, Unreachable } from "./errors.js";
import { ahead, CALL, PATIENCE } from "./start.js";

const PREFIX = "/api/v1";
/** Refusals that say: this very statement is there already. */
const ARRIVED = new Set(["replayed", "already-decided", "already-confirmed"]);
/** @type {Map<string, string>} the ETag under which each path was last read */
const tags = new Map();
/** @type {Promise<unknown>} what is being proved at the moment */
let proof = Promise.resolve();
/** @type {(() => Promise<boolean>) | null} lets a person sign in again, and says if they did */
let entrance = null;
/** @type {Promise<boolean> | null} while it is open */
let entering = null;

/**
 * Let every further read and act wait for `proving`, and fail as it does: nothing is sent for
 * somebody who is not proved. It holds until another takes its place. What is asked (`ask`) does
 * not wait: that is how one proves.
 *
 * @param {Promise<unknown>} proving
 */
export function after(proving) {
  proof = proving;
  proof.catch(() => {}); // told by whoever waits for it
}

/** Wait for it here. */
export function proved() {
  return proof;
}

/**
 * Let whoever turns out to be signed out sign in where they are, and then repeat the call once: it
 * was refused before anything was done. Null: such calls are refused as `not-signed-in`.
 *
 * @param {(() => Promise<boolean>) | null} open true: the same person is signed in again
 */
export function whenSignedOut(open) {
  entrance = open;
}

/**
 * Read; repeated once when the connection fails, and then refused as `unreachable`.
 *
 * @param {string} path
 * @param {AbortSignal} [signal] of the view that asks; once it was left, the call ends with its
 *   reason
 * @returns {Promise<any>}
 */
export async function get(path, signal) {
  await proof;
  const asked = () => call("GET", path, undefined, "", signal);
  const answer = await asked().catch((error) => {
    signal?.throwIfAborted();
    if (error instanceof Unreachable) return asked().catch(withoutAgain);
    throw error;
  });
  tags.set(path, answer.tag);
  return answer.value;
}

/**
 * Act.
 *
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function post(path, body) {
  await proof;
  return act("POST", path, JSON.stringify(body));
}

/**
 * Post what is no act: nothing is signed, so without an answer one simply tries again.
 *
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function ask(path, body) {
  return act("POST", path, JSON.stringify(body)).catch(withoutAgain);
}

/**
 * Nothing waits to be sent again: whoever wants it does the whole once more.
 *
 * @param {unknown} error
 * @returns {never}
 */
function withoutAgain(error) {
  if (!(error instanceof Unreachable)) throw error;
  throw new ClientRefusal(
    "unreachable",
    "the service does not answer",
    "look at your connection, and try again",
  );
}

/**
 * Whether no answer came, to an act or to anything else.
 *
 * @param {unknown} error
 */
export function isUnreachable(error) {
  const refused = error instanceof ClientRefusal && error.code === "unreachable";
  return refused || error instanceof Unreachable;
}

/**
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function put(path, body) {
  await proof;
  return act("PUT", path, JSON.stringify(body));
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function del(path) {
  await proof;
  return act("DELETE", path, undefined);
}

/**
 * Act; repeated once on `conflict`, which promises that nothing has happened.
 *
 * @param {string} method
 * @param {string} path
 * @param {string | undefined} bytes
 * @returns {Promise<any>}
 */
async function act(method, path, bytes) {
  try {
    return (await call(method, path, bytes)).value;
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== "conflict") throw error;
  }
  return (await call(method, path, bytes)).value;
}

/**
 * Send again what perhaps arrived; that it is there already is a yes.
 *
 * @param {string} method
 * @param {string} path
 * @param {string | undefined} bytes
 * @returns {Promise<any>}
 */
async function resend(method, path, bytes) {
  try {
    return await act(method, path, bytes);
  } catch (error) {
    if (error instanceof ApiRefusal && ARRIVED.has(error.code)) return { repeated: true };
    throw error;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string} [bytes]
 * @param {string} [seen] an ETag
 * @param {AbortSignal} [signal]
 * @returns {Promise<{value: any, tag: string, same: boolean}>}
 */
async function call(method, path, bytes, seen, signal) {
  const inside = entering !== null; // sent to sign in: it must not wait for that
  try {
    return await send(method, path, bytes, seen, signal);
  } catch (error) {
    const signedOut = error instanceof ApiRefusal && error.code === "not-signed-in";
    if (!signedOut || inside || entrance === null) throw error;
    // It begins only once `entering` is set: the calls that it makes go by that.
    entering ??= Promise.resolve(entrance).then((open) => open()).finally(() => {
      entering = null;
    });
    if (!(await entering)) throw error;
  }
  return send(method, path, bytes, seen, signal);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string} [bytes]
 * @param {string} [seen]
 * @param {AbortSignal} [signal]
 * @returns {Promise<{value: any, tag: string, same: boolean}>}
 */
async function send(method, path, bytes, seen, signal) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (bytes !== undefined) headers["Content-Type"] = "application/json";
  if (seen) headers["If-None-Match"] = seen;
  let response;
  let text;
  try {
    const patience = AbortSignal.timeout(PATIENCE);
    const sent = method === "GET" && !seen ? ahead(path) : undefined;
    response = await (sent ??
      environment.fetch(PREFIX + path, {
        ...CALL,
        method,
        headers,
        ...(bytes === undefined ? {} : { body: bytes }),
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      }));
    text = await response.text();
  } catch {
    throw new Unreachable(() => resend(method, path, bytes));
  }
  heard(response.headers.get("Date"));
  if (response.status === 304) return { value: null, tag: seen ?? "", same: true };
  return { value: read(response, text), tag: response.headers.get("ETag") ?? "", same: false };
}

/**
 * Ask for `path` again and again, and tell only of changes since it was last read. Slower in a
 * hidden tab, and slower while the service does not answer; `onTrouble` gets the error, or null
 * when it is over; `first` is called once, after the first answer.
 *
 * @param {string} path
 * @param {(value: any) => void} onChange
 * @param {{every?: number, onTrouble?: (error: Error | null) => void, first?: () => void}} [options]
 *   `every` in ms
 * @returns {() => void} stops it
 */
export function watch(path, onChange, { every = 2500, onTrouble = () => {}, first } = {}) {
  let told = first;
  let tag = tags.get(path) ?? "";
  let failures = 0;
  let stopped = false;
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const look = async () => {
    try {
      const answer = await call("GET", path, undefined, tag);
      if (stopped) return;
      if (failures) onTrouble(null);
      failures = 0;
      told?.();
      told = undefined;
      if (!answer.same && answer.tag !== tag) {
        const fresh = tag === "";
        tag = answer.tag;
        if (!fresh) onChange(answer.value);
      }
    } catch (error) {
      if (stopped) return;
      failures += 1;
      onTrouble(/** @type {Error} */ (error));
    }
    timer = setTimeout(look, pause(every, failures));
  };
  timer = setTimeout(look, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/**
 * @param {number} every
 * @param {number} failures
 */
function pause(every, failures) {
  const hidden = globalThis.document?.hidden ? 8 : 1;
  return Math.min(every * hidden * 2 ** Math.min(failures, 4), 60_000);
}
