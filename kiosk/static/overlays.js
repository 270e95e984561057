// What may lie over any screen.

import { countdown } from "./countdown.js";
import { h, icon } from "./dom.js";
import { t } from "./phrases.js";
import { post } from "./post.js";

const ANSWER_S = 20;

/** The overlay that the locker names. */
export const overlayFor = (told, site) => (told.overlay === "help" ? help(site) : stillThere(told));

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
    h("button.primary", { onclick: () => post("visit/back"), "data-first": true, "data-enter": true, "data-back": true }, icon("back"), t("bar.back")),
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
