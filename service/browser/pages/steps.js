/** A page in steps: of the elements with `data-step` those of one step are shown. */

/**
 * Go to a step. Its heading is read out, since what has the focus is gone with the last step.
 *
 * @param {string} name
 */
export function step(name) {
  for (const part of document.querySelectorAll("[data-step]")) {
    const element = /** @type {HTMLElement} */ (part);
    element.hidden = element.dataset.step !== name;
  }
  const heading = document.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
  window.scrollTo(0, 0);
}

/**
 * Say no to leaving while `needed()`; what the browser then asks is its own sentence.
 *
 * @param {() => boolean} needed
 */
export function holdBack(needed) {
  window.addEventListener("beforeunload", (event) => {
    if (needed()) event.preventDefault();
  });
}
