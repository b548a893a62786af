/** Makes elements. Text goes in as text; nothing here makes markup out of a string. */

const OBEYED =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069]/g;

/** One line of plain words: what a browser would obey is shown as a replacement sign.
 * @param {string} text @returns {string} */
export function oneLine(text) {
  return text.replaceAll("\n", " ").replace(OBEYED, "\ufffd");
}

/**
 * Makes an element with whatever text.
 *
 * @param {string} tag
 * @param {Record<string, string | boolean>} attributes neither style nor on*
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
