// The driver's screens.

import { countdown } from "./countdown.js";
import { h, icon } from "./dom.js";
import { spoken, t, tFor } from "./phrases.js";
import { scanning, success } from "./pictures.js";
import { post } from "./post.js";
import { notice, plate } from "./recipient.js";

const ANSWER_S = 45;
const DAY_S = 86400;
const primary = { "data-first": true, "data-enter": true };
const MOST_NEIGHBOURS = 3;
const COUNTED = ["deposited", "taken_away", "missing", "refused", "left"];
const LATELY = ["deposits", "failed_deposits", "strays"];
const MISFITS = ["too_small", "stray", "dirty_or_damaged"];
const AGAIN = ["door_open", "unfinished", "taken_back"];
const AGAIN_LATER = ["locker_full", "suitable_full", "carrier_full", "kept_for_recipients"];
const BECAUSE_OF_THE_PLACE = ["evidence_missing", "none_suitable", "suitable_full"];

const next = (first) => h(`button${first ? ".primary" : ""}`, { ...(first ? primary : {}), onclick: () => post("visit/go", { to: "next" }) },
  icon("barcode"), t("driver_keeps.next"));
const tryAgain = (first) => h(`button${first ? ".primary" : ""}`, { ...(first ? primary : {}), onclick: () => post("visit/try-again") },
  icon("restart"), t("driver_keeps.again"));
const toTakeAway = () => post("visit/go", { to: "take_away" });
const takeAway = (n) => n > 0 && h("button", { onclick: toTakeAway }, icon("truck"), t("driver_scan.take_away", { n }));
/** Whoever goes is shown first what is to be taken away. */
const signOut = (left = 0) => h("button", { onclick: () => (left > 0 ? toTakeAway() : post("driver/sign-out")) }, t("driver_scan.finish"));

/** Hold your badge in front of the scanner. */
const signIn = (told) => h("section.halves.held",
  scanning("badge"),
  h("div.half",
    h("h1", { "data-first": true }, t("driver_sign_in.title")),
    notice(told.facts.refused) || h("p.quiet", t("driver_sign_in.hint")),
    h("div.row", h("button", { onclick: () => post("visit/go", { to: "number" }) }, icon("keys"), t("driver_sign_in.number"))),
  ),
);

/** Empty hands: the next label. */
const scanLabel = (told) => h("section.halves.held",
  scanning("label"),
  h("div.half",
    h("h1", { "data-first": true }, t("driver_scan.title")),
    notice(told.facts.refused) || (told.facts.stored > 0 && h("p.quiet", t("driver_scan.stored", { n: told.facts.stored }))),
    h("div.row", h("button", { onclick: () => post("visit/go", { to: "label" }) }, icon("keys"), t("driver_scan.type")),
      takeAway(told.facts.to_take), signOut(told.facts.to_take)),
  ),
);

/** Plan and reasons, to be acknowledged before a door moves. */
function plan(told) {
  const { label, size, sizes, low_doors: lows, hold_s: hold, evidence, rules, wishes } = told.facts;
  let chosen = size;
  const buttons = sizes.map((each) => h("button", {
    "aria-pressed": String(each.size === chosen), disabled: each.free === 0 && each.size !== size,
    onclick: () => { chosen = each.size; for (const [n, b] of buttons.entries()) b.setAttribute("aria-pressed", String(sizes[n].size === chosen)); },
  }, h("strong", each.size), h("span", t("driver_plan.free", { n: each.free }))));
  let low = false;
  const lowDoor = lows === null ? null : h("button.low", {
    "aria-pressed": "false", disabled: lows === 0,
    onclick: () => { low = !low; lowDoor.setAttribute("aria-pressed", String(low)); },
  }, icon("seat"), h("span", t("driver_plan.low", { n: lows })));
  const acknowledge = () => post("driver/plan", { acknowledged: true, accessible: low, ...(chosen === size ? {} : { size: chosen }) });
  const reasons = rules.length > 1 ? rules.filter((rule) => rule !== "ordinary") : rules;
  return h("section.plan",
    h("div.head", h("h1", t("driver_plan.title")), h("span.label", grouped(label))),
    h("div.column", h("h2", t("driver_plan.wishes")), wanted(wishes)),
    h("div.column", h("h2", t("driver_plan.rules")), list([
      ...reasons.map((rule) => tFor("rule", rule)), ...evidence.map((name) => tFor("evidence", name)), holds(hold)])),
    h("div.foot",
      h("div", h("h2", t("driver_plan.size")), h("div.sizes", buttons, lowDoor)),
      h("div.last", question(told.facts),
        h("button.primary", { ...primary, onclick: acknowledge }, icon("door"), t(told.facts.answered ? "driver_plan.again" : "driver_plan.acknowledge")))),
  );
}

/** Ask the recipient; that they are being asked; what they say. */
function question({ asked, answered, refused }) {
  if (answered) return h("p.notice", { role: "alert" }, icon("alert"), h("span", t("driver_plan.answered")));
  if (asked) return h("p.quiet", { "aria-live": "polite" }, t("driver_plan.asked"));
  return [notice(refused), h("button", { onclick: () => post("driver/ask") }, t("driver_plan.ask"))];
}

const list = (sentences) => h("ul.reasons", sentences.map((sentence) => h("li", icon("check"), h("span", sentence))));

