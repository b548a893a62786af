/** Views to try the frame with, in the place of `pages/main.js`. */
import { element } from "../frame/element.js";
import * as session from "../frame/session.js";
import { told } from "../frame/values.js";
import { get } from "../link/api.js";
import { compose } from "./compose.js";

/** @param {(place: any, route: any, signal: AbortSignal) => unknown} show */
const view = (name, path, show, open = false) => ({ name, path, open, load: async () => ({ show }) });
const link = (href, words, more = {}) => element("p", {}, element("a", { href, ...more }, words));
let built = 0;

compose([
  view("one", "/one", (place) => {
    built += 1;
    place.ask("Is this one?", "The first");
    const field = element("input", { id: "typed", "aria-label": "typed" });
    place.put(
      element("p", { id: "built" }, told(String(built))),
      field,
      link("/two", "to two"),
      link("/two?utm_x=1", "to two with a query"),
      link("/late", "to the late one"),
      link("/drawn", "to a drawn page"),
      link("/two", "two beside", { target: "_blank", rel: "noopener" }),
      link("/broken", "to the broken one"),
      link("#main", "to the content"),
      element("div", { class: "tall" }),
    );
    place.offer(element("button", { type: "button" }, "Act"));
  }),
  view("two", "/two", (place) => {
    place.ask(["Is this ", told("t\u202ewo"), "?"]);
    place.put(link("/one", "to one"));
  }),
  view("late", "/late", async (place, _route, signal) => {
    place.ask("Is this late?");
    place.put(link("/one", "to one"));
    const found = await get("/late", signal);
    place.ask("Too late?");
    place.put(element("p", {}, told(found.word)));
  }),
  view("mine", "/mine", async (place, _route, signal) => {
    place.ask("Is this mine?");
    const field = element("input", { id: "typed", "aria-label": "typed" });
    const button = element("button", { type: "button" }, "Read");
    const shown = element("p", { id: "shown" });
    const read = async () => shown.replaceChildren(told((await get("/mine", signal)).word));
    button.addEventListener("click", () => void read().catch(() => place.warn("Refused.")));
    place.put(field, button, shown, element("button", { type: "button", id: "out" }, "Out"));
    document.getElementById("out")?.addEventListener("click", () => void session.signOut());
    await read();
  }),
  view("held", "/held", (place) => {
    place.ask("Is something begun?");
    place.put(link("/one", "to one"));
    place.hold(() => true);
  }),
  view("broken", "/broken", () => {
    throw new Error("broken");
  }),
  view("open", "/sign-in", (place) => place.ask("Sign in"), true),
]);
