// What may lie over any screen.

import { countdown } from "./countdown.js";
import { h, icon } from "./dom.js";
import { t, tFor } from "./phrases.js";
import { post } from "./post.js";

const ANSWER_S = 20;

/** The overlay that the locker names. */
export const overlayFor = (told, site) => OVERLAYS[told.overlay](told, site);

const OVERLAYS = { help: (_, site) => help(site), someone_inside: ask, letting_out: lettingOut, still_there: stillThere };

/** Whom to call and what to say; also on screens where only a person can go on. */
export function callFor(site) {
  return h("dl.call",
    site.telephone && [h("dt", icon("telephone"), t("help.call")), h("dd", site.telephone)],
    h("dt", icon("place"), t("help.locker")), h("dd", site.locker),
  );
}

function help(site) {
  return h("section.middle.broad",
    h("h1", t("help.title")),
    site.telephone && h("p.big", t("help.say")),
    callFor(site),
    h("p.quiet", site.name),
    h("div.row",
      h("button.primary", { onclick: () => post("visit/back"), "data-first": true, "data-enter": true, "data-back": true }, icon("back"), t("bar.back")),
      h("button.danger", { onclick: () => post("visit/someone-inside") }, icon("alert"), t("help.someone_inside"))),
  );
}

/** Doors move only after a second touch. */
function ask() {
  return h("section.middle.broad",
    icon("alert", "huge"),
    h("h1", t("someone_inside.title")),
    h("p.big", t("someone_inside.text")),
    h("div.row",
      h("button.danger", { onclick: () => post("visit/let-out"), "data-first": true }, icon("alert"), t("someone_inside.yes")),
      h("button", { onclick: () => post("visit/back"), "data-back": true }, icon("back"), t("bar.back"))),
  );
}

/** What is being done, and whom to call whether or not it helps. */
function lettingOut(told, site) {
  const refused = told.letting_out.refused;
  return h("section.middle.broad",
    h("h1", t(refused ? "letting_out.not" : "letting_out.title")),
    h("p.big", refused ? tFor("letting_out", refused) : t("letting_out.look")),
    h("p.notice.alarm", { role: "alert" }, icon("telephone"), t("letting_out.call")),
    callFor(site),
    h("button", { onclick: () => post("visit/back"), "data-first": true, "data-back": true }, icon("back"), t("bar.back")),
  );
}

function stillThere(told) {
  return h("section.middle",
    icon("wait", "huge"),
    h("h1", t("still_there.title")),
    h("button.primary", { onclick: () => post("visit/still-here"), "data-first": true, "data-enter": true, "data-back": true }, t("still_there.yes")),
    countdown(told, ANSWER_S, "still_there.text"),
  );
}
