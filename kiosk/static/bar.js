// What is always there: back, start again, language, contrast, help.

import { h, icon } from "./dom.js";
import { nameOf, spoken, t } from "./phrases.js";
import { post } from "./post.js";

const NO_WAY_BACK = ["home", "busy", "away", "doors", "outcome", "claimed", "thanks", "driver_outcome", "driver_item", "driver_item_done", "driver_scan", "driver_summary", "driver_stored", "technician_doors"];
const NO_LANGUAGE = ["busy", "away"];

/** The buttons of the bar for this screen. */
export function bar(told, site) {
  const name = told.screen;
  const home = name === "home" || NO_LANGUAGE.includes(name);
  return [
    home && h("span.place", site.name),
    !NO_WAY_BACK.includes(name) && h("button.bare.back", { onclick: () => post("visit/back") }, icon("back"), t("bar.back")),
    !NO_WAY_BACK.includes(name) && h("button.bare", { onclick: () => post("visit/start-again") }, icon("restart"), t("bar.start_again")),
    h("span.gap"),
    !NO_LANGUAGE.includes(name) && contrast(told),
    ...(NO_LANGUAGE.includes(name) ? [] : languages(site)),
    !NO_LANGUAGE.includes(name) && h("button.help", { onclick: () => post("visit/help") }, icon("help"), t("bar.help")),
  ].filter(Boolean);
}

function contrast(told) {
  const on = told.theme === "contrast";
  const press = () => post("visit/theme", { theme: on ? "day" : "contrast" });
  return h("button.bare", { onclick: press, "aria-pressed": String(on), "aria-label": t("bar.contrast") }, icon("contrast"));
}

function languages(site) {
  const others = site.languages.filter((name) => name !== spoken());
  return others.map((name) =>
    h("button.bare", { lang: name, onclick: () => post("visit/language", { language: name }) }, icon("language"), nameOf(name)),
  );
}
