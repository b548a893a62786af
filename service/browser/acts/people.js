/** Who I am, what waits for me, my sessions; and what operators do about people and accounts. */

import { done, send } from "./acting.js";
import { del, get, post, put } from "../link/api.js";
import { environment } from "../link/environment.js";

/** Who I am here. */
export function me() {
  return get("/people/me");
}

/** What waits for me, most urgent first, and what is wrong. */
export function home() {
  return get("/home");
}

/** My sessions, newest first. */
export async function sessions() {
  return (await get("/sessions")).sessions;
}

/**
 * End one of my sessions.
 *
 * @param {string} session
 */
export function endSession(session) {
  return del(`/sessions/${session}`);
}

/** Everybody, for operators and auditors. */
export async function everybody() {
  return (await get("/people")).people;
}

/**
 * Invite somebody; the link is shown once.
 *
 * @param {{email: string, name: string, operator: boolean, auditor: boolean}} wanted
 */
export async function invite(wanted) {
  const made = await post("/invitations", wanted);
  // Where this page is; an answer could send a newcomer elsewhere.
  return { ...made, url: `${environment.origin}/enroll#${made.token}` };
}

/**
 * Take back somebody's role; their sessions end.
 *
 * @param {string} person
 * @param {string} role
 */
export function withdrawRole(person, role) {
  return send(`/people/${person}/withdrawn-roles`, { role }, done);
}

/**
 * End all sessions of somebody.
 *
 * @param {string} person
 */
export function endAllSessions(person) {
  return send(`/people/${person}/ended-sessions`, {}, done);
}

/**
 * Register an account to protect.
 *
 * @param {string} account
 * @param {string} arn where its notices go; empty: where all go
 */
export function registerAccount(account, arn) {
  return send("/accounts", { account, sns_topic_arn: arn }, done);
}

/**
 * Set where an account's notices go.
 *
 * @param {string} account
 * @param {string} arn
 */
export async function setChannel(account, arn) {
  return done(await put(`/accounts/${account}/channel`, { sns_topic_arn: arn }));
}
