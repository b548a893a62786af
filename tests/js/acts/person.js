/** A person with a browser of their own: cookies, memory and passkeys; the service is real. */

import { configure } from "../../../service/browser/link/environment.js";
import { create, finish, look } from "../../../service/browser/acts/enrolment.js";
import { Unreachable } from "../../../service/browser/link/errors.js";
import { withIdentity } from "../../../service/browser/keys/unlock.js";
import { inMemory } from "../device/inMemory.js";

/** navigator.locks of one browser: whoever asks for a name waits for those before. */
class Locks {
  last = new Map();

  async request(name, run) {
    const before = this.last.get(name) ?? Promise.resolve();
    const mine = before.then(run, run);
    this.last.set(name, mine.catch(() => {}));
    return mine;
  }
}

export class Person {
  /**
   * @param {string} name
   * @param {string} server
   */
  constructor(name, server) {
    this.name = name;
    this.email = `${name.toLowerCase()}@corp.example`;
    this.server = server;
    this.memory = inMemory();
    this.cookies = new Map();
    this.phrase = "";
    this.words = [];
    this.credentials = undefined;
    /** Answers that get lost on their way, by path; the service has done what was asked. */
    this.loses = new Set();
    /** What a service between them changes in an answer, by path. */
    this.lies = new Map();
    this.locks = new Locks();
    this.sent = [];
    /** @type {((question: string) => boolean) | undefined} */
    this.confirm = undefined; // nobody is there
    this.ahead = 0; // ms by which this browser's clock is ahead
    this.dated = 0; // ms by which the service's answers are dated ahead
  }

  /** Do something in this person's browser. */
  async in(run) {
    configure({
      fetch: (url, init) => this.fetch(url, init),
      memory: this.memory,
      credentials: this.credentials,
      origin: this.server,
      locks: this.locks,
      confirm: this.confirm,
      host: () => new URL(this.server).hostname,
      now: () => new Date(Date.now() + this.ahead),
    });
    return run();
  }

  /** Do an act with this person's keys; by phrase if the passkey does not unlock them. */
  act(run, way = this.way()) {
    return this.in(() => withIdentity(way, run));
  }

  way() {
    return this.can === "unlocks"
      ? { kind: "passkey" }
      : { kind: "phrase", phrase: this.phrase };
  }

  /** As a browser sends it: with the cookie, and saying where the call comes from. */
  async fetch(path, init) {
    const headers = { ...init.headers, "Sec-Fetch-Site": "same-origin", Cookie: this.cookie() };
    if (init.method !== "GET") headers.Origin = this.server;
    const { method, body } = init;
    this.sent.push({ method, path, body });
    const answer = await fetch(this.server + path, { method, body, headers, redirect: "error" });
    for (const one of answer.headers.getSetCookie()) this.keep(one);
    if (this.loses.delete(`${method} ${path}`)) throw new TypeError("the answer was lost");
    const lies = this.liesAbout(path);
    if (lies && answer.ok) return Response.json(await lies(await answer.json()));
    return this.dated ? this.redate(answer) : answer;
  }

  /** A lie about a request or about rosters is told too where one answer has both. */
  liesAbout(path) {
    const plain = path.replace(/\?seen=\d+$/, "");
    const lie = this.lies.get(path) ?? this.lies.get(plain);
    if (lie || !plain.endsWith("/case") || !this.lies.size) return lie;
    const about = (path) => this.lies.get(path) ?? ((part) => part);
    return async (answer) => {
      const me = await about("/api/v1/people/me")(answer.me);
      const asked = await about(plain.replace(/\/case$/, ""))({ ...answer.detail, log: answer.log });
      const { log: first = null, ...detail } = asked;
      const chain = `/api/v1/accounts/${answer.detail.account}/rosters`;
      const { log, ...rosters } = await about(chain)({ ...answer.rosters, log: first });
      return { me, detail, rosters, log };
    };
  }

  async redate(answer) {
    const headers = new Headers(answer.headers);
    headers.set("Date", new Date(Date.now() + this.dated).toUTCString());
    return new Response(answer.status === 204 ? null : await answer.text(), { status: answer.status, headers });
  }

  cookie() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  keep(line) {
    const [pair, ...attributes] = line.split(";").map((part) => part.trim());
    const [name, value] = pair.split("=", 2);
    if (attributes.includes("Max-Age=0") || value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** Enrol by a link, as the page does it. */
  async enrol(link, { passkey = false } = {}) {
    const token = link.split("#")[1];
    return this.in(async () => {
      const state = await create(token, await look(token), { passkey });
      this.phrase = state.words.join(" ");
      this.can = state.passkey;
      const typed = ` ${this.phrase.toUpperCase()}\n`;
      // When no answer comes, pressing the button once more posts the same and finds it done.
      const enrolled = await finish(state, typed).catch((error) => {
        if (!(error instanceof Unreachable)) throw error;
        return finish(state, typed);
      });
      this.words = enrolled.words;
      this.id = enrolled.person;
      return enrolled;
    });
  }
}
