/**
 * Runs before a page's own script: when a person tapped, when what they waited for stood on the
 * page, and how long a phrase was being stretched meanwhile. Kept over a reload, and told to the
 * console, since the page may go elsewhere at any time.
 */
(() => {
  const at = () => performance.timeOrigin + performance.now();
  const kept = (name) => Number(sessionStorage.getItem(`bench ${name}`));
  const keep = (name, value) => sessionStorage.setItem(`bench ${name}`, String(value));

  addEventListener(
    "click",
    (event) => {
      if (event.isTrusted) keep("tapped", at());
    },
    { capture: true },
  );

  const { deriveBits } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.deriveBits = async function (algorithm, ...more) {
    const stretches = algorithm.name === "PBKDF2" && algorithm.iterations > 100_000;
    const start = performance.now();
    const bits = await deriveBits.call(this, algorithm, ...more);
    if (stretches) keep("stretched", performance.now() - start);
    return bits;
  };

  /** Whether what was waited for is there: a sentence, or a password. */
  function there() {
    const wanted = sessionStorage.getItem("bench wanted");
    if (wanted === null || kept("seen") > 0) return;
    const place = (name) => document.getElementById(name);
    const opened = place("opened");
    const hidden = place("reveal");
    if (opened && !opened.hidden && hidden && !hidden.dataset.until) hidden.click();
    for (const name of ["status", "password"]) {
      const shown = place(name);
      if (shown && !shown.hidden && shown.textContent.includes(wanted)) return seen();
    }
  }

  function seen() {
    keep("seen", at());
    console.debug(`bench ${kept("seen") - kept("tapped")} ${kept("stretched")}`);
  }

  new MutationObserver(there).observe(document, {
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });

  globalThis.bench = {
    /** @param {string} wanted */
    expect(wanted) {
      for (const name of ["tapped", "seen", "stretched"]) keep(name, 0);
      sessionStorage.setItem("bench wanted", wanted);
    },
  };
})();
