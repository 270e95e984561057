// What a newcomer does next: found anew from what has happened, so that nobody can lose the way.

/** The steps of the strip, in order. */
export const STEPS = ["Make a parcel", "Driver signs in", "Scan the label", "Put it in", "Type the code", "Take it out"];

const DONE = STEPS.length;
const IDLE_DRIVER = ["driver_scan", "driver_stored", "driver_label", "driver_keeps"];

const step = (number, say, why, target = null) => ({ number, say, why, target });
const on = (button) => ({ kind: "screen", name: button });
const door = (id) => ({ kind: "door", name: id });
const press = (id) => ({ kind: "button", name: id });

/** The parcel that the story is about: the one chosen, as long as it lives, else the latest that is on its way; one
 * that the locker must refuse, only until there is a later one. */
export function heroOf(parcels, chosen) {
  const live = parcels.filter((parcel) => !parcel.gone);
  const moving = live.filter((parcel) => ["depositing", "collecting"].includes(parcel.custody));
  const ordinary = live.filter((parcel) => !parcel.regulated);
  const latest = Math.max(...parcels.map((parcel) => parcel.number));
  const refused = live.find((parcel) => parcel.number === latest);
  return live.find((parcel) => parcel.id === chosen) ?? moving.at(-1) ?? ordinary.at(-1) ?? refused ?? null;
}

/** The next thing to do: its number, a sentence, why, and what to press, if anything. */
export function nextStep(scene, kiosk, chosen) {
  const hero = heroOf(scene.parcels, chosen);
  const number = hero ? { expected: 1, depositing: 3, stored: 4, collecting: 5 }[hero.custody] : 0;
  if (kiosk.over) return step(number, "Touch the screen", "It covers itself when nobody has touched it for a while.", on("overlay"));
  if (kiosk.name === "busy") return step(number, "Somebody is at the touchscreen", "It is open in another window as well, and serves one visitor at a time.");
  if (!hero) return beginning(scene, kiosk);
  const left = scene.doors.find((each) => each.open && each.id !== hero.compartment);
  if (left && kiosk.name === "doors" && ["expected", "stored"].includes(hero.custody)) return step(number, `Close ${left.id}`, "The screen waits for it.", door(left.id));
  return { expected, depositing, stored, collecting }[hero.custody](hero, scene, kiosk);
}

function beginning(scene, kiosk) {
  const last = scene.parcels.at(-1);
  if (last?.custody !== "collected") {
    return step(0, "Make a parcel", "The carrier announces it to the locker, in a signed message over MQTT.", press("make"));
  }
  if (kiosk.name === "outcome") return step(5, "Tell the screen that you have it", "The record is signed and on its way already.", on("primary"));
  return step(DONE, "Done: collected and proven", "Its signature is verified. Now break something: press ⋯ on a door.");
}

function expected(hero, scene, kiosk) {
  switch (kiosk.name) {
    case "driver_plan":
      return step(2, "Open a door", "First the driver reads how this parcel must be handed over, and why.", on("primary"));
    case "driver_keeps":
      return hero.regulated
        ? step(2, "The locker refuses it, and says why", "Regulated goods are handed over in person. Make an ordinary parcel.", press("make"))
        : step(2, "Go on", "The screen says why that parcel stays with the driver.", on("primary"));
    case "did_not_open":
      return step(3, "Try another door", "This one stayed shut, so it is out of use until somebody has looked at it.", on("primary"));
    case "driver_scan": case "driver_stored": case "driver_label":
      return step(2, "Scan the label", "The driver holds the parcel before the scanner.", press("scan-label"));
    case "doors": case "driver_outcome": case "needs_person": case "away": case "unavailable":
      return step(1, "One moment", "The touchscreen is busy with something else.");
    default:
      return step(1, "Scan the badge", "The driver holds it before the scanner, and is signed in.", press("scan-badge"));
  }
}

function depositing(hero, scene, kiosk) {
  const at = scene.doors.find((each) => each.id === hero.compartment);
  if (kiosk.name === "did_not_open") return step(3, "Try another door", "The lock was pulsed, and the door stayed shut.", on("primary"));
  if (at?.open && at.next === "put") return step(3, "Put the parcel in", `${at.id} sprang open.`, door(at.id));
  if (at?.open) return step(3, "Close the door", "Its sensor says so to the locker.", door(at.id));
  if (kiosk.name === "driver_outcome") return step(3, "Say that it is done", "Silence counts as done as well.", on("primary"));
  return opening(3, at, scene, kiosk);
}

function stored(hero, scene, kiosk) {
  if (IDLE_DRIVER.includes(kiosk.name)) {
    return step(3, "Sign the driver out", "The parcel is the locker’s now: signed, and told to the carrier.", on("signOut"));
  }
  switch (kiosk.name) {
    case "home":
      return step(4, "Collect a parcel", "The recipient comes, with the code that the carrier has sent.", on("collect"));
    case "code":
      return typing(hero.code, kiosk.typed);
    case "driver_summary": case "scan": case "outcome":
      return step(4, "Go on", "Touch the screen.", on("primary"));
    case "too_many_tries": case "driver_sign_in":
      return step(4, "Scan the pass", "A pickup pass works where a code does not.", press("scan-pass"));
    case "needs_person":
      return step(4, "Somebody has to help", "The screen says why. The operator can open the door from afar: ⋯ on the door.");
    default:
      return step(4, "One moment", "The touchscreen is busy with something else.");
  }
}

function opening(number, at, scene, kiosk) {
  if (kiosk.asks) return step(number, "Say that it is closed", "No sensor tells the locker so.", on("primary"));
  if (scene.silent) return step(number, "The board does not answer", "The locker cannot see its doors. Mend it: press ⋯ on any door.");
  if (at?.jammed) return step(number, `${at.id} is jammed`, "The locker waits for ten seconds, then the screen says so.");
  return step(number, "The door opens", "The unlock is on record before the lock is pulsed.");
}

function typing(code, typed) {
  if (!code) return step(4, "The code is on its way", "Sealed, so that only the carrier can read it.");
  if (typed < code.length) return step(4, `Type ${code.replace(/(.{4})(?=.)/g, "$1 ")}`, "The locker itself keeps nothing but a keyed hash of it.", on(code[typed]));
  return step(4, "Press OK", "The locker itself keeps nothing but a keyed hash of it.", on("ok"));
}

function collecting(hero, scene, kiosk) {
  const at = scene.doors.find((each) => each.id === hero.compartment);
  if (kiosk.name === "did_not_open") {
    const mend = at?.jammed ? ` Mend ${at.id} first, with its ⋯` : "";
    return step(5, "Try again", `The code is spent only when the parcel is collected.${mend}`, on("primary"));
  }
  if (at?.open && at.next === "take") return step(5, "Take the parcel out", `${at.id} sprang open.`, door(at.id));
  if (at?.open) return step(5, "Close the door", "Then the parcel counts as collected.", door(at.id));
  if (kiosk.name === "home") return step(4, "Collect a parcel", "The door did not open for long enough: the same code works again.", on("collect"));
  if (kiosk.name === "code") return typing(hero.code, kiosk.typed);
  return opening(5, at, scene, kiosk);
}
