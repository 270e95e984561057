// Seconds that the locker counts; here they are only shown.

import { h } from "./dom.js";
import { t } from "./phrases.js";

/** A sentence of the seconds left and a bar that empties. `from` is how many there were at first. */
export function countdown(told, from, key) {
  let left = told.seconds_left;
  if (left === null || left <= 0) return null;
  const text = h("span");
  const bar = h("i");
  const draw = () => {
    text.textContent = t(key, { n: left });
    bar.style.transform = `scaleX(${Math.min(1, left / from)})`;
  };
  const timer = setInterval(() => {
    if (!bar.isConnected) return clearInterval(timer);
    left = Math.max(0, left - 1);
    draw();
  }, 1000);
  draw();
  return [h("p.quiet", { "aria-live": "off" }, text), h("div.left", { "aria-hidden": "true" }, bar)];
}
