// Every record that the carrier has received, as a sentence; the latest first.

import { h, icon } from "./dom.js";

const MOST = 200;
/** Told of many doors at once, so shown as one line. */
const TOGETHER = { "door.seen": "doors were looked at", "door.sensor_unknown": "sensors say nothing" };
const MINOR = /^(command|unlock|clock|preference|private)\.|^door\.seen/;
const PURPOSES = { deposit: "for the driver", take_back: "for the driver, to take it back", pickup: "for the recipient", reopen: "once more", service: "for the operator", all: "with every other door", audit: "to take stock", emergency: "in need", someone_inside: "to let somebody out" };
const it = (line) => (line.number ? `Parcel ${line.number}` : "A parcel");

const PARTS = ["camera", "real_time_clock", "scanner", "signals"];
const partName = (line) => (PARTS.includes(line.facts.board) ? plain(line.facts.board) : "lock board");

const NOTICES = { coming: "is coming", stored: "is here", pass: "is here, with a pass", longer: "waits longer", reminder: "still waits", call: "waits, by telephone", contact: "was not taken in: what now?", question: "is before the door: into the locker?", extension: "can wait longer", other_locker: "can go to another locker", expired: "has waited too long", returning: "goes back to the depot", redelivery: "will be brought again", not_taken_in: "was not taken in", recalled: "is no longer handed out here" };
const by = (facts) => (facts.channel ? ` by ${plain(facts.channel)}` : "");
const asked = (facts, parcel) => (facts.parcel ? `Tell the recipient${by(facts)} that ${parcel} ${NOTICES[facts.kind] ?? plain(facts.kind)}` : `Show that you are alive${by(facts)}`);

const PULSED = ["written", "acknowledged", "already_open"];

