// The touchscreen beside: how large it is shown, what stands on it, and where on it a finger belongs next.
// It is the real page, in a frame of our own origin; it is looked at and never touched.

const WIDTH = 800;
const HEIGHT = 480;
const place = document.getElementById("screen");
const frame = place.querySelector("iframe");

const BUTTONS = {
  collect: () => one(".choice.primary"),
  primary: () => one("main button.primary"),
  overlay: () => one("#overlay button.primary"),
  signOut: () => all("main .row button").at(-1),
  ok: () => one(".keys button.primary"),
};

const page = () => frame.contentDocument;
const one = (selector) => page()?.querySelector(selector);
const all = (selector) => [...(page()?.querySelectorAll(selector) ?? [])];
const key = (digit) => all(".keys button").find((button) => button.textContent === digit);

/** Keep it as large as its place. */
export function fit() {
  const set = () => place.style.setProperty("--scale", place.clientWidth / WIDTH);
  new ResizeObserver(set).observe(place);
  set();
}

/** What stands on the screen: its name, whether something lies over it, whether a door's page has a question because
 * no sensor answers it, and how many digits have been typed. */
export function view() {
  const name = one("main")?.dataset.name ?? "";
  const over = one("#overlay")?.hidden === false;
  const asks = name === "doors" && Boolean(one("main button.primary"));
  return { name, over, asks, typed: one(".typed")?.textContent.length ?? 0 };
}

/** Call `changed` whenever something on the screen does. */
export function watch(changed) {
  const look = () => {
    const options = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(changed).observe(page().documentElement, options);
    changed();
  };
  frame.addEventListener("load", look);
  if (page()?.readyState === "complete") look();
}

/** Where a button of the screen stands on our own page: its name, or the digit on it. */
export function rectOf(button) {
  const found = (BUTTONS[button] ?? (() => key(button)))();
  if (!found) return null;
  const inner = found.getBoundingClientRect();
  const outer = place.getBoundingClientRect();
  const scale = outer.width / WIDTH;
  if (!inner.width || inner.bottom > HEIGHT + 1) return null;
  return new DOMRect(outer.x + inner.x * scale, outer.y + inner.y * scale, inner.width * scale, inner.height * scale);
}
