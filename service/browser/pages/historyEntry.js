/** One entry: its bytes and its place are verified here, and shown as they were verified. */
import { b64encode, formatTime, text as decoded } from "../crypto/encoding.js";
import { provenEntry } from "../log/entryProof.js";
import { entryWords } from "../words/log.js";
import { heardWitnesses } from "../log/witnesses.js";
import { byId, say, show, text, verified } from "./dom.js";
import { listHashes, saves, tell } from "./logParts.js";
import { showRefusal } from "./refusal.js";

const seq = Number(document.body.dataset.entry);

text(byId("finding"), "The place of this entry is being checked in this browser…");
try {
  const { bytes, leaf, hash, receipt, size, head } = await provenEntry(seq);
  if (head.news.length) say(head.news.join(" "));
  const heard = await heardWitnesses();
  const { actor, action, subject, request } = leaf;
  verified({ actor, action, subject, hash, size: String(size), root: rootOf(receipt.checkpoint) });
  verified({ at: `${formatTime(leaf.at).replace("T", " ").slice(0, 19)} UTC`, ...(request ? { request } : {}) });
  text(byId("bytes"), escaped(decoded(bytes)));
  listHashes("hashes", receipt.hashes.map(b64encode));
  saves("save", `entry-${seq}.tlog-proof`, () => receipt.text);
  saves("save-entry", `entry-${seq}.json`, () => bytes);
  show(byId("proof"));
  tell("finding", entryWords(seq, Math.max(size, head.checkpoint.size), heard));
} catch (error) {
  tell("finding", { text: "This entry was not verified.", tone: "late" });
  showRefusal(error);
}

/** @param {string} note @returns {string} */
function rootOf(note) {
  return note.split("\n")[2];
}

/** The bytes as a text in which a browser obeys nothing. @param {string} json @returns {string} */
function escaped(json) {
  return json.replace(
    /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
