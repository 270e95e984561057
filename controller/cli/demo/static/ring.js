// The amber ring around what to press next.

import { rectOf } from "./kiosk.js";

const AROUND = 5;
const LOOK_MS = 120;
const ring = document.getElementById("ring");
let target = null;

const ELEMENTS = {
  screen: () => document.getElementById("screen"),
  door: (id) => document.querySelector(`[data-door="${id}"]`),
  button: (id) => document.getElementById(id),
};
const rect = ({ kind, name }) => (kind === "screen" ? rectOf(name) : ELEMENTS[kind](name)?.getBoundingClientRect());

/** Put it around this, or nowhere. */
export function point(next) {
  if (next && (next.kind !== target?.kind || next.name !== target?.name)) ELEMENTS[next.kind](next.name)?.scrollIntoView({ block: "nearest" });
  target = next;
  draw();
}

function draw() {
  const place = target && rect(target);
  ring.hidden = !place?.width;
  if (ring.hidden) return;
  ring.dataset.on = `${target.kind}:${target.name}`;
  const to = { left: place.x - AROUND, top: place.y - AROUND, width: place.width + 2 * AROUND, height: place.height + 2 * AROUND };
  for (const [name, value] of Object.entries(to)) ring.style.setProperty(name, `${value}px`);
}

setInterval(draw, LOOK_MS);
for (const name of ["resize", "scroll"]) addEventListener(name, draw, { capture: true, passive: true });
