// What a telephone before the screen reads, so that the carrier's app can open the door.

import { h, icon } from "./dom.js";
import { scanning, qr } from "./pictures.js";
import { t } from "./phrases.js";
import { post } from "./post.js";
import { notice } from "./recipient.js";

/** Point the app here. */
export function app(told) {
  const { modules, refused } = told.facts;
  return h("section.halves",
    h("div.half",
      h("h1", t("app.title")),
      notice(refused) || h("p.big", t("app.text")),
      !refused && h("p.quiet", t("app.wait")),
      h("div.row", h("button", { "data-first": true, onclick: () => post("visit/go", { to: "code" }) }, icon("keys"), t("app.code"))),
    ),
    modules.length ? qr(modules, t("app.qr")) : scanning("pass"),
  );
}
