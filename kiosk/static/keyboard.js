// Everything by keyboard, and by a pad of twelve keys: digits, * to go back, # to go on.

import { digitTyped } from "./code.js";
import { labelTyped } from "./label.js";
import { pinTyped } from "./pin.js";
import { post } from "./post.js";

/** Few ever see that screen: its module is there once the screen is. */
const contactTyped = (key) => /^(.|Backspace|Delete|Enter)$/.test(key) && import("./wishing.js").then((drawn) => drawn.contactTyped(key));
const TYPING = { code: digitTyped, driver_label: labelTyped, technician_label: labelTyped, driver_pin: pinTyped, driver_number: pinTyped, driver_number_pin: pinTyped, technician_pin: pinTyped, pin: pinTyped, second: pinTyped, contact: contactTyped };
const BACK = ["Escape", "*"];
const ON = ["Enter", "#"];

/** `told` gives the screen that is up. */
export function listen(told) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const overlay = document.getElementById("overlay");
    const scope = overlay.hidden ? document : overlay;
    if (overlay.hidden && typed(told(), event)) event.preventDefault();
    else if (BACK.includes(event.key)) press(scope.querySelector("[data-back]") ?? document.querySelector("#bar .back"), event);
    else if (ON.includes(event.key) && !onButton(event)) press(scope.querySelector("[data-enter]"), event);
  });
}

function typed(told, event) {
  if (!told) return false;
  if (told.screen === "home" && /^\d$/.test(event.key)) {
    digitTyped(event.key);
    post("visit/go", { to: "code" });
    return true;
  }
  const enter = event.key === "Enter" && onButton(event);
  return !enter && Boolean(TYPING[told.screen]?.(event.key));
}

const onButton = (event) => event.key === "Enter" && document.activeElement?.matches("button:focus-visible");

function press(button, event) {
  if (!button) return;
  event.preventDefault();
  button.click();
}
