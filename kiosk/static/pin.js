// A PIN being typed: never seen, not even for a moment. And a driver's number, which is seen.

import { h } from "./dom.js";
import { t } from "./phrases.js";
import { post } from "./post.js";
import { notice } from "./recipient.js";

const LONGEST = 16;
const PATHS = {
  driver_number: "driver/number", driver_number_pin: "driver/pin", driver_pin: "driver/pin", technician_pin: "technician/pin", pin: "visit/pin",
  second: "visit/second",
};
let typed = "";
let path = "";
let display = null;

/** A key was typed, on the page or on a keyboard. Whether it was one of ours. */
export function pinTyped(key) {
  if (/^\d$/.test(key)) typed = (typed + key).slice(0, LONGEST);
  else if (["Backspace", "Delete", "*"].includes(key) && typed) typed = typed.slice(0, -1);
  else if (key === "Enter" || key === "#") {
    if (typed) post(path, path === "driver/number" ? { number: typed } : { pin: typed });
    typed = "";
  } else return false;
  draw();
  return true;
}

function draw() {
  if (!display?.isConnected) return;
  display.replaceChildren(path === "driver/number" ? typed : "•".repeat(typed.length));
  display.setAttribute("aria-label", t("code.display", { n: typed.length }));
}

/** The screen; `more` stands below what was typed. */
export function pinScreen(told, hint = `${told.screen}.hint`, ...more) {
  typed = "";
  path = PATHS[told.screen];
  display = h("div.typed.few", { role: "textbox", "aria-readonly": "true" });
  const key = (label, value, kind = "") => h(`button${kind}`, { onclick: () => pinTyped(value) }, label);
  queueMicrotask(draw);
  return h("section.halves",
    h("div.half",
      h("h1", { "data-first": true }, t(`${told.screen}.title`)),
      notice(told.facts.refused) || h("p.quiet", t(hint)),
      told.seconds_left > 0 && h("p.big", t("wait_for_pin", { n: Math.ceil(told.seconds_left / 60) })),
      display,
      more),
    h("div.half.reach", h("div.keys",
      [..."123456789"].map((digit) => key(digit, digit)),
      key(t("code.delete"), "Backspace", ".word"), key("0", "0"), key(t("code.ok"), "Enter", ".primary"))),
  );
}
