// Screen names and what draws them.

import { codeScreen, forgetCode } from "./code.js";
import { h } from "./dom.js";
import * as driver from "./driver.js";
import { labelScreen } from "./label.js";
import { loadStaff } from "./phrases.js";
import * as plain from "./plain.js";
import * as recipient from "./recipient.js";
import * as takeAway from "./take-away.js";

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
  driver_sign_in: driver.signIn,
  driver_scan: driver.scanLabel,
  driver_label: labelScreen,
  driver_plan: driver.plan,
  driver_keeps: driver.keeps,
  driver_outcome: driver.outcome,
  driver_stored: driver.stored,
  driver_take_away: takeAway.list,
  driver_item: takeAway.item,
  driver_item_done: takeAway.done,
  driver_summary: driver.summary,
  technician_label: labelScreen,
};

/** What to put on the page for this screen. */
export function screenFor(told, site) {
  if (told.screen !== "code") forgetCode();
  return told.screen in SCREENS ? SCREENS[told.screen](told, site) : later(told, site);
}

/** Screens that few ever see, by the module that draws them; it is fetched when the first of them comes. */
const PROVING = ["pin", "sign"];
const fetched = (name) => (PROVING.includes(name)
  ? import("./proving.js")
  : Promise.all([import("./technician.js"), loadStaff()]).then(([drawn]) => drawn));

function later(told, site) {
  const place = h("div.later");
  const draw = () => fetched(told.screen).then((drawn) => place.replaceChildren(drawn[told.screen](told, site)));
  place.addEventListener("again", draw);
  draw();
  return place;
}
