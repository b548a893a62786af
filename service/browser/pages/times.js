/** Times in words, as the service's own pages write them. */

/** A length of time in at most two units: `3 h 41 min`. @param {number} seconds @returns {string} */
export function span(seconds) {
  let left = Math.floor(Math.abs(seconds));
  if (left < 60) return `${left} s`;
  /** @type {string[]} */
  const parts = [];
  for (const [name, size] of /** @type {[string, number][]} */ ([["d", 86400], ["h", 3600], ["min", 60]])) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(" ");
}

/** Time left, to the second: `14:05`. @param {number} seconds @returns {string} */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The day of a wire time: `22 November 2026`. @param {string} at @returns {string} */
export function day(at) {
  return new Date(at).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
