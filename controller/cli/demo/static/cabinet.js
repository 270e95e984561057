// The cabinet: doors to push and pull, and what is behind them.

import { h, icon, whenNew } from "./dom.js";
import { openFaults } from "./faults.js";
import { note, post } from "./post.js";

const HEIGHTS = { S: 1, M: 1.7, L: 3, XL: 5 };
const DO = { put: "Put it in", take: "Take it out", shut: "Close it", pull: "" };
const SHAKE_MS = 400;
const bays = new Map();

/** Draw the doors once; then each follows what happens to it. */
export function showDoors(scene) {
  if (!bays.size) build(scene.doors);
  for (const door of scene.doors) bays.get(door.id)({ ...door, silent: scene.silent });
}

function build(doors) {
  const columns = [];
  for (const door of doors) (columns[door.column] ??= [])[door.row] = door;
  document.getElementById("cabinet").replaceChildren(
    h("div.body", columns.map((column) => h("div.column", column.map(bay)))),
    h("p.hint", "Click a door to use it, ", icon("dots"), " to break it."),
  );
}

function bay({ id, size }) {
  let now = null;
  const act = h("span.act");
  const leaf = h("span.leaf", h("b", id), h("i.lamp"), h("span.mark"), icon("box"));
  const button = h("button.bay", { "data-door": id, onclick: () => use(button, now) }, h("span.inside", h("span.box"), act), leaf);
  const more = h("button.more", { title: `Break ${id}`, "aria-label": `Break ${id}`, onclick: () => openFaults(more, now) }, icon("dots"));
  const slot = h("div.slot", { oncontextmenu: (event) => { event.preventDefault(); openFaults(more, now); } }, button, more);
  slot.style.setProperty("flex-grow", HEIGHTS[size]);
  const draw = whenNew((door) => {
    Object.assign(button.dataset, { open: door.open, item: door.item, status: door.status ?? "", broken: door.jammed || door.stuck !== null });
    act.textContent = DO[door.next];
    leaf.querySelector(".mark").textContent = mark(door);
    button.setAttribute("aria-label", `${id}, ${door.open ? `open: ${DO[door.next]}` : "closed"}`);
  });
  bays.set(id, (door) => { now = door; draw(door); });
  return slot;
}

/** What is wrong with a door, in a word. */
function mark(door) {
  if (door.status === "quarantined" || door.status === "out_of_service") return "out of use";
  if (door.jammed) return "jammed";
  return door.stuck ? `says ${door.stuck}` : "";
}

async function use(button, door) {
  const answer = await post("door", { door: door.id, act: door.next });
  if (answer?.result !== "stays") return;
  button.classList.add("shake");
  setTimeout(() => button.classList.remove("shake"), SHAKE_MS);
  note(door.next === "pull" ? `${door.id} is locked.` : `${door.id} springs open again: its lock is still drawn.`);
}
