// The carrier's view: it makes parcels, and knows of the locker only what its messages say.

import { h, icon, whenNew } from "./dom.js";
import { grouped } from "./people.js";
import { order } from "./post.js";

const SIZES = ["S", "M", "L", "XL"];
const STATES = {
  expected: () => "announced",
  depositing: (parcel) => `going into ${parcel.compartment}`,
  stored: (parcel) => `in ${parcel.compartment}`,
  collecting: (parcel) => `being collected from ${parcel.compartment}`,
  collected: () => "collected",
  removed: () => "taken away",
  cancelled: () => "cancelled",
};
const list = h("ul.parcels");
let size = "M";

/** Draw what never changes, around `lines`. */
export function showCarrier(lines) {
  const sizes = SIZES.map((each) => h("label", h("input", { type: "radio", name: "size", checked: each === size, onchange: () => { size = each; } }), h("span", each)));
  const make = (regulated) => order("parcels", { size, regulated });
  document.getElementById("carrier").replaceChildren(
    h("h2", icon("truck"), "The carrier"),
    h("div.make",
      h("button.primary", { id: "make", onclick: () => make(false) }, "Make a parcel"),
      h("fieldset", h("legend", "Size"), sizes),
      h("button.plain", { onclick: () => make(true), title: "To be handed over in person: the locker refuses it" }, "A regulated one")),
    list,
    h("h3", "What it has received"),
    lines,
  );
}

let choose = null;

/** `hero` is the parcel that the story is about; `choosing` is called with the id of another. */
export function showParcels(parcels, hero, choosing) {
  choose = choosing;
  draw({ parcels, hero: hero?.id });
}

const draw = whenNew(({ parcels, hero }) => {
  const rows = [...parcels].reverse().map((parcel) => row(parcel, parcel.id === hero));
  list.replaceChildren(...(rows.length ? rows : [h("li.none", "No parcels yet.")]));
});

function row(parcel, isHero) {
  const tell = (what) => () => order("parcels/order", { parcel: parcel.id, order: what });
  return h(`li${parcel.gone ? ".gone" : ""}${isHero ? ".hero" : ""}`,
    h("button.which", { disabled: parcel.gone, onclick: () => choose(parcel.id) },
      h("b", `Parcel ${parcel.number}`), h("span.size", parcel.size ?? ""), parcel.regulated && h("span.size.warn", "regulated"),
      h("span.state", STATES[parcel.custody](parcel))),
    parcel.code && h("span.code", { title: "The pickup code, decrypted by the carrier" }, grouped(parcel.code)),
    parcel.code && h("button.small", { onclick: tell("reissue") }, "New code"),
    parcel.custody === "expected" && h("button.small", { onclick: tell("cancel") }, "Cancel"),
  );
}
