// The code being typed: each digit is seen for a second, then a dot. It leaves the page once, as a question.

import { h, icon } from "./dom.js";
import { t } from "./phrases.js";
import { post } from "./post.js";

const SEEN_MS = 1000;
const LONGEST = 64;
const FEW = 11;
let typed = "";
let display = null;
let hide = 0;

/** A key was typed, on the page or on a keyboard. Whether it was one of ours. */
export function digitTyped(key) {
  if (/^\d$/.test(key)) typed = (typed + key).slice(0, LONGEST);
  else if (key === "Backspace" || key === "Delete") typed = typed.slice(0, -1);
  else if (key === "*" && typed) typed = typed.slice(0, -1);
  else if (key === "Enter" || key === "#") return ask();
  else return false;
  draw(/^\d$/.test(key));
  return true;
}

function ask() {
  if (!typed) return true;
  const code = typed;
  post("pickup", { code });
  return true;
}

function draw(fresh) {
  if (!display?.isConnected) return;
  clearTimeout(hide);
  const dots = "•".repeat(fresh ? typed.length - 1 : typed.length);
  const last = fresh ? typed.slice(-1) : "";
  display.classList.toggle("few", typed.length < FEW);
  display.replaceChildren(dots + last);
  display.setAttribute("aria-label", t("code.display", { n: typed.length }));
  if (fresh) hide = setTimeout(() => draw(false), SEEN_MS);
}

/** The screen. What was typed at home before it came up is kept; a refused code is gone. */
export function codeScreen(told) {
  if (told.facts.refused) typed = "";
  display = h("div.typed.few", { role: "textbox", "aria-readonly": "true" });
  const screen = h("section.halves",
    h("div.half",
      h("h1", { "data-first": true }, t("code.title")),
      told.facts.refused && h("p.notice", { role: "alert" }, icon("alert"), t(`refused.${told.facts.refused}`) || t("refused.other")),
      display,
      !told.facts.refused && h("p.quiet", t("code.hint")),
      h("button.bare.start", { onclick: () => post("visit/go", { to: "scan" }) }, icon("pass"), t("code.pass")),
    ),
    h("div.half.reach", pad()),
  );
  queueMicrotask(() => draw(typed.length === 1));
  return screen;
}

/** Forget what was typed. */
export function forgetCode() {
  typed = "";
  display = null;
  clearTimeout(hide);
}

function pad() {
  const key = (label, value, kind = "") => h(`button${kind}`, { onclick: () => digitTyped(value) }, label);
  return h("div.keys",
    [..."123456789"].map((digit) => key(digit, digit)),
    key(t("code.delete"), "Backspace", ".word"),
    key("0", "0"),
    key(t("code.ok"), "Enter", ".primary"),
  );
}
