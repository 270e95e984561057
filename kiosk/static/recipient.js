// The recipient's screens.

import { cabinet } from "./cabinet.js";
import { countdown } from "./countdown.js";
import { h, icon } from "./dom.js";
import { callFor } from "./overlays.js";
import { qr, scanning, success } from "./pictures.js";
import { t, tFor } from "./phrases.js";
import { post } from "./post.js";

const REOPEN_S = 60;
const LONG_NAME = 4;
const CLAIMS = ["empty", "not_mine", "damaged", "left_behind"];

/** The number of a door as it stands on the door. */
export const plate = (id) => h(`span.plate${id.length > LONG_NAME ? ".long" : ""}`, id);

/** Why the last try was refused. */
export const notice = (refused) => refused && h("p.notice", { role: "alert" }, icon("alert"), tFor("refused", refused));

/** "Parcel 2 of 3", where there are several. */
const which = (progress) => progress?.of > 1 && h("p.quiet", t("doors.progress", { number: progress.number, of: progress.of }));

const nextDoor = (progress, main) => progress?.waiting > 0 &&
  h(`button${main ? ".primary" : ""}`, { ...(main ? primary : {}), onclick: () => post("visit/next-door") },
    icon("parcel"), t(main ? "outcome.next_door" : "did_not_open.next_door"));

const names = (doors) => doors.map((door) => door.id);
const primary = { "data-first": true, "data-enter": true };

/** Hold your pass in front of the scanner. */
export function scan(told) {
  return h("section.halves.held",
    scanning("pass"),
    h("div.half",
      h("h1", t("scan.title")),
      notice(told.facts.refused) || h("p.quiet", t("scan.hint")),
      h("div.row", h("button", { ...primary, onclick: () => post("visit/go", { to: "code" }) }, icon("keys"), t("scan.code")),
        h("button", { onclick: () => post("visit/go", { to: "app" }) }, icon("telephone"), t("scan.app"))),
    ),
  );
}

/** Codes are not looked at for a while; passes are. */
export function tooManyTries(told) {
  const minutes = Math.ceil(told.seconds_left / 60);
  const over = minutes < 1;
  return h("section.middle",
    icon("wait", "huge"),
    h("h1", t("too_many_tries.title")),
    h("p.big", over ? t("too_many_tries.now") : t("too_many_tries.wait", { n: minutes })),
    h("p.quiet", t("too_many_tries.hint")),
    h("button.primary", { ...primary, onclick: () => post("visit/go", { to: over ? "code" : "scan" }) },
      icon(over ? "keys" : "pass"), t(over ? "too_many_tries.code" : "too_many_tries.pass")),
  );
}

/** Whom to call. */
export function needsPerson(told, site) {
  return h("section.middle.broad",
    h("h1", t("needs_person.title")),
    h("p.big", tFor("needs_person", told.facts.reason)),
    callFor(site),
    nextDoor(told.facts.progress, false),
  );
}

/** Which door, where it is, and what to do there. */
export function doors(told, site) {
  const { doors: all, purpose, urgent } = told.facts;
  const phase = all.some((door) => door.phase === "open") ? "open" : all[0].phase;
  const unseen = phase === "unseen";
  return h("section.halves",
    h("div.half",
      which(told.facts.progress),
      h("h1.unseen", `${names(all).join(", ")} ${t(phase === "opening" ? "doors.opening" : "doors.open")}`),
      h("div.row", { "aria-hidden": "true" }, names(all).map(plate)),
      !urgent && h("p.state", { "aria-hidden": "true" }, t(phase === "opening" ? "doors.opening" : "doors.open")),
      urgent && h("p.notice.alarm", { role: "alert" }, icon("alert"), t("doors.urgent", { door: names(all).join(", ") })),
      notice(told.facts.refused),
      h("p.big", t(phase === "opening" ? "doors.look" : told.facts.scanned ? "doors.scanned" : `doors.${purpose}`)),
      unseen && h("p.quiet", t("doors.unseen")),
      unseen && h("button.primary", { ...primary, onclick: () => post("visit/got-it") }, icon("check"), t("doors.is_closed")),
    ),
    cabinet(site.cabinet, names(all)),
  );
}

/** Push the door while it clicks. */
export function didNotOpen(told, site) {
  const door = told.facts.doors[0]?.id ?? "";
  const deposit = told.facts.purpose === "deposit";
  return h("section.halves",
    h("div.half",
      h("h1", t("did_not_open.title", { door })),
      h("p.big", t("did_not_open.how")),
      h("div.row", h("button.primary", { ...primary, onclick: () => post("visit/try-again") },
        icon("push"), t(deposit ? "did_not_open.other" : "did_not_open.again")),
        told.facts.purpose === "take_away" && h("button", { onclick: () => post("visit/go", { to: "take_away" }) }, t("driver_item_done.list")),
        nextDoor(told.facts.progress, false)),
    ),
    cabinet(site.cabinet, [door]),
  );
}

/** The door is shut again: everything there? */
export function outcome(told) {
  const door = names(told.facts.doors).join(", ");
  const { progress } = told.facts;
  return h("section.middle.broad",
    which(progress) || success(),
    h("h1", t("outcome.title", { door })),
    notice(told.facts.refused),
    h("p.big", t("outcome.question")),
    h("div.row",
      nextDoor(progress, true) || h("button.primary", { ...primary, onclick: () => post("visit/got-it") }, icon("check"), t("outcome.got_it")),
      told.facts.reopen && h("button", { onclick: () => post("visit/reopen") }, icon("door"), t("outcome.reopen", { door })),
      told.facts.reopen && h("button", { onclick: () => post("visit/go", { to: "not_right" }) }, t("outcome.not_right")),
    ),
    told.facts.reopen && countdown(told, REOPEN_S, "outcome.left"),
  );
}

/** What is not right? */
export function claiming() {
  return h("section.middle.broad",
    h("h1", t("claiming.title")),
    h("div.claims", CLAIMS.map((claim) => h("button", { onclick: () => post("visit/claim", { claim }) }, t(`claim.${claim}`)))),
  );
}

/** What the recipient said is on record, and what happens now. */
export function claimed(told, site) {
  const door = names(told.facts.doors).join(", ");
  const { claim, progress } = told.facts;
  const back = claim === "not_mine";
  const done = (main) => h(`button${main ? ".primary" : ""}`, { ...(main ? primary : {}), onclick: () => post("visit/got-it") }, icon("check"), t("claimed.done"));
  return h("section.middle.broad",
    h("h1", t(`claimed.${claim}.title`)),
    h("p.big", t(`claimed.${claim}`, { door })),
    h("div.row",
      back && h("button.primary", { ...primary, onclick: () => post("visit/reopen") }, icon("door"), t("outcome.reopen", { door })),
      nextDoor(progress, !back) || done(!back)),
    claim !== "damaged" && callFor(site),
  );
}

/** Goodbye, with a receipt to take along where there is one. */
export function thanks(told) {
  const rows = told.facts.receipt;
  const wishes = told.facts.wishes && h("button", { onclick: () => post("visit/my-wishes") }, icon("pen"), t("thanks.wishes"));
  if (!rows.length) return h("section.middle", success(), h("h1", t("thanks.title")), h("p.big", t("thanks.text")), wishes);
  return h("section.halves",
    h("div.half",
      h("h1", t("thanks.title")),
      h("p.big", t("thanks.receipt")),
      h("button.primary", { ...primary, onclick: () => post("visit/got-it") }, icon("check"), t("thanks.done")),
      wishes,
    ),
    qr(rows, t("thanks.qr")),
  );
}
