/**
 * A share of SLIP-0039 as words: header, value and RS1024 checksum, ten bits a word. Whatever
 * parses is written again and compared, so that a share has one text.
 */

import { MalformedError } from "./errors.js";
import { WORDS } from "./wordlist.js";

/**
 * All that a mnemonic says; thresholds and counts from 1, indices from 0.
 * @typedef {{ identifier: number, extendable: boolean, exponent: number, groupIndex: number,
 *   groupThreshold: number, groupCount: number, member: number, threshold: number,
 *   value: Uint8Array }} Encoded
 */

const CHECKSUM_WORDS = 3;
const METADATA_WORDS = 4 + CHECKSUM_WORDS;
const SHORTEST = METADATA_WORDS + 13; // a secret of 128 bits

const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48,
  0x21b1f890, 0x3f3f120,
];
const INDEX = new Map(WORDS.map((word, index) => [word, index]));

/**
 * @param {Encoded} share
 * @returns {string} lower-case words with single spaces
 */
export function encodeMnemonic(share) {
  const header = [share.identifier, Number(share.extendable), share.exponent];
  const place = [share.groupIndex, share.groupThreshold - 1, share.groupCount - 1];
  const member = [share.member, share.threshold - 1];
  const bits =
    packed([...header, ...place, ...member], [15, 1, 4, 4, 4, 4, 4, 4]) + valueBits(share.value);
  const indices = (bits.match(/.{10}/g) ?? []).map((ten) => parseInt(ten, 2));
  const checksum = polymod([...customization(share.extendable), ...indices, 0, 0, 0]) ^ 1;
  const tail = [checksum >>> 20, (checksum >>> 10) & 1023, checksum & 1023];
  return [...indices, ...tail].map((index) => WORDS[index]).join(" ");
}

/**
 * @param {string} text
 * @returns {Encoded}
 * @throws {MalformedError} a word that is not in the list, another length than a share's, a bad
 *   checksum or padding, another spelling than `encodeMnemonic`'s
 */
export function decodeMnemonic(text) {
  const indices = text.split(" ").map((word) => INDEX.get(word) ?? -1);
  const valueLength = Math.floor((10 * (indices.length - METADATA_WORDS)) / 16) * 2;
  if (indices.includes(-1) || indices.length < SHORTEST) refuse();
  const bits = indices.map((index) => binary(index, 10)).join("");
  const [identifier, extendable, exponent, ...rest] = unpacked(bits, [15, 1, 4, 4, 4, 4, 4, 4]);
  const [groupIndex, groupThreshold, groupCount, member, threshold] = rest;
  if (polymod([...customization(extendable === 1), ...indices]) !== 1) refuse();
  const end = bits.length - 10 * CHECKSUM_WORDS;
  const octets = bits.slice(end - 8 * valueLength, end).match(/.{8}/g) ?? [];
  const share = {
    identifier,
    extendable: extendable === 1,
    exponent,
    groupIndex,
    groupThreshold: groupThreshold + 1,
    groupCount: groupCount + 1,
    member,
    threshold: threshold + 1,
    value: Uint8Array.from(octets, (octet) => parseInt(octet, 2)),
  };
  // Padding that is not zero, or a word too many, does not come out again.
  if (groupThreshold > groupCount || encodeMnemonic(share) !== text) refuse();
  return share;
}

/** @returns {never} */
function refuse() {
  throw new MalformedError("a share is not a mnemonic with a good checksum");
}

/** @param {boolean} extendable */
function customization(extendable) {
  return new TextEncoder().encode(extendable ? "shamir_extendable" : "shamir");
}

/** @param {readonly number[]} values */
function polymod(values) {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 20;
    checksum = ((checksum & 0xfffff) << 10) ^ value;
    GENERATOR.forEach((term, place) => {
      if ((top >>> place) & 1) checksum ^= term;
    });
  }
  return checksum;
}

/** @param {number} value @param {number} width */
function binary(value, width) {
  return value.toString(2).padStart(width, "0");
}

/** @param {readonly number[]} values @param {readonly number[]} widths */
function packed(values, widths) {
  return values.map((value, place) => binary(value, widths[place])).join("");
}

/** The value in front of which stand zeros, to a multiple of ten bits. */
function valueBits(/** @type {Uint8Array} */ value) {
  const bits = Array.from(value, (byte) => binary(byte, 8)).join("");
  return bits.padStart(Math.ceil(bits.length / 10) * 10, "0");
}

/** @param {string} bits @param {readonly number[]} widths */
function unpacked(bits, widths) {
  let place = 0;
  return widths.map((width) => parseInt(bits.slice(place, (place += width)), 2));
}
