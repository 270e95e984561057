// Elements made from plain calls; nothing is ever parsed from text.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("p.quiet", "text")`, `h("button.primary", { onclick }, icon("check"), "OK")`. */
export function h(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  return fill(element, rest);
}

/** The same for SVG. */
export function s(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElementNS(SVG, tag);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  return fill(element, rest);
}

function fill(element, rest) {
  for (const item of rest.flat()) {
    if (item === null || item === undefined || item === false) continue;
    if (typeof item === "object" && !(item instanceof Node)) setAll(element, item);
    else element.append(item);
  }
  return element;
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

const PATHS = {
  alert: "M12 3 2.5 20h19zM12 10v4.5M12 17.4v.1",
  back: "M15 5l-7 7 7 7",
  badge: "M5 3h14v18H5zM9.5 6.5h5M12 14a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4M8.5 18c.4-1.8 1.8-2.6 3.5-2.6s3.1.8 3.5 2.6",
  barcode: "M3 6v12M6.5 6v12M10 6v12M13 6v12M17 6v12M21 6v12M15 6v12",
  check: "M4 12.5l5.5 5.5L20 6.5",
  contrast: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8h5.5M12 12h6.5M12 16h5.5",
  door: "M5 21V3h14v18M3 21h18M9 12v.1",
  help: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9.3 9.4a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.2.9-1.2 1.8M12 17v.1",
  keys: "M6 6h.1M12 6h.1M18 6h.1M6 12h.1M12 12h.1M18 12h.1M12 18h.1",
  language: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M3 12h18M12 3c2.6 2.6 3.6 5.6 3.6 9s-1 6.4-3.6 9c-2.6-2.6-3.6-5.6-3.6-9S9.4 5.6 12 3",
  parcel: "M3.5 7.5 12 3l8.5 4.5v9L12 21l-8.5-4.5zM3.5 7.5 12 12l8.5-4.5M12 12v9M7.8 5.3l8.4 4.5v3.4",
  pass: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v.1M14 20h.1M17 20h3v-3",
  push: "M8 12V5.5a1.5 1.5 0 0 1 3 0V11m0-.5V9.5a1.5 1.5 0 0 1 3 0V11m0-.3a1.5 1.5 0 0 1 3 0V12m0-.2a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1.5a6 6 0 0 1-5-2.7L4.3 14a1.6 1.6 0 0 1 2.6-1.8L8 13.5",
  restart: "M4 4v5h5M4.6 9A8 8 0 1 1 4 13.5",
  pen: "M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L8 18.5zM14.5 6l3 3M4 20h8",
  place: "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  seat: "M8 4.5h.1M8 8v6h6.5l2.5 5.5M8 10.5h6M6.2 11.2a5 5 0 1 0 7.6 6",
  telephone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4",
  truck: "M2.5 6h11v10.5h-11zM13.5 9.5h4l4 4v3h-8zM7 19a1.9 1.9 0 1 0 0-3.8A1.9 1.9 0 0 0 7 19M17 19a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8",
  wait: "M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4",
};

/** A drawing of ours on a 24 by 24 grid. */
export function icon(name, size = "") {
  return s(`svg.icon.icon-${name}${size ? "." + size : ""}`, { viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: PATHS[name] }));
}
