// Measures the page as it stands and lists what is wrong with it. Runs inside the page.
() => {
  const problems = [];
  const overlay = document.getElementById("overlay");
  const roots = overlay.hidden ? [document.getElementById("bar"), document.getElementById("screen")] : [overlay];
  const name = (e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} "${e.textContent.trim().slice(0, 40)}"`;

  const wide = document.scrollingElement;
  if (wide.scrollWidth > innerWidth || wide.scrollHeight > innerHeight) problems.push("the page scrolls");
  for (const root of roots) {
    if (root.scrollWidth > root.clientWidth + 1) problems.push(`${root.id} scrolls sideways`);
    if (root.scrollHeight > root.clientHeight + 1) problems.push(`${root.id} scrolls down`);
  }

  const seen = (e) => e.checkVisibility() && !e.closest(".unseen");
  const all = roots.flatMap((root) => [...root.querySelectorAll("*")]).filter(seen);
  for (const e of all) {
    const box = e.getBoundingClientRect();
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      if (!e.closest("svg") || e.tagName === "svg") problems.push(`${name(e)} leaves the screen`);
    if (e.matches("button, h1, h2, p, span, dd, dt, .typed") && e.clientWidth && e.scrollWidth > e.clientWidth + 1)
      if (getComputedStyle(e).display !== "inline" && !e.matches(".place")) problems.push(`${name(e)} is cut off`);
  }

  const buttons = all.filter((e) => e.matches("button"));
  const boxes = buttons.map((e) => e.getBoundingClientRect());
  buttons.forEach((e, i) => {
    const least = e.closest("#bar") ? 44 : 64;
    const { width, height } = boxes[i];
    const narrow = e.closest(".board") ? Math.min(58, (innerWidth - 120) / 10) : least;
    if (width < narrow - 0.5 || height < least - 0.5) problems.push(`${name(e)} is ${width} by ${height}`);
    for (let k = i + 1; k < boxes.length; k++) {
      const [a, b] = [boxes[i], boxes[k]];
      const apart = Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom);
      if (apart < 7.5 && !(e.closest("#bar") && apart >= 3)) problems.push(`${name(e)} is ${apart} from ${name(buttons[k])}`);
    }
  });

  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const colour = (text) => text.match(/[\d.]+/g).map(Number);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
  const behind = (e) => {
    for (let up = e; up; up = up.parentElement) {
      const found = colour(getComputedStyle(up).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  for (const e of all) {
    if (e.closest("button:disabled")) continue;
    const style = getComputedStyle(e);
    const words = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (words && e.closest("svg")) {
      const plate = e.parentElement.querySelector("rect");
      const got = ratio(colour(style.fill), colour(getComputedStyle(plate).fill));
      if (got < 7) problems.push(`${name(e)} has contrast ${got.toFixed(2)}`);
    } else if (words) {
      const got = ratio(colour(style.color), behind(e));
      if (got < 7) problems.push(`${name(e)} has contrast ${got.toFixed(2)}`);
    }
    if (e.matches("button:not(.bare), .typed")) {
      const around = behind(e.parentElement);
      const edge = Math.max(ratio(colour(style.borderTopColor), around), ratio(behind(e), around));
      if (edge < 3) problems.push(`${name(e)} stands out by ${edge.toFixed(2)} only`);
    }
    if (e.matches(".cabinet .door rect")) {
      const body = colour(getComputedStyle(e.closest(".cabinet").querySelector(".body")).fill);
      const got = ratio(colour(style.stroke), body);
      if (got < 3) problems.push(`a door stands out by ${got.toFixed(2)} only`);
    }
  }
  return problems;
}
