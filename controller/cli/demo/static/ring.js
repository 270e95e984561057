// The amber ring around what to press next.

import { rectOf } from "./kiosk.js";

const AROUND = 5;
const LOOK_MS = 120;
const ring = document.getElementById("ring");
let target = null;

const PLACES = {
  screen: rectOf,
  door: (id) => document.querySelector(`[data-door="${id}"]`)?.getBoundingClientRect(),
  button: (id) => document.getElementById(id)?.getBoundingClientRect(),
};

/** Put it around this, or nowhere. */
export function point(next) {
  if (next?.kind === "button" && next.name !== target?.name) {
    document.getElementById(next.name)?.scrollIntoView({ block: "nearest" });
  }
  target = next;
  draw();
}

function draw() {
  const rect = target && PLACES[target.kind](target.name);
  ring.hidden = !rect || !rect.width;
  if (ring.hidden) return;
  ring.dataset.on = `${target.kind}:${target.name}`;
  const to = { left: rect.x - AROUND, top: rect.y - AROUND, width: rect.width + 2 * AROUND, height: rect.height + 2 * AROUND };
  for (const [name, value] of Object.entries(to)) ring.style.setProperty(name, `${value}px`);
}

setInterval(draw, LOOK_MS);
for (const name of ["resize", "scroll"]) addEventListener(name, draw, { capture: true, passive: true });
