// Screen names and what draws them.

import { codeScreen, forgetCode } from "./code.js";
import { h } from "./dom.js";
import { labelScreen } from "./label.js";
import { loadStaff } from "./phrases.js";
import * as plain from "./plain.js";
import * as recipient from "./recipient.js";

const SCREENS = {
  home: plain.home,
  busy: plain.busy,
  away: plain.away,
  unavailable: plain.unavailable,
  code: codeScreen,
  scan: recipient.scan,
  too_many_tries: recipient.tooManyTries,
  needs_person: recipient.needsPerson,
  doors: recipient.doors,
  did_not_open: recipient.didNotOpen,
  outcome: recipient.outcome,
  claiming: recipient.claiming,
  claimed: recipient.claimed,
  thanks: recipient.thanks,
  driver_label: labelScreen,
  technician_label: labelScreen,
};

/** What to put on the page for this screen. */
export function screenFor(told, site) {
  if (told.screen !== "code") forgetCode();
  return told.screen in SCREENS ? SCREENS[told.screen](told, site) : later(told, site);
}

/** Screens that few ever see, by the module that draws them; it is fetched when the first of them comes. */
const PROVING = ["pin", "sign", "second"];
const WISHING = ["still_right", "wishes", "contact"];
const TAKING_AWAY = ["driver_pin", "driver_number", "driver_number_pin", "driver_checklist", "driver_take_away", "driver_item", "driver_item_done"];
const forStaff = (module) => Promise.all([module, loadStaff()]).then(([drawn]) => drawn);

function fetched(name) {
  if (PROVING.includes(name)) return import("./proving.js");
  if (name === "app") return import("./use-app.js");
  if (WISHING.includes(name)) return import("./wishing.js");
  if (TAKING_AWAY.includes(name)) return forStaff(import("./take-away.js"));
  return forStaff(name.startsWith("driver_") ? import("./driver.js") : import("./technician.js"));
}

function later(told, site) {
  const place = h("div.later");
  const draw = () => fetched(told.screen).then((drawn) => place.replaceChildren(drawn[told.screen](told, site)));
  place.addEventListener("again", draw);
  draw();
  return place;
}