/** The parcel stays in the driver's hands: why, and what next. */
function keeps(told) {
  const { reason, rules, label, sizes, neighbours } = told.facts;
  const again = AGAIN.includes(reason) && label;
  const why = rules.filter((rule) => rule !== "ordinary").map((rule) => tFor("rule", rule));
  if (!why.length || BECAUSE_OF_THE_PLACE.includes(reason)) why.push(tFor("driver_keeps", reason));
  return h(`section.middle.broad${sizes.length || neighbours.length ? ".crowded" : ""}`,
    icon("parcel", "huge"),
    h("h1", t("driver_keeps.title")),
    h("p.big", why.join(" ")),
    h("p.quiet", tFor("driver_keeps", `${reason}.next`) || t("driver_keeps.other.next")),
    neighbours.length > 0 && h("p.quiet", icon("place"), t("driver_keeps.neighbours",
      { lockers: neighbours.slice(0, MOST_NEIGHBOURS).map((each) => t("driver_keeps.neighbour", each)).join(", ") })),
    sizes.length > 0 && h("div.row", sizes.map(({ size, free }) =>
      h("button", { onclick: () => post("driver/other-size", { size }) }, t("driver_keeps.size", { size, free })))),
    h("div.row",
      again ? [tryAgain(true), next(false)] : [next(true), AGAIN_LATER.includes(reason) && label && tryAgain(false)],
      signOut(),
    ),
  );
}

/** Done, open again, take it back, or another door; silence counts as done. */
function outcome(told) {
  const door = told.facts.doors[0]?.id ?? "";
  const small = plate(door);
  small.classList.add("small");
  return h("section.middle.broad.deposited",
    h("div.row.head", small, h("h1", t(told.facts.stuck ? "driver_outcome.stuck" : "driver_outcome.title", { door }))),
    h("div.row",
      h("button.primary", { ...primary, onclick: () => post("driver/done") }, icon("check"), t("driver_outcome.done")),
      h("button", { onclick: () => post("driver/reopen") }, icon("door"), t("driver_outcome.reopen")),
      h("button", { onclick: () => post("driver/take-back") }, icon("restart"), t("driver_outcome.take_back")),
    ),
    countdown(told, ANSWER_S, "driver_outcome.text"),
    h("div.other-door", h("h2", t("driver_outcome.another")),
      h("div", MISFITS.map((why) => h("button", { onclick: () => post("driver/other-door", { why }) }, t(`driver_outcome.${why}`))))),
  );
}

/** It is the locker's now. */
const stored = (told) => h("section.middle",
  success(),
  h("h1", t("driver_stored.title", { door: told.facts.compartment })),
  h("p.big", t("driver_stored.text")),
  h("div.row", next(true), signOut(told.facts.to_take)),
);

/** Signed out: what is on record of this visit. */
function summary(told) {
  const { doors: all, record, lately } = told.facts;
  const counts = COUNTED.filter((name) => told.facts[name] > 0);
  const figures = LATELY.filter((name) => lately[name] > 0).map((name) => t(`driver_summary.lately.${name}`, { n: lately[name] }));
  return h("section.middle.broad.crowded",
    success(),
    h("h1", t("driver_summary.title")),
    counts.length ? h("ul.counts", counts.map((name) => h("li", t(`driver_summary.${name}`, { n: told.facts[name] })))) : h("p.big", t("driver_summary.none")),
    all.length > 0 && h("div.plates", all.map((id) => { const shown = plate(id); shown.classList.add("small"); return shown; })),
    figures.length > 0 && h("p.quiet", t("driver_summary.lately", { days: lately.days, figures: figures.join(", ") })),
    record !== null && h("p.quiet", t("driver_summary.record", { record })),
    h("button.primary", { ...primary, onclick: () => post("visit/got-it") }, t("driver_summary.done")),
  );
}

/** What the recipient wants, and how old that is; that nothing is known is said as well. */
function wanted(wishes) {
  if (!wishes) return h("p.wishes", t("driver_plan.no_wishes"));
  const day = (text) => new Date(text).toLocaleDateString(spoken(), { day: "numeric", month: "long", year: "numeric" });
  const said = [
    wishes.locker && t("driver_plan.wants_locker"),
    wishes.second_person && t("driver_plan.second_person"),
    wishes.away_until && t("driver_plan.away", { day: day(wishes.away_until) }),
  ].filter(Boolean);
  return h("div.wishes",
    wishes.stale && h("p.notice", icon("alert"), h("span", t("driver_plan.stale", { day: day(wishes.confirmed_at) }))),
    wishes.note && h("p.note", wishes.note),
    said.length > 0 && list(said),
    !said.length && !wishes.note && h("p", t("driver_plan.no_wishes")),
  );
}

function holds(seconds) {
  if (seconds % DAY_S === 0) return t("driver_plan.hold_days", { n: seconds / DAY_S });
  if (seconds >= 3600) return t("driver_plan.hold_hours", { n: Math.round(seconds / 3600) });
  return t("driver_plan.hold_minutes", { n: Math.round(seconds / 60) });
}

/** A label is easier to compare in groups: an S10 as it is printed, others by fours. */
function grouped(label) {
  const s10 = label.match(/^([A-Z]{2})(\d{3})(\d{3})(\d{3})([A-Z]{2})$/);
  return s10 ? s10.slice(1).join(" ") : label.replace(/(.{4})(?=.)/g, "$1 ");
}

export {
  signIn as driver_sign_in, scanLabel as driver_scan, plan as driver_plan, keeps as driver_keeps, outcome as driver_outcome,
  stored as driver_stored, summary as driver_summary,
};