const SENTENCES = {
  "stream.started": () => "A new journal was begun",
  "boot.started": () => "The locker started",
  "boot.clean_stop": () => "The locker was stopped",
  "boot.unclean_stop": () => "The locker had lost its power",
  "clock.synced": () => "Its clock is right",
  "clock.stepped": () => "Its clock was set",
  "key.listed": (line) => `It trusts ${line.facts.keys.length} keys`,
  "key.rotation_asked": () => "An operator wants other keys trusted; a second one has to sign it",
  "key.rotated": () => "Other keys are trusted now",
  "key.ended": () => "A key is trusted no longer",
  "key.device_changed": () => "It signs with another key",
  "config.accepted": (line) => `Its configuration is to be version ${line.facts.version}`,
  "config.refused": () => "A configuration from afar was refused",
  "config.applied": (line) => `Its cabinet has ${line.facts.compartments.length} compartments`,
  "command.received": (line) => `Got our command ${line.facts.command}`,
  "command.executed": () => "Carried our command out",
  "command.refused": (line) => `Refused a command: ${plain(line.facts.reason)}`,
  "parcel.expected": (line) => `${it(line)} is expected`,
  "parcel.cancelled": (line) => `${it(line)} is cancelled`,
  "parcel.hold_started": (line) => `The time of ${it(line).toLowerCase()} runs from now on`,
  "parcel.redirected": (line) => `${it(line)} is to go elsewhere`,
  "parcel.unannounced": (line) => `A parcel that we have not announced was brought`,
  "parcel.claimed": (line) => `${it(line)} is what lay in ${line.facts.compartment} unannounced`,
  "parcel.claim_lost": (line) => `${it(line)} bears the label of what lies in ${line.facts.compartment} already`,
  "parcel.extended": (line) => `${it(line)} waits longer`,
  "site.declared": (line) => `Announced at the site: ${plain(line.facts.condition)}`,
  "site.disrupted": (line) => `At the site: ${plain(line.facts.condition)}, so parcels wait longer`,
  "site.lapsed": (line) => `Over at the site: ${plain(line.facts.condition)}`,
  "driver.signed_in": () => "A driver signed in",
  "driver.summary": (line) => `A driver's visit: ${line.facts.deposited.length} in, ${line.facts.taken_away.length} out`,
  "driver.upserted": () => "Somebody may sign in here",
  "driver.revoked": () => "Somebody may not sign in here any more",
  "driver.checklist_done": () => "The driver has read what is to be known about this place",
  "driver.signed_out": () => "The driver signed out",
  "driver.upserted": () => "The locker knows who may deliver for us",
  "driver.revoked": () => "A driver may deliver for us no more",
  "driver.refused": (line) => `A badge was refused: ${plain(line.facts.reason)}`,
  "plan.made": (line) => `${it(line)} goes into a size ${line.facts.size}`,
  "plan.refused": (line) => `${it(line)} was not taken in: ${plain(line.facts.reason)}`,
  "preference.changed": (line) => `What the recipient of ${it(line).toLowerCase()} wants is known`,
  "preference.shown": () => "The driver has read the plan and what the recipient wants",
  "preference.stale": (line) => `What the recipient of ${it(line).toLowerCase()} wants is old`,
  "preference.purged": (line) => `What the recipient of ${it(line).toLowerCase()} wanted is too old and forgotten`,
  "notification.requested": (line) => asked(line.facts, it(line).toLowerCase()),
  "notification.delivered": (line) => (line.facts.parcel ? `Told the recipient of ${it(line).toLowerCase()}${by(line.facts)}` : `A canary came through${by(line.facts)}`),
  "notification.failed": (line) => `Nobody was reached${by(line.facts)}: ${plain(line.facts.how)}`,
  "notification.exhausted": (line) => `Nobody can tell the recipient of ${it(line).toLowerCase()}: somebody has to see to it`,
  "recipient.answered": (line) => `The recipient of ${it(line).toLowerCase()} says: ${plain(line.facts.answer)}`,
  "unlock.authorised": (line) => `${line.facts.compartment} may open ${PURPOSES[line.facts.purpose] ?? ""}`,
  "recipient.signed": (line) => `Somebody signed on the screen for ${line.facts.parcels.length === 1 ? "a parcel" : `${line.facts.parcels.length} parcels`}`,
  "code.delegated": (line) => `Somebody else may collect ${it(line).toLowerCase()} too, with a code of their own`,
  "code.frozen": (line) => `The code of ${it(line).toLowerCase()} is frozen: its second identifier was wrong too often`,
  "code.pin_requested": (line) => `Send the recipient of ${it(line).toLowerCase()} a PIN, not the way the code went`,
  "code.pin_accepted": () => "The PIN was typed",
  "code.pin_refused": (line) => `A PIN was refused: ${plain(line.facts.why)}`,
  "recipient.left": () => "The recipient has left",
  "unlock.all_asked": () => "One operator wants every door opened; a second has to sign",
  "unlock.series_started": (line) => `${line.facts.compartments.length} doors are opened in turn`,
  "unlock.series_ended": (line) => `No further door is opened in turn: ${plain(line.facts.reason)}`,
  "security.tamper": (line) => `${plain(line.facts.kind)}: somebody is at the cabinet`,
  "security.tamper_ended": (line) => `${plain(line.facts.kind)}: at rest again`,
  "security.fire": () => "The fire alarm is on: no deposits",
  "security.fire_ended": () => "The fire alarm is off",
  "health.mains_lost": () => "The mains are gone",
  "health.mains_recovered": () => "The mains are back",
  "security.someone_inside": () => "Somebody may be shut in",
  "technician.signed_in": () => "A technician signed in",
  "technician.signed_out": () => "The technician signed out",
  "audit.started": () => "Stock is to be taken",
  "audit.looked": (line) => `${line.facts.compartment} was looked into: ${plain(line.facts.found)}`,
  "audit.finished": (line) => `Stock was taken: ${line.facts.missing.length} missing, ${line.facts.strays.length} strays`,
  "service.locked_out": () => "Service lock-out: nothing opens but for the technician",
  "service.lockout_ended": () => "The service lock-out was switched off",
  "service.lockout_lapsed": () => "Nobody switched the service lock-out off; it has ended by itself",
  "unlock.reported": (line) => `The lock of ${line.facts.compartment} was pulsed${PULSED.includes(line.facts.sent) ? "" : `: ${plain(line.facts.sent)}`}`,
  "door.opened": (line) => `${line.facts.compartment} opened`,
  "door.closed": (line) => `${line.facts.compartment} closed`,
  "door.left_open": (line) => `${line.facts.compartment} was left open`,
  "door.forced": (line) => `${line.facts.compartment} was forced open`,
  "door.did_not_open": (line) => `${line.facts.compartment} did not open`,
  "compartment.sensed": (line) => `${line.facts.compartment}: something is ${line.facts.present ? "inside" : "no longer inside"}`,
  "door.wiring_fault": (line) => `${line.facts.opened} opened in place of ${line.facts.compartment}: out of order`,
  "door.sensor_unknown": (line) => `The sensor of ${line.facts.compartment} says nothing`,
  "door.seen": (line) => `${line.facts.compartment} is seen ${line.facts.door}`,
  "compartment.quarantined": (line) => `${line.facts.compartment} is out of use: ${plain(line.facts.reason)}`,
  "compartment.out_of_service": (line) => `${line.facts.compartment} is blocked`,
  "compartment.restored": (line) => `${line.facts.compartment} is in use again`,
  "custody.depositing": (line) => `${line.facts.compartment} is reserved for ${it(line).toLowerCase()}`,
  "custody.released": (line) => `${it(line)} stayed with the driver: ${plain(line.facts.reason)}`,
  "custody.stored": (line) => `${it(line)} stored in ${line.facts.compartment}`,
  "custody.collecting": (line) => `Handing out ${it(line).toLowerCase()}, by ${line.facts.means}`,
  "custody.collected": (line) => `${it(line)} collected from ${line.facts.compartment}`,
  "custody.stray": (line) => `Something that nobody knows is in ${line.facts.compartment}`,
  "custody.removing": (line) => `A driver is to take ${it(line).toLowerCase()} away: ${line.facts.reason}`,
  "custody.taken_out": (line) => `${it(line)} is out of ${line.facts.compartment}, as its scan says`,
  "custody.kept": (line) => `${it(line)} stays in ${line.facts.compartment}`,
  "custody.disputed": (line) => `${it(line)} is disputed: ${plain(line.facts.claim)}`,
  "custody.dispute_settled": (line) => `The dispute over ${it(line).toLowerCase()} is settled`,
  "custody.damaged": (line) => `${it(line)} was damaged, says its recipient`,
  "custody.left_behind": (line) => `Its recipient left something in ${line.facts.compartment}`,
  "custody.removed": (line) => (line.facts.reason === "missing" ? `${it(line)} is missing` : `${it(line)} was taken away`),
  "custody.returned": (line) => `${it(line)} is with its carrier again`,
  "code.issued": (line) => `A code for ${it(line).toLowerCase()}, sealed to us`,
  "code.joined": (line) => `${it(line)} opens with the code that its recipient has already`,
  "code.reissued": (line) => `A new code for ${it(line).toLowerCase()}, sealed to us`,
  "code.revoked": () => "A code opens nothing any more",
  "app.accepted": () => "The carrier's app answered for the recipient",
  "code.accepted": () => "The right code was typed",
  "code.refused": () => "A wrong code was typed",
  "code.backed_off": () => "Too many wrong codes",
  "pass.accepted": () => "A good pass was shown",
  "private.erased": () => "The code’s keyed hash is erased",
  "pass.refused": () => "A pass was refused",
  "ladder.step": (line) => `Next step for ${it(line).toLowerCase()}: ${plain(line.facts.action)}`,
  "health.board_fault": (line) => `The ${partName(line)} has a fault: ${plain(line.facts.fault)}`,
  "health.board_recovered": (line) => `The ${partName(line)} works again`,
  "health.disk_low": () => "The disk is full",
  "health.disk_recovered": () => "The disk has room again",
  "health.undervoltage": () => "Its power does not suffice",
  "health.voltage_recovered": () => "Its power suffices again",
  "health.overheat": (line) => `It is too hot: ${line.facts.celsius} °C`,
  "health.drift": (line) => `${line.facts.figure.replaceAll("_", " ")}: ${line.facts.count} within ${line.facts.days} days${line.facts.about ? ` at ${line.facts.about}` : ""}; somebody should look`,
  "health.drift_over": (line) => `${line.facts.figure.replaceAll("_", " ")}: well again${line.facts.about ? ` at ${line.facts.about}` : ""}`,
  "health.temperature_recovered": (line) => `It has cooled down to ${line.facts.celsius} °C`,
  "health.storage_error": () => "The journal is damaged",
  "security.bad_signature": (line) => `A signature was not good: ${plain(line.facts.what)}`,
  "security.replay": (line) => `Something was sent twice: ${plain(line.facts.what)}`,
  "security.guessing": () => "Somebody is guessing codes",
  "security.fork": () => "Our acknowledgement fits no record",
};

