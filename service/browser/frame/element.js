/** Makes what a view shows, of nodes and of text that stands in its source. */

import { make } from "./make.js";

/**
 * What may stand in a view as it is written: a node, or a string that stands in the view's source.
 * Any other string is a value, and goes through `checked` or `told` (values.js).
 *
 * @template T
 * @typedef {0 extends 1 & T ? never
 *   : T extends string ? ({} extends Record<T, 1> ? never : T)
 *   : T extends Node ? T : never} Written
 */
/**
 * @template {readonly unknown[]} C
 * @typedef {{ [K in keyof C]: Written<C[K]> }} AllWritten
 */
/** @typedef {Record<string, string | boolean>} Attributes neither style nor on* */

/**
 * Makes an element. Its children are nodes, or text that the source has; the compiler refuses others.
 *
 * @type {<const C extends readonly unknown[]>(
 *   tag: string, attributes?: Attributes, ...children: AllWritten<C>) => HTMLElement}
 */
export const element = (tag, attributes = {}, ...children) => make(tag, attributes, children);

/** @type {<const S>(words: Written<S>, press: () => void) => HTMLElement} */
export const button = (words, press) => {
  const made = make("button", { type: "button" }, [words]);
  made.addEventListener("click", press);
  return made;
};
