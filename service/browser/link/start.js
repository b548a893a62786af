/**
 * The first script of a page, which waits for no other: it takes the token of an enrolment link out
 * of the address, and asks for what the view will need while the other modules are on their way.
 */

/** What every call to the service has in common. */
export const CALL = /** @type {const} */ ({
  cache: "no-store",
  credentials: "same-origin",
  redirect: "error",
  referrerPolicy: "no-referrer",
});
/** Milliseconds that an answer may take; a lock that other tabs wait for is held meanwhile. */
export const PATIENCE = 30_000;
const LATE = 10_000; // milliseconds without a frame, after which somebody has to be told
/** @type {[RegExp, string][]} addresses of views, and the first path below the API of each */
const FIRST = [[/^\/sign-in$/, "/people/me"]];

/** @type {{ path: string, answer: Promise<Response> } | null} */
let first = null;
let token = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let late;

/**
 * The answer to the call that was sent ahead, for whoever asks for that path first.
 *
 * @param {string} path below the API
 * @returns {Promise<Response> | undefined}
 */
export function ahead(path) {
  if (first?.path !== path) return undefined;
  const { answer } = first;
  first = null;
  return answer;
}

/** The token of the link that was followed, once; "" without one. */
export function takeToken() {
  const taken = token;
  token = "";
  return taken;
}

/** The frame is there. */
export function arrived() {
  clearTimeout(late);
}

/** @param {Location} here */
function begin(here) {
  // Imported by a page that the server drew, it does nothing: only the frame has it as a script.
  if (document.querySelector("script[async]") === null) return;
  if (here.pathname === "/enroll") {
    token = here.hash.slice(1);
    history.replaceState(null, "", here.pathname);
  }
  late = setTimeout(complain, LATE);
  const path = FIRST.find(([pattern]) => pattern.test(here.pathname))?.[1];
  if (path === undefined) return;
  const headers = { Accept: "application/json" };
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = fetch(`/api/v1${path}`, { ...CALL, headers, signal });
  answer.catch(() => {}); // whoever takes it is told
  first = { path, answer };
}

function complain() {
  const place = document.getElementById("alert");
  if (place === null) return;
  place.textContent =
    "A part of this page has not come. Load the page again; if it stays so, the connection is bad, " +
    "or something on the way alters what the service sends: use the breakglass command.";
  place.hidden = false;
}

if (globalThis.location !== undefined && globalThis.document !== undefined) begin(location);