/** The list itself. */
export const lines = h("ol.lines");

/** Forget all lines: they come again. */
export const clearLines = () => lines.replaceChildren();

/** One more record. */
export function addLine(line) {
  lines.prepend(row(line, line.name in TOGETHER ? doorsBefore(line.name) : 0));
  while (lines.children.length > MOST) lines.lastChild.remove();
}

/** How many doors the line on top tells the same of; it is taken away for one that tells of all. */
function doorsBefore(name) {
  const top = lines.firstChild;
  if (top?.dataset.name !== name) return 0;
  top.remove();
  return Number(top.dataset.doors);
}

function row(line, before) {
  const sentence = before ? `${before + 1} ${TOGETHER[line.name]}` : (SENTENCES[line.name]?.(line) ?? line.name);
  const time = new Date(line.at_ms);
  return h(`li${line.signed ? ".signed" : MINOR.test(line.name) ? ".minor" : ""}`, { "data-name": line.name, "data-doors": before + 1 },
    h("details",
      h("summary",
        h("time", { datetime: time.toISOString() }, time.toLocaleTimeString([], { hour12: false })),
        h("span.what", sentence),
        line.signed && proof(line.proven)),
      h("p.name", `${line.name} · record ${line.sequence}`),
      h("pre", JSON.stringify(line.facts, null, 1).replace(/^[{}]\n?|^ /gm, "").replaceAll('"', "").trim())),
  );
}

const proof = (good) => (good
  ? h("span.proof", { title: "The carrier has checked the locker’s signature on this record" }, icon("seal"), "verified")
  : h("span.proof.bad", { title: "The signature of this record could not be checked" }, "not verified"));

/** A reason code as words. */
const plain = (code) => String(code ?? "").replaceAll("_", " ");
