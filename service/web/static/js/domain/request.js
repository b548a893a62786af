/** One case of asking for root access, as its requester signed it, and the states it may be in. */

/**
 * @typedef {object} Request `roster` and `manifest` are digests; seconds; `expiresAt` is the first
 *   instant at which it is no longer alive
 * @property {string} id
 * @property {string} digest
 * @property {string} account
 * @property {string} roster
 * @property {string} manifest
 * @property {string} requester
 * @property {Uint8Array} recipientKey
 * @property {string} task
 * @property {string} taskText
 * @property {string} reason
 * @property {string} ticket
 * @property {number} lifetime
 * @property {number} window
 * @property {boolean} drill
 * @property {boolean} offline
 * @property {Date} enteredAt
 * @property {Date} expiresAt
 */

export const COLLECTING = new Set(["pending", "approved"]);
export const FINAL = new Set(["closed", "denied", "cancelled", "expired"]);
export const AWAITING_ROTATION = new Set(["released", "rotation_due"]);
export const STATES = new Set([...COLLECTING, ...AWAITING_ROTATION, "review_due", ...FINAL]);

/**
 * Build from a payload whose fields and types were checked.
 *
 * @param {any} payload
 * @param {string} digest
 * @param {{recipientKey: Uint8Array, enteredAt: Date}} given
 * @returns {Request}
 */
export function requestFromPayload(payload, digest, { recipientKey, enteredAt }) {
  return Object.freeze({
    id: payload.request,
    digest,
    account: payload.account,
    roster: payload.roster,
    manifest: payload.manifest,
    requester: payload.requester,
    recipientKey,
    task: payload.task,
    taskText: payload.task_text,
    reason: payload.reason,
    ticket: payload.ticket,
    lifetime: payload.lifetime,
    window: payload.window,
    drill: payload.drill,
    offline: payload.offline,
    enteredAt,
    expiresAt: new Date(enteredAt.getTime() + payload.lifetime * 1000),
  });
}
