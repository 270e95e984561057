// QR codes: drawn here from the outline that the demo gives, so that no code or pass is ever part of an address.

import { h, s } from "./dom.js";
import { post } from "./post.js";

const outlines = new Map();

function outlineOf(text) {
  if (!outlines.has(text)) outlines.set(text, post("qr", { text }));
  return outlines.get(text);
}

/** A QR code that a click enlarges, with its text; `what` names it. */
export function qr(text, what) {
  const button = h("button.qr", { title: `Enlarge: ${what}`, "aria-label": `Enlarge: ${what}`, onclick: () => enlarge(text, what) });
  outlineOf(text).then((outline) => outline && button.append(draw(outline)));
  return button;
}

function draw({ size, path }) {
  const box = `0 0 ${size} ${size}`;
  return s("svg", { viewBox: box, "aria-hidden": "true" }, s("rect", { width: size, height: size, fill: "#fff" }), s("path", { d: path, fill: "#000" }));
}

async function enlarge(text, what) {
  const outline = await outlineOf(text);
  const dialog = document.getElementById("shown");
  dialog.replaceChildren(
    h("h2", what),
    outline && draw(outline),
    h("p.text", text),
    h("button", { autofocus: true, onclick: () => dialog.close() }, "Close"),
  );
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onclose = () => dialog.replaceChildren();
  dialog.showModal();
}
