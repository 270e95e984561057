// What a recipient wants from now on: asked once the parcel is theirs, shown to nobody else.

import { h, icon } from "./dom.js";
import { nameOf, t } from "./phrases.js";
import { post } from "./post.js";
import { notice } from "./recipient.js";

const CHANNELS = ["push", "sms", "email", "call"];
const AWAY_DAYS = [0, 7, 14, 21, 28];
const KEYS = { sms: ["123", "456", "789", "+0"], email: ["1234567890-", "qwertyuiop_", "asdfghjkl@.", "zxcvbnm"] };
const TAKES = { sms: /^[0-9+]$/, email: /^[A-Za-z0-9@._%+-]$/ };
const LONGEST = 120;
let typed = "";
let by = "sms";
let display = null;

const primary = { "data-first": true, "data-enter": true };
const whose = (to) => post("visit/whose", { to });
const next = (values, value) => values[(values.indexOf(value) + 1) % values.length];

/** Was it for you? Before that nothing of anybody's wishes is on the screen. */
export function still_right(told) {
  return h("section.middle.broad",
    h("h1", t(told.facts.asked ? "still_right.title" : "still_right.title_asked_for")),
    h("p.big", t("still_right.text")),
    h("div.row",
      h("button.primary", { ...primary, onclick: () => whose("mine") }, icon("check"), t("still_right.mine")),
      h("button", { onclick: () => whose("nothing") }, t("still_right.another"))),
  );
}

/** Every wish is a button: pressed, it says the next thing that it can say. */
export function wishes(told, site) {
  const now = told.facts;
  const wish = (name, said, value) => h("button.wish", { onclick: () => post("visit/wish", { [name]: value }) },
    h("span", t(`wishes.${name}`)), h("strong", said));
  const yes_or_no = (name) => wish(name, t(now[name] === null ? "wishes.unsaid" : now[name] ? "wishes.yes" : "wishes.no"), now[name] !== true);
  return h("section.wishes",
    h("h1", { "data-first": true }, t("wishes.title")),
    h("div.all",
      yes_or_no("locker"), yes_or_no("accessible"), yes_or_no("second_person"),
      wish("channel", t(now.channel ? `wishes.by_${now.channel}` : "wishes.unsaid"), next(CHANNELS, now.channel)),
      wish("language", now.language ? nameOf(now.language) ?? now.language : t("wishes.unsaid"), next(site.languages, now.language)),
      wish("away_days", away(now), next(AWAY_DAYS, now.away_days)),
    ),
    h("div.row",
      h("button.primary", { "data-enter": true, onclick: () => post("visit/confirm-wishes") }, icon("check"), t("wishes.confirm")),
      h("button", { onclick: () => whose("nothing") }, t("wishes.nothing"))),
  );
}

function away({ away_days: days, away_until: until }) {
  if (days) return t("wishes.away", { n: days / 7 });
  return days === 0 || !until ? t("wishes.not_away") : t("wishes.away_until", { day: until.slice(0, 10) });
}

/** A key was typed, on the page or on a keyboard. Whether it was one of ours. */
export function contactTyped(key) {
  if (TAKES[by].test(key)) typed = (typed + key).slice(0, LONGEST);
  else if (key === "Backspace" || key === "Delete") typed = typed.slice(0, -1);
  else if (key === "Enter") {
    if (typed) post("visit/contact", { contact: typed });
    return true;
  } else return false;
  draw();
  return true;
}

function draw() {
  if (display?.isConnected) display.replaceChildren(typed || h("span.empty", t(`contact.empty_${by}`)));
}

/** What was sent came back: another number, or an address. It leaves the page once, to be sealed. */
export function contact(told) {
  const { bounced, refused } = told.facts;
  if (!refused || by !== told.facts.by) typed = "";
  by = told.facts.by;
  const other = by === "sms" ? "email" : "sms";
  display = h("div.typed.few", { role: "textbox", "aria-readonly": "true" });
  const key = (label, value, kind = "") => h(`button${kind}`, { onclick: () => contactTyped(value) }, label);
  const rows = KEYS[by].map((row) => h("div.line", [...row].map((letter) => key(letter, letter))));
  rows.at(-1).append(key(t("code.delete"), "Backspace", ".word"), key(t("code.ok"), "Enter", ".word.primary"));
  queueMicrotask(draw);
  return h("section.labelling.contact",
    notice(refused) || h("h1", { "data-first": true }, t(`contact.${bounced}`)),
    h("div.head", display,
      h("button", { onclick: () => whose(other) }, t(`contact.${other}_instead`)),
      h("button", { onclick: () => whose("nothing") }, t("contact.not_now"))),
    h("div.board", rows),
  );
}
