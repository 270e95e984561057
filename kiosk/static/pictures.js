// Larger drawings: what to hold where, and that it went well.

import { s } from "./dom.js";

const QR = "M0 0h5v5h-5zM9 0h5v5h-5zM0 9h5v5h-5zM9 9h2v2h-2zM12 12h2v2h-2zM12 9h2M7 2v3M7 7h4M2 7h2M7 9v2M9 13v1";
const BARS = [0, 3, 5, 9, 11, 15, 17, 20, 24, 26, 29, 33, 35];

const thing = {
  pass: () => s("g", s("rect.thing", { x: 47, y: 4, width: 46, height: 78, rx: 7 }), s("rect.face", { x: 52, y: 13, width: 36, height: 56, rx: 2 }),
    s("path.mark", { d: QR, transform: "translate(56 27) scale(2)" })),
  badge: () => s("g", s("rect.thing", { x: 44, y: 12, width: 52, height: 70, rx: 6 }), s("rect.face", { x: 62, y: 17, width: 16, height: 4, rx: 2 }),
    s("rect.face", { x: 50, y: 27, width: 40, height: 48, rx: 3 }), s("path.mark", { d: QR, transform: "translate(56 37) scale(2)" })),
  label: () => s("g", s("path.thing", { d: "M22 22h96v60H22z" }), s("path.tape", { d: "M62 22h16v18H62z" }),
    s("rect.face", { x: 42, y: 48, width: 56, height: 27, rx: 2 }),
    BARS.map((x) => s("rect.ink", { x: 51 + x * 1.05, y: 53, width: x % 2 ? 2.2 : 1.2, height: 16 }))),
};

/** Something held before the scanner: `pass`, `badge` or `label`. */
export const scanning = (what) => s("svg.picture", { viewBox: "0 0 140 130", "aria-hidden": "true" },
  s("path.beam", { d: "M70 112 34 82h72z" }),
  thing[what](),
  s("rect.scanner", { x: 38, y: 104, width: 64, height: 20, rx: 7 }),
  s("rect.window", { x: 54, y: 109, width: 32, height: 5, rx: 2.5 }),
);

/** It went well. */
export const success = () => s("svg.picture.success", { viewBox: "0 0 24 24", "aria-hidden": "true" },
  s("circle", { cx: 12, cy: 12, r: 11 }), s("path", { d: "M7 12.6l3.5 3.4L17.2 9" }));

/** A QR code from its rows, with the quiet zone that readers need. */
export function qr(rows, label) {
  const dark = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + 4} ${y + 4}h${run[0].length}v1h-${run[0].length}z`));
  const size = rows.length + 8;
  return s("svg.qr", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    s("rect", { width: size, height: size, fill: "#fff" }), s("path", { d: dark.join(""), fill: "#000" }));
}
