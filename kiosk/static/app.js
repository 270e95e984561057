// Renders the screen that the locker names. Decides nothing, keeps nothing but the digits being typed.

import { bar } from "./bar.js";
import { listen } from "./keyboard.js";
import { follow } from "./live.js";
import { overlayFor } from "./overlays.js";
import { direction, load, nameOf, ready, speak, spoken, t, teach } from "./phrases.js";
import { isAsking, lastAsked, send, setPage } from "./post.js";
import { screenFor } from "./screens.js";

const SIGN_OF_LIFE_MS = 8000;
const AFTER_A_TOUCH_MS = 600;
const main = document.getElementById("screen");
const overlay = document.getElementById("overlay");
const say = document.getElementById("say");
const dark = matchMedia("(prefers-color-scheme: dark)");

const AWAY = { screen: "away", facts: {}, shown: null, overlay: null, seconds_left: null, language: null, theme: null };
let site = { languages: ["en"], cabinet: [], telephone: "", locker: "", name: "" };
let now = null;
let drawn = "";
let covered = "";

/** Show what the locker says; the same again changes nothing. */
function render(told) {
  now = told;
  if (!ready()) return;
  speak(told.language ?? site.languages[0]);
  dress(told.theme ?? (dark.matches ? "night" : "day"));
  const key = JSON.stringify([told.screen, told.facts, told.shown, told.theme, spoken(), site.locker, site.languages.map(nameOf)]);
  if (key !== drawn) draw(told, key);
  cover(told);
}

function draw(told, key) {
  drawn = key;
  const content = screenFor(told, site);
  document.getElementById("bar").replaceChildren(...bar(told, site));
  main.dataset.name = told.screen;
  main.replaceChildren(content);
  afterPaint(() => announce(content));
}

function cover(told) {
  const key = told.overlay ? JSON.stringify([told.overlay, told.letting_out, spoken()]) : "";
  if (key === covered) return;
  covered = key;
  overlay.hidden = !told.overlay;
  for (const part of [main, document.getElementById("bar")]) part.inert = Boolean(told.overlay);
  if (!told.overlay) {
    overlay.replaceChildren();
    return;
  }
  const content = overlayFor(told, site);
  overlay.replaceChildren(content);
  afterPaint(() => announce(content));
}

/** What is heard and focused can wait for what is seen: either would lay the page out twice. */
const afterPaint = (then) => requestAnimationFrame(() => setTimeout(then));

/** Read out what came, and put the keyboard where the eye is: on the one thing to do. */
function announce(content) {
  if (!content.isConnected) return;
  const parts = [...content.querySelectorAll("h1, .big, .notice, [role=img]")];
  say.textContent = parts.map((part) => part.getAttribute("aria-label") ?? part.textContent).join(" ");
  const first = content.querySelector("[data-first]") ?? content.querySelector("h1");
  if (!first) return;
  if (!first.matches("button")) first.tabIndex = -1;
  first.focus({ preventScroll: true, focusVisible: false });
}

/** Language and colours of the whole page; set only when they change, because everything is styled anew then. */
function dress(theme) {
  const root = document.documentElement;
  if (root.dataset.theme !== theme) root.dataset.theme = theme;
  if (root.lang === spoken()) return;
  root.lang = spoken();
  root.dir = direction();
  document.title = t("page.title");
}

/** Whoever touches the page is there; the locker only needs to hear it now and then, and not beside a question. */
function signsOfLife() {
  let last = 0;
  let waiting = 0;
  const tell = () => {
    waiting = 0;
    if (now?.shown == null || isAsking() || heard()) return;
    last = Date.now();
    send("visit/still-here");
  };
  const heard = () => Date.now() - Math.max(last, lastAsked()) < SIGN_OF_LIFE_MS;
  const touched = () => {
    if (!waiting && !heard()) waiting = setTimeout(tell, AFTER_A_TOUCH_MS);
  };
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, touched, { capture: true, passive: true });
}

follow({
  site: async (told) => {
    setPage(told.page);
    site = told;
    teach(told.rules);
    await load(told.languages.slice(0, 1));
    if (now) render(now);
    await load(told.languages);
    if (now) render(now);
  },
  screen: render,
  away: () => render({ ...AWAY, language: now?.language ?? null, theme: now?.theme ?? null }),
});
listen(() => now);
signsOfLife();
addEventListener("contextmenu", (event) => event.preventDefault());
dark.addEventListener("change", () => now && render(now));
