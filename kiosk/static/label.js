// A label typed by hand.

import { h, icon } from "./dom.js";
import { t } from "./phrases.js";
import { post } from "./post.js";

const ROWS = ["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];
const LONGEST = 64;
const FEW = 28;
let typed = "";
let path = "driver/label";
let display = null;

/** A key was typed, on the page or on a keyboard. Whether it was one of ours. */
export function labelTyped(key) {
  if (/^[A-Za-z0-9]$/.test(key)) typed = (typed + key.toUpperCase()).slice(0, LONGEST);
  else if (key === "Backspace" || key === "Delete") typed = typed.slice(0, -1);
  else if (key === "Enter") {
    if (typed) post(path, { label: typed });
    return true;
  } else return false;
  draw();
  return true;
}

function draw() {
  if (!display?.isConnected) return;
  display.classList.toggle("few", typed.length < FEW);
  display.replaceChildren(typed || h("span.empty", t("driver_label.empty")));
}

/** The screen; a label that was refused stays, to be put right. */
export function labelScreen(told) {
  if (!told.facts.refused) typed = "";
  path = told.screen === "technician_label" ? "technician/label" : "driver/label";
  display = h("div.typed.few", { role: "textbox", "aria-readonly": "true" });
  const key = (label, value, kind = "") => h(`button${kind}`, { onclick: () => labelTyped(value) }, label);
  const rows = ROWS.map((row) => h("div.line", [...row].map((letter) => key(letter, letter))));
  rows[3].append(key(t("code.delete"), "Backspace", ".word"), key(t("code.ok"), "Enter", ".word.primary"));
  queueMicrotask(draw);
  return h("section.labelling",
    h("div.head", h("h1", { "data-first": true }, t("driver_label.title")), display),
    told.facts.refused ? h("p.notice", { role: "alert" }, icon("alert"), t(`refused.${told.facts.refused}`)) : h("span"),
    h("div.board", rows),
  );
}
