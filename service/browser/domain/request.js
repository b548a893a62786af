/** One case of asking for root access, as its requester signed it. */

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

/** The states in which approvals are collected. */
export const COLLECTING = new Set(["pending", "approved"]);

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
