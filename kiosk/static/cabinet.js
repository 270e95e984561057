// This very cabinet, drawn from its configuration, with the doors of the visit lit.

import { s } from "./dom.js";
import { t } from "./phrases.js";

const HEIGHTS = { S: 1, M: 1.7, L: 3, XL: 5 };
const TALL = 420;
const GAP = 5;
const EDGE = 12;

/** `places` as the site tells them; `lit` the ids to be found. */
export function cabinet(places, lit) {
  const columns = [];
  for (const place of places) (columns[place.column] ??= []).push(place);
  const used = columns.filter(Boolean).map((column) => column.sort((a, b) => a.row - b.row));
  const broad = Math.max(54, Math.min(118, 620 / used.length));
  const width = EDGE * 2 + used.length * broad + GAP * (used.length - 1);
  const height = TALL + EDGE * 2;
  const scale = Math.max(1, width / 480);
  const side = 34 * scale;
  const drawing = s("svg.cabinet", { viewBox: `${-side} -4 ${width + 2 * side} ${height + 18}`, role: "img", "aria-label": whereabouts(used, lit) });
  drawing.append(
    s("rect.body", { x: 0, y: 0, width, height, rx: 14 }),
    s("rect.body", { x: 14, y: height - 2, width: 26, height: 12, rx: 3 }),
    s("rect.body", { x: width - 40, y: height - 2, width: 26, height: 12, rx: 3 }),
  );
  const found = [];
  used.forEach((column, index) => {
    const unit = (TALL - GAP * (column.length - 1)) / column.reduce((sum, place) => sum + HEIGHTS[place.size], 0);
    let y = EDGE;
    for (const place of column) {
      const box = { x: EDGE + index * (broad + GAP), y, width: broad, height: unit * HEIGHTS[place.size] };
      y += box.height + GAP;
      if (lit.includes(place.id)) found.push([place, box]);
      else drawing.append(door(place, box, "door"));
    }
  });
  for (const [place, box] of found) {
    drawing.append(s("rect.glow", { x: box.x - 9, y: box.y - 9, width: box.width + 18, height: box.height + 18, rx: 12 }));
    drawing.append(door(place, box, "door.lit"), arrow(box, width, scale));
  }
  return drawing;
}

/** The same in words. */
function whereabouts(columns, lit) {
  const said = [];
  columns.forEach((doors, index) => {
    doors.forEach((place, row) => {
      const values = { door: place.id, column: index + 1, columns: columns.length, row: row + 1, rows: doors.length };
      if (lit.includes(place.id)) said.push(t("doors.where", values));
    });
  });
  return said.join(" ");
}

function door(place, box, name) {
  const x = box.x + box.width / 2;
  const number = s("text", { x, y: box.y + box.height / 2 }, place.id);
  const room = (box.width * 1.5) / place.id.length;
  number.style.fontSize = `${Math.min(name === "door" ? 18 : 30, room, box.height * 0.8)}px`;
  return s(`g.${name}`, s("rect", { ...box, rx: 6 }), number);
}

/** From the nearer side of the cabinet, its tip at the door. */
function arrow(box, width, scale) {
  const fromLeft = box.x + box.width / 2 <= width / 2;
  const tip = fromLeft ? box.x - 1 : box.x + box.width + 1;
  const way = (fromLeft ? -1 : 1) * scale;
  const y = box.y + box.height / 2;
  const points = [[0, 0], [22, -20], [22, -8], [40, -8], [40, 8], [22, 8], [22, 20]];
  const drawn = s("polygon.arrow", { points: points.map(([dx, dy]) => `${tip + way * dx},${y + scale * dy}`).join(" ") });
  drawn.style.setProperty("--nudge", `${way * 6}px`);
  return drawn;
}
