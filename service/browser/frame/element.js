/** Makes what a page shows. Text goes in as text; nothing here makes markup out of a string. */

const OBEYED =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069]/g;

/** One line of plain words: what a browser would obey is shown as a replacement sign.
 * @param {string} text @returns {string} */
export function oneLine(text) {
  return text.replaceAll("\n", " ").replace(OBEYED, "\ufffd");
}

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

/**
 * Makes an element with whatever text; only this room and pages that the server draws use it.
 *
 * @param {string} tag
 * @param {Attributes} attributes
 * @param {readonly unknown[]} children nodes and strings, which become text
 * @returns {HTMLElement}
 */
export function make(tag, attributes, children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (/^(on|style|srcdoc)/i.test(name)) throw new Error(`no ${name} from here`);
    if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(.../** @type {(Node | string)[]} */ (children));
  return made;
}

/** @param {string} words @param {() => void} press @returns {HTMLElement} */
export function button(words, press) {
  const made = make("button", { type: "button" }, [words]);
  made.addEventListener("click", press);
  return made;
}
