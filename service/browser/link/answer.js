/** What an answer of the service says: a value, or the refusal in its problem document. */

import { ApiRefusal, ClientRefusal } from "./errors.js";

const CODE = /^urn:breakglass:([a-z0-9-]{1,60})$/;
const LIMIT = 16 * 1024 * 1024; // characters; the largest answer is a batch of leaves

/**
 * Refused as `ApiRefusal` with the service's code, or as `ClientRefusal` `server-answer`.
 *
 * @param {Pick<Response, "status" | "headers">} response
 * @param {string} text its body
 * @returns {any} null for an answer without one
 */
export function read({ status, headers }, text) {
  if (status === 204) return null;
  const value = text.length <= LIMIT ? parsed(text) : undefined;
  if (status !== 200 && status !== 201) throw refusal(status, value);
  const type = headers.get("Content-Type") ?? "";
  if (type.split(";")[0] !== "application/json" || value === undefined) {
    throw strange("with something that is not JSON");
  }
  return value;
}

/** @param {string} text @returns {any} undefined: it is no JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {number} status
 * @param {any} problem
 */
function refusal(status, problem) {
  const code = CODE.exec(String(problem?.type));
  if (code === null) return strange(`with status ${status} and no problem document`);
  return new ApiRefusal(code[1], String(problem.detail).slice(0, 1000), status);
}

/** @param {string} how */
function strange(how) {
  return new ClientRefusal(
    "server-answer",
    `the service answered ${how}`,
    "reload the page; if it stays so, tell the operator",
  );
}
