/** What the frame lends a view until it is left: its question, its content, its bar of buttons. */

import { make } from "./make.js";
import { plain } from "./values.js";

/** @template T @typedef {import("./element.js").Written<T>} Written */
/** @template {readonly unknown[]} C @typedef {import("./element.js").AllWritten<C>} AllWritten */

/** @param {string} id @returns {HTMLElement} a part of the frame itself */
export function part(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the frame has no ${id}`);
  return found;
}

/** Reads a sentence out, once. @param {string} sentence @returns {void} */
export function announce(sentence) {
  part("live").replaceChildren(make("span", {}, [sentence]));
}

/** @param {string} id @param {readonly unknown[]} parts none hide it @returns {void} */
function fill(id, parts) {
  const place = part(id);
  place.replaceChildren(.../** @type {(Node | string)[]} */ (parts));
  place.hidden = parts.length === 0;
}

/** @type {Node[]} what the view put between the frame's own parts */
let content = [];

/**
 * A view's way to the page. All of it does nothing any more once the view was left, so that an
 * answer that comes late shows nothing.
 */
export class Place {
  /** @type {AbortSignal} */
  #signal;
  /** @type {(path: string, sentence: string) => void} */
  #go;
  #question = "";
  /** @type {() => boolean} */
  #held = () => false;

  /** @param {AbortSignal} signal @param {(path: string, sentence: string) => void} go */
  constructor(signal, go) {
    this.#signal = signal;
    this.#go = go;
  }

  /**
   * Asks the page's one question: the heading gets the focus, and the title says it. The same
   * question again moves nothing. Below it stands one line, or nothing.
   *
   * @type {<const Q, const C extends readonly unknown[]>(
   *   question: 0 extends 1 & Q ? never : Q extends readonly unknown[] ? AllWritten<Q> : Written<Q>,
   *   ...sub: AllWritten<C>) => void}
   */
  ask = /** @type {any} */ ((/** @type {any[]} */ ...words) => this.#ask(words));

  /** @param {any[]} words */
  #ask([question, ...sub]) {
    if (this.#signal.aborted) return;
    const heading = part("question");
    heading.replaceChildren(...(Array.isArray(question) ? question : [question]));
    fill("sub", sub);
    const said = plain(heading);
    if (said === this.#question) return;
    this.#question = said;
    document.title = `${said} · Breakglass`;
    part("main").removeAttribute("aria-busy");
    heading.focus({ preventScroll: true });
    announce(document.title);
  }

  /** Shows the view's content in place of what it showed. @param {...Node} parts */
  put(...parts) {
    if (this.#signal.aborted) return;
    for (const old of content) old.parentNode?.removeChild(old);
    content = parts;
    part("act").before(...parts);
  }

  /** What can be done here, in the bar at the end; nothing until what it is about is verified.
   * @param {...Node} parts none take the bar away */
  offer(...parts) {
    this.#fill("act", parts);
  }

  /**
   * Says what happened, in the status line; nothing takes it back.
   * @type {<const C extends readonly unknown[]>(...parts: AllWritten<C>) => void}
   */
  say = (...parts) => this.#fill("status", parts);

  /**
   * Says what went wrong; nothing takes it back.
   * @type {<const C extends readonly unknown[]>(...parts: AllWritten<C>) => void}
   */
  warn = (...parts) => this.#fill("alert", parts);

  /** @param {string} id @param {readonly unknown[]} parts */
  #fill(id, parts) {
    if (!this.#signal.aborted) fill(id, parts);
  }

  /** Whoever leaves while `needed()` is asked first. @param {() => boolean} needed */
  hold(needed) {
    this.#held = needed;
  }

  /** @returns {boolean} whether something would be lost now */
  held() {
    return this.#held();
  }

  /** Goes to another view or page, which then says the sentence.
   * @param {string} path @param {string} [sentence] */
  go(path, sentence = "") {
    if (!this.#signal.aborted) this.#go(path, sentence);
  }
}

/** Takes all that a view showed out of the page: what it held goes with it. @returns {void} */
export function empty() {
  for (const old of content) old.parentNode?.removeChild(old);
  content = [];
  for (const id of ["sub", "act", "alert", "status"]) fill(id, []);
}
