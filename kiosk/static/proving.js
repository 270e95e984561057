// What a recipient gives besides the code before their door opens: a PIN, a signature.

import { h, icon, s } from "./dom.js";
import { t } from "./phrases.js";
import { pinScreen } from "./pin.js";
import { post } from "./post.js";
import { notice } from "./recipient.js";

const WIDTH = 1000;
const HEIGHT = 400;
const MOST_POINTS = 9000;

const instead = (to, picture) => h("button", { onclick: () => post("visit/instead", { to }) }, icon(picture), t(`sign.${to}`));

/** A PIN that comes by another way than the code did. */
export function pin(told) {
  const { sent, either } = told.facts;
  const press = sent ? h("button", { onclick: () => post("visit/send-pin") }, icon("restart"), t("pin.send_again"))
    : h("button.primary", { "data-first": true, "data-enter": true, onclick: () => post("visit/send-pin") }, icon("telephone"), t("pin.send"));
  return pinScreen(told, sent ? "pin.sent" : "pin.hint", h("div.row", press, either.includes("signature") && instead("sign", "pen")));
}

/** What goes with a shorter code: the last digits of a number that only its recipient knows to be meant. */
export const second = (told) => pinScreen(told, "second.hint",
  h("p.big", t("second.count", { n: told.facts.digits })),
  h("div.row", h("button", { onclick: () => post("visit/go", { to: "scan" }) }, icon("pass"), t("code.pass"))));

/** A field to sign in. */
export function sign(told) {
  const strokes = [];
  const drawn = s("path", { fill: "none" });
  const field = s("svg.signature", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": t("sign.field") },
    s("path.line", { d: `M40 ${HEIGHT - 90}H${WIDTH - 40}` }), drawn);
  const done = h("button.primary", { disabled: true, "data-enter": true, onclick: () => post("visit/signature", { strokes }) }, icon("check"), t("sign.done"));
  const show = () => {
    drawn.setAttribute("d", strokes.map((stroke) => `M${stroke.map((point) => point.join(" ")).join("L")}`).join(""));
    done.disabled = strokes.length === 0;
  };
  follow(field, strokes, show);
  const clear = () => {
    strokes.length = 0;
    show();
  };
  return h("section.middle.broad",
    h("h1", { "data-first": true }, t("sign.title")),
    notice(told.facts.refused) || h("p.quiet", t("sign.hint")),
    field,
    h("div.row", done, h("button", { onclick: clear }, icon("restart"), t("sign.clear")),
      told.facts.either.includes("pin") ? instead("pin", "keys") : instead("cannot_sign", "help")),
  );
}

/** One finger or pen at a time; what leaves the field is drawn along its edge. */
function follow(field, strokes, show) {
  let pointer = null;
  const at = (event) => {
    const box = field.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, Math.round(value * most)));
    return [within((event.clientX - box.left) / box.width, WIDTH), within((event.clientY - box.top) / box.height, HEIGHT)];
  };
  const add = (event) => {
    const last = strokes.at(-1);
    const point = at(event);
    const before = last.at(-1);
    if (before && before[0] === point[0] && before[1] === point[1]) return;
    if (strokes.reduce((sum, stroke) => sum + stroke.length, 0) < MOST_POINTS) last.push(point);
  };
  field.addEventListener("pointerdown", (event) => {
    if (pointer !== null) return;
    event.preventDefault();
    pointer = event.pointerId;
    field.setPointerCapture(pointer);
    strokes.push([]);
    add(event);
    show();
  });
  field.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) add(each);
    show();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    field.addEventListener(name, (event) => {
      if (event.pointerId === pointer) pointer = null;
    });
  }
}
