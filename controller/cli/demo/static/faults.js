// What can be broken at a door, and what an operator can do about it from afar.

import { h } from "./dom.js";
import { order, post } from "./post.js";

const place = document.getElementById("faults");

/** Offer what can be broken at this door, beside `beside`. */
export function openFaults(beside, door) {
  const close = () => place.hidePopover();
  const toggle = (name, on, act) => h("label", h("input", { type: "checkbox", checked: on, onchange: (event) => { act(event.target.checked); close(); } }), name);
  const fault = (fault) => (broken) => post("fault", { door: door.id, fault, broken });
  const button = (name, act) => h("button", { onclick: () => { act(); close(); } }, name);
  place.replaceChildren(
    h("h2", `Break ${door.id}`),
    toggle("The bolt jams", door.jammed, fault("jam")),
    toggle("The sensor always says closed", door.stuck === "closed", fault("says_closed")),
    toggle("The sensor always says open", door.stuck === "open", fault("says_open")),
    toggle("The board’s replies are lost (all doors)", door.silent, (silent) => post("board", { silent })),
    button("Take a crowbar to it", () => post("door", { door: door.id, act: "force" })),
    h("h2", "The operator, from afar"),
    button(`Open ${door.id}`, () => order("door/order", { door: door.id, order: "unlock" })),
    button("Put it back into use", () => order("door/order", { door: door.id, order: "unblock" })),
  );
  place.showPopover();
  const at = beside.getBoundingClientRect();
  place.style.setProperty("left", `${Math.max(8, Math.min(at.right + 6, innerWidth - place.offsetWidth - 8))}px`);
  place.style.setProperty("top", `${Math.max(8, Math.min(at.top, innerHeight - place.offsetHeight - 8))}px`);
}
