// Elements from plain calls; nothing is ever parsed from text.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("button.primary", { onclick }, "OK")`. Missing and false children are left out. */
export const h = (name, ...rest) => build(document.createElement(name.split(".")[0]), name, rest);

/** The same for SVG. */
export const s = (name, ...rest) => build(document.createElementNS(SVG, name.split(".")[0]), name, rest);

function build(element, name, rest) {
  const classes = name.split(".").slice(1).join(" ");
  if (classes) element.setAttribute("class", classes);
  for (const item of rest.flat(2)) {
    if (item === null || item === undefined || item === false) continue;
    if (typeof item === "object" && !(item instanceof Node)) give(element, item);
    else element.append(item);
  }
  return element;
}

function give(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

const PATHS = {
  badge: "M6 3h12v18H6zM10 6h4M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4M9 18c.4-1.6 1.6-2.3 3-2.3s2.6.7 3 2.3",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  check: "M4.5 12.5l5 5L20 7",
  dots: "M6 12h.1M12 12h.1M18 12h.1",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18.5h2",
  seal: "M12 3l2.2 1.7 2.8-.1.7 2.7 2.3 1.6-1 2.6 1 2.6-2.3 1.6-.7 2.7-2.8-.1L12 20l-2.2-1.7-2.8.1-.7-2.7L4 14.1l1-2.6-1-2.6 2.3-1.6.7-2.7 2.8.1zM8.8 11.6l2.3 2.3 4.2-4.4",
  truck: "M3 7h10v9H3zM13 10h4l3.5 3.5V16H13zM7 18.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4M17 18.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4",
};

/** A drawing of ours on a 24 by 24 grid. */
export const icon = (name) => s(`svg.icon`, { viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: PATHS[name] }));

/** Calls `draw` whenever the facts it is given differ from the last. */
export function whenNew(draw) {
  let last = "";
  return (facts) => {
    const key = JSON.stringify(facts);
    if (key === last) return;
    last = key;
    draw(facts);
  };
}
