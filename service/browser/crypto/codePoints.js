/**
 * Code points that people cannot see or tell apart: closed lists, those of Unicode 17.0. Written
 * out, and never asked of the browser: its tables differ by version, and what one client refuses
 * no other may accept.
 */

// Default_Ignorable_Code_Point: drawn as nothing. Joiners and variation selectors are among them.
const IGNORED =
  "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e" +
  "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8\\u{1bca0}-\\u{1bca3}" +
  "\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}";
// Format (Cf) beyond those
const FORMAT =
  "\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\ufff9-\\ufffb\\u{110bd}\\u{110cd}" +
  "\\u{13430}-\\u{1343f}";
// White_Space but U+0020
const SPACE = "\\t-\\r\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

export const IGNORABLE = new RegExp(`[${IGNORED}]`, "gu");
export const REFUSED_IN_NAMES = new RegExp(`[\\x7f${IGNORED}${FORMAT}${SPACE}]`, "u");
