// The demo page: draws what the stream tells, and points to what comes next.

import { showDoors } from "./cabinet.js";
import { showCarrier, showParcels } from "./carrier.js";
import { heroOf, nextStep } from "./guide.js";
import { fit, view, watch } from "./kiosk.js";
import { addLine, clearLines, lines } from "./lines.js";
import { follow } from "./live.js";
import { showPeople } from "./people.js";
import { point } from "./ring.js";
import { showStep } from "./steps.js";

const away = document.getElementById("away");
let badge = "";
let scene = null;
let chosen = null;

function draw() {
  if (!scene) return;
  const hero = heroOf(scene.parcels, chosen);
  showDoors(scene);
  showPeople({ badge, hero });
  showParcels(scene.parcels, hero, (id) => { chosen = id; draw(); });
  guide();
}

function guide() {
  if (!scene) return;
  const next = nextStep(scene, view(), chosen);
  showStep(next);
  point(next.target);
}

showCarrier(lines);
fit();
watch(guide);
follow({
  begin: (told) => {
    away.hidden = true;
    badge = told.badge;
    clearLines();
  },
  scene: (told) => {
    const before = scene;
    scene = told;
    if (before && told.parcels.some((parcel) => before.parcels.every(({ id }) => id !== parcel.id))) chosen = null;
    draw();
  },
  line: addLine,
  away: () => {
    away.hidden = false;
    point(null);
  },
});
