// The technician's screens. Loaded when the first of them comes up: nobody else needs them.

export const technician_pin = (told) => pinScreen(told);

import { pinScreen } from "./pin.js";
import { h, icon } from "./dom.js";
import { t, tFor } from "./phrases.js";
import { post } from "./post.js";
import { notice, plate } from "./recipient.js";

const PAGE = 30;
let first = 0;
const primary = { "data-first": true, "data-enter": true };
const WHY_OPEN = ["repair", "cleaning", "check", "parcel"];
const WHY_QUARANTINE = ["damaged", "dirty", "stray", "other"];
const DOOR = { closed: "technician_door.closed", open: "technician_door.is_open", unknown: "technician_door.unknown" };
const press = (path, text, picture, kind = "", body = {}) =>
  h(`button${kind}`, { ...(kind === ".primary" ? primary : {}), onclick: () => post(`technician/${path}`, body) }, picture && icon(picture), text);

/** Every door as it stands, and what can be done with all of them. */
export function technician_doors(told) {
  const { doors, audit, locked_out: minutes, refused } = told.facts;
  if (first >= doors.length) first = 0;
  const more = doors.length > PAGE && h("button.tile", { onclick: turn }, t("technician_doors.more"));
  return h("section.service.all",
    h("h1.unseen", { "data-first": true }, t("technician_doors.title")),
    h("div.row",
      press("audit", t(audit ? "technician_doors.go_on" : "technician_doors.audit"), null, ".primary"),
      press("facts", t("technician_doors.facts")),
      minutes === null ? press("lock-out", t("technician_doors.lock_out")) : press("end-lock-out", t("technician_doors.end_lock_out")),
      press("open-all", t("technician_doors.open_all"), null, ".danger"),
      press("sign-out", t("driver_scan.finish"))),
    notice(refused) || (minutes !== null && h("p.notice.alarm", icon("alert"), t("technician_doors.locked_out", { n: minutes }))),
    h("div.tiles", doors.slice(first, first + PAGE).map(tile), more),
  );
}

/** One compartment. */
export function technician_door(told) {
  const { door, refused } = told.facts;
  return h("section.service",
    h("div.head", plate(door.id), h("div", h("h1", { "data-first": true }, stands(door)), h("p.quiet", detail(door)))),
    notice(refused),
    h("h2", t("technician_door.open")),
    h("div.row", WHY_OPEN.map((why) => press("open", t(`technician_why.${why}`), null, why === "check" ? ".primary" : "", { reason: why }))),
    h("h2", t("technician_door.quarantine")),
    h("div.row", WHY_QUARANTINE.map((why) => press("quarantine", t(`technician_why.${why}`), null, "", { reason: why }))),
    door.status === "quarantined" || door.status === "out_of_service" ? h("div.row", press("restore", t("technician_door.restore"), "check")) : false,
  );
}

/** The machine. */
export function technician_facts(told) {
  const lines = Object.entries(told.facts.facts).map(([name, value]) => [tFor("technician_fact", name), value]);
  return h("section.service",
    h("h1", { "data-first": true }, t("technician_doors.facts")),
    h("dl.facts", lines.flatMap(([name, value]) => [h("dt", name), h("dd", said(value))])),
    h("div.row", press("facts", t("technician_facts.again"), "restart"), press("doors", t("technician_doors.title"), "back", ".primary")),
  );
}

/** The compartment to look into, and what lies in it. */
export function technician_audit(told) {
  const { door, audit, refused } = told.facts;
  const finish = (kind) => press("end-audit", t("technician_audit.finish"), "check", kind);
  if (!door) return h("section.middle.broad", icon("check", "huge"), h("h1", t("technician_audit.all")), h("div.row", finish(".primary")));
  const shut = door.door === "closed" && !door.moving;
  return h("section.service",
    h("div.head", plate(door.id), h("div",
      h("h1", { "data-first": true }, t("technician_audit.title")),
      h("p.quiet", audit ? t("technician_audit.left", { n: audit.left, of: audit.of }) : "")), finish("")),
    notice(refused),
    h("p.big", t(shut ? "technician_audit.open" : "technician_audit.look")),
    h("div.row", press("audit-door", t("technician_audit.unlock", { door: door.id }), "door", shut ? ".primary" : "")),
    h("h2", t("technician_audit.scan")),
    h("div.row",
      press("seen", t("technician_audit.empty"), null, shut ? "" : ".primary", { found: "empty" }),
      press("type-label", t("driver_scan.type")),
      press("seen", t("technician_audit.unknown"), null, "", { found: "unknown" }),
      press("seen", t("technician_audit.skipped"), null, "", { found: "skipped" })),
  );
}

/** What the stock-taking came to. */
export function technician_audited(told) {
  const { complete, agreed, missing, strays, misplaced, unseen } = told.facts;
  const line = (key, ids) => h("li", icon(ids.length ? "alert" : "check"), h("span", t(`technician_audited.${key}`, { n: ids.length }), ids.length ? ` ${ids.join(", ")}` : ""));
  return h("section.service",
    h("h1", { "data-first": true }, t(complete ? "technician_audited.complete" : "technician_audited.incomplete")),
    h("p.big", t("technician_audited.agreed", { n: agreed })),
    h("ul.reasons", line("missing", missing), line("strays", strays), line("misplaced", misplaced), line("unseen", unseen)),
    h("div.row", press("doors", t("technician_doors.title"), "back", ".primary")),
  );
}

/** One door as a key: its name, and a mark where there is something to see. The words are on its own screen. */
function tile(door) {
  const mark = door.left_open || door.door === "unknown" ? "alert" : door.door === "open" ? "door" : door.occupied ? "parcel" : null;
  return h(`button.tile.is-${door.status}`, { onclick: () => post("technician/door", { compartment: door.id }), "aria-label": `${door.id}: ${stands(door)}` },
    door.id, mark && icon(mark));
}

/** The next doors of a cabinet that has more than fit. */
function turn(event) {
  first += PAGE;
  event.target.dispatchEvent(new CustomEvent("again", { bubbles: true }));
}

const stands = (door) => `${t(DOOR[door.door])}, ${t(`technician_status.${door.status}`)}`;
const detail = (door) => [door.why && tFor("technician_why", door.why), door.occupied && t("technician_door.occupied")].filter(Boolean).join(" · ");
const said = (value) => (value === true ? t("technician_facts.yes") : value === false ? t("technician_facts.no") : String(value));
