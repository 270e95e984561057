// The driver takes away what nobody is to collect any more.

import { h, icon } from "./dom.js";
import { spoken, t, tFor } from "./phrases.js";
import { pinScreen } from "./pin.js";
import { success } from "./pictures.js";
import { post } from "./post.js";
import { notice, plate } from "./recipient.js";

const primary = { "data-first": true, "data-enter": true };
const signOut = () => h("button", { onclick: () => post("driver/sign-out") }, t("driver_scan.finish"));
const first = (items) => items.find((item) => !item.did_not_open);

/** One press opens the next door. */
const open = (item) => h("button.primary", { ...primary, onclick: () => post("driver/take-away", { parcel: item.parcel }) },
  icon("door"), t("driver_take_away.open", { door: item.compartment }));

/** What there is; each can be opened by itself. */
function list(told) {
  const { items, refused } = told.facts;
  const next = first(items);
  return h("section.take-away",
    h("h1", { "data-first": !next }, items.length ? t("driver_take_away.title", { n: items.length }) : t("driver_take_away.none")),
    notice(refused) || (items.length > 0 && h("p.quiet", t("driver_take_away.text"))),
    h("div.items", items.map((item) => h("button", { onclick: () => post("driver/take-away", { parcel: item.parcel }) },
      h("strong", item.compartment), h("span", item.did_not_open ? t("driver_take_away.did_not_open") : tFor("driver_take_away", item.reason))))),
    h("div.row", next && open(next), signOut()),
  );
}

/** The door is shut: scan what was behind it, or say that nothing was. */
function item(told) {
  const door = told.facts.doors[0]?.id ?? "";
  const small = plate(door);
  small.classList.add("small");
  return h("section.middle.broad.deposited",
    h("div.row.head", small, h("h1", { "data-first": true }, t(told.facts.stuck ? "driver_item.stuck" : "driver_item.title", { door }))),
    notice(told.facts.refused) || h("p.big", t("driver_item.text")),
    h("div.row",
      h("button", { onclick: () => post("visit/go", { to: "label" }) }, icon("keys"), t("driver_scan.type")),
      h("button", { onclick: () => post("driver/missing") }, icon("alert"), t("driver_item.missing")),
      h("button", { onclick: () => post("driver/reopen") }, icon("door"), t("driver_item.reopen", { door })),
    ),
  );
}

/** One less. */
function done(told) {
  const { compartment: door, missing, items } = told.facts;
  const next = first(items);
  return h("section.middle",
    missing ? icon("alert", "huge") : success(),
    h("h1", t(missing ? "driver_item_done.missing" : "driver_item_done.title", { door })),
    h("p.big", items.length ? t("driver_item_done.left", { n: items.length }) : t("driver_item_done.last")),
    h("div.row",
      next ? open(next) : h("button.primary", { ...primary, onclick: () => post("visit/go", { to: "next" }) }, t("driver_item_done.on")),
      next && h("button", { onclick: () => post("visit/go", { to: "take_away" }) }, t("driver_item_done.list")),
      !next && signOut(),
    ),
  );
}

/** What is to be known about this place; it stands with the facts of the site. */
export function driver_checklist(told, site) {
  const [items, note] = [site.checklist[spoken()] ?? [], site.notes[spoken()] ?? ""];
  return h("section.middle.broad",
    h("h1", t("driver_checklist.title")),
    note && h("p.note", note),
    h("ul.reasons", items.map((item) => h("li", icon("check"), h("span", item)))),
    h("button.primary", { ...primary, onclick: () => post("driver/checklist") }, t("driver_checklist.done")),
  );
}

/** The PIN that goes with the badge; the number of whoever has none at hand, and the PIN that goes with that. */
export const driver_pin = (told) => pinScreen(told);
export const driver_number = (told) => pinScreen(told);
export const driver_number_pin = (told) => pinScreen(told);

export { list as driver_take_away, item as driver_item, done as driver_item_done };
