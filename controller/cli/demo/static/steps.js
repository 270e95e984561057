// The strip on top: what to do now, and how far it has come.

import { h, icon, whenNew } from "./dom.js";
import { STEPS } from "./guide.js";

const now = document.getElementById("now");
const list = document.getElementById("steps");

/** Show this step of the guide. */
export const showStep = whenNew(({ number, say, why }) => {
  now.replaceChildren(h("h1", number === STEPS.length && icon("seal"), say), h("p", why));
  list.replaceChildren(...STEPS.map((name, index) => {
    const state = index < number ? "past" : index === number ? "now" : "later";
    return h(`li.${state}`, state === "now" && { "aria-current": "step" },
      h("i", state === "past" ? icon("check") : String(index + 1)), h("span", name));
  }));
});
