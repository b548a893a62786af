/**
 * A request that was refused because of its device's clock: signed anew, once its person says so.
 * It is the only statement that its device does not date. Id and recipient key stay, so at most one
 * of the two is entered; which one, only the log proves, and until then neither is deleted.
 */

import { keepRedated, settleRedated, signedAs } from "../device/keeping.js";
import { clocks } from "../link/clocks.js";
import { now } from "../link/environment.js";
import { ClientRefusal, SecondPress } from "../link/errors.js";
import { moment } from "../link/render.js";
import { signed } from "./acting.js";
import { fetchRequest } from "./requests.js";
import { entryOf, unlessRefused } from "./sweeping.js";

/**
 * @typedef {import("../crypto/identity.js").Identity} Identity
 * @typedef {import("../crypto/statement.js").Statement} Statement
 * @typedef {{request: string, recipient_key: string, requester: string, account: string}} Refused
 */

const MOVED = 2 * 60_000; // ms; by so much the service's clock may go on otherwise than this device's

/** @type {{refused: Refused, apart: number} | null} what may be signed anew, once, since someone has
 *  pressed; `apart` in ms is what that person has read of the two clocks */
let pressed = null;

/** The service's clock now, in whole seconds; null where it has said no time. */
function serviceTime() {
  const { service } = clocks();
  return service && new Date(Math.floor(service.getTime() / 1000) * 1000);
}

/**
 * What to tell the person whose request was refused for its date: both clocks, and the second press.
 *
 * @param {Statement} first
 * @param {import("../link/errors.js").ApiRefusal} refused thrown as it is where no time is known
 */
export function offered(first, refused) {
  const service = serviceTime();
  return service === null ? refused : question(/** @type {any} */ (first.payload), service);
}

/** @param {Refused} refused @param {Date} service */
function question(refused, service) {
  const own = now();
  const apart = service.getTime() - own.getTime();
  return new SecondPress(
    "clock-differs",
    `this device's clock says ${moment(own)}, and the service's says ${moment(service)}: the ` +
      "request can only be signed anew, dated by the service's clock and not by this device's",
    {
      hint: "set this device's clock and ask again, or go on as it is",
      press: () => {
        pressed = { refused, apart };
      },
    },
  );
}

/**
 * The refused request of this person and account, to be signed anew: once only, since this browser
 * keeps two of a request and no third; null if no one has pressed.
 *
 * @param {string} person
 * @param {string} account
 */
export function take(person, account) {
  const taken = pressed;
  pressed = null;
  if (taken?.refused.requester !== person || taken.refused.account !== account) return null;
  const { refused, apart } = taken;
  const { request, recipient_key } = refused;
  let at = "";
  return {
    request,
    recipient_key,
    /**
     * @param {Record<string, unknown>} fields
     * @param {Identity} identity
     * @param {import("./proving.js").Proved} proof
     */
    async sign(fields, identity, proof) {
      const service = serviceTime();
      if (service === null) throw noTime();
      // The date comes with every answer: what was pressed for one is no yes to another.
      if (Math.abs(service.getTime() - now().getTime() - apart) >= MOVED) throw question(refused, service);
      const statement = await signed("request", fields, identity, proof, { at: service });
      await keepRedated(person, statement);
      at = moment(service);
      return statement;
    },
    settle: async () => {
      await settle(person, request);
      return [`Signed anew, dated by the service's clock and not by this device's: ${at}.`];
    },
  };
}

function noTime() {
  return new ClientRefusal(
    "clock-differs",
    "the service has not said its time, so nothing can be dated by it",
    "set this device's clock, and ask again",
  );
}

/**
 * Keep the one of the two that the log proves to be entered; both where it proves nothing yet.
 * Refused: `not-my-request`: the service shows a third.
 *
 * @param {string} person
 * @param {string} request
 */
async function settle(person, request) {
  const shown = await unlessRefused(fetchRequest(request));
  if (shown === null) return;
  const entered = await signedAs(person, request, shown.about.statement.raw);
  if (entered === null) {
    throw new ClientRefusal(
      "not-my-request",
      "this is not the request that this browser signed",
      "tell the other custodians: the service shows another one under its number",
    );
  }
  if ((await entryOf(shown)) !== null) await settleRedated(person, entered);
}
