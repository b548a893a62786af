/** A view that cannot be shown: why, in the frame, with a way on. */

import { element } from "../frame/element.js";
import { told } from "../frame/values.js";
import { ApiRefusal } from "../link/errors.js";
import { showRefusal } from "./refusal.js";

/** @typedef {import("../frame/place.js").Place} Place */

const home = () => element("p", {}, element("a", { href: "/" }, "Go to what waits for me"));

/** @param {Place} place @param {unknown} error @returns {void} */
export function failed(place, error) {
  place.ask("This page cannot be shown");
  place.offer();
  place.put(home());
  showRefusal(error);
  if (error instanceof ApiRefusal) place.put(element("p", {}, told(error.message)), home());
}

/** @param {Place} place @returns {void} */
export function lost(place) {
  place.ask("There is nothing here");
  place.put(element("p", {}, "No page of this service has this address."), home());
}
