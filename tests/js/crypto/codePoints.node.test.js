/** The closed lists are whole, by the tables of a runtime of the version of Unicode they name. */

import assert from "node:assert/strict";
import { it } from "node:test";

import { IGNORABLE, REFUSED_IN_NAMES } from "../../../service/browser/crypto/codePoints.js";

const WANTED = "17.0";
const skip = process.versions.unicode !== WANTED && `Unicode ${process.versions.unicode}`;

/** @param {(text: string) => boolean} fits */
const points = (fits) =>
  Array.from({ length: 0x110000 }, (_, point) => point).filter((point) =>
    fits(String.fromCodePoint(point)),
  );

it("has every ignorable code point and no other", { skip }, () => {
  const listed = points((text) => text.search(IGNORABLE) === 0);
  assert.deepEqual(
    listed,
    points((text) => /\p{Default_Ignorable_Code_Point}/u.test(text)),
  );
});

it("refuses every format, ignorable and space character in a name, and no other", { skip }, () => {
  const kinds = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{White_Space}\x7f]/u;
  assert.deepEqual(
    points((text) => REFUSED_IN_NAMES.test(text)),
    points((text) => text !== " " && kinds.test(text)),
  );
});
