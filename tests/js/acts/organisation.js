/** Who takes part in the story, and what was seen on the way. */

import assert from "node:assert/strict";

import { Person } from "./person.js";

export const [server, link] = process.argv.slice(2);
export const ACCOUNT = "111122223333";
const everybody = new Map(
  ["Olga", "Ann", "Bob", "Dea", "Eli", "Gus"].map((name) => [name, new Person(name, server)]),
);
/** @returns {Person} */
export const who = (name) => everybody.get(name);
export const refused = (code) => (error) => {
  assert.equal(error.code, code, error.stack);
  return true;
};
export const report = {};
/** What was seen earlier, for those who lie with it later. */
export const kept = { alarmed: new Set() }; // and the payloads that were signed despite an alarm
