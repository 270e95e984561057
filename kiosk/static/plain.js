// Home, and the screens of a locker that cannot serve right now.

import { h, icon } from "./dom.js";
import { t } from "./phrases.js";
import { post } from "./post.js";

/** What would you like to do? */
export function home(told) {
  const open = told.facts.open_doors ?? [];
  const choice = (kind, picture, key, to, first) =>
    h(`button.choice${kind}`, { onclick: () => post("visit/go", { to }), "data-first": first, "data-enter": first },
      icon(picture), h("strong", t(`home.${key}`)), h("span", t(`home.${key}_hint`)));
  return h("section.home",
    told.facts.locked_out ? h("p.notice.alarm", { role: "alert" }, icon("alert"), t("home.locked_out")) :
    open.length ? h("p.notice.alarm", { role: "alert" }, icon("door"), openSentence(open)) : h("h1", t("home.title")),
    h("div.choices", choice(".primary", "parcel", "collect", "code", true), choice("", "truck", "deliver", "driver")),
    h("p.hint", icon("pass"), t("home.scan_hint")),
  );
}

function openSentence(open) {
  return open.length === 1 ? t("home.door_open", { door: open[0] }) : t("home.doors_open", { doors: open.join(", ") });
}

const message = (name, picture, ...rest) =>
  h("section.middle", icon(picture, "huge"), h("h1", t(`${name}.title`)), h("p.big", t(`${name}.text`)), rest);

/** Another page's visitor is being served. */
export const busy = () => message("busy", "wait");

/** The locker does not answer; the stream is being tried again. */
export const away = (told, site) => message("away", "wait", site.telephone && h("p.quiet", `${t("bar.help")}: ${site.telephone} · ${site.locker}`));

/** It answered that it can do nothing. Without a visit, for everybody. */
export const unavailable = (told, site) => (told.shown === null ? away(told, site) : message("unavailable", "alert"));
