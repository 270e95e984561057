// Everything the page asks for.

let hide = 0;

/** Ask, and give the answer; null when there was none. */
export async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // the stream notices that the demo is gone, and says so
  }
}

/** Have the carrier order something, and say so where the locker does not do it. */
export async function order(path, body) {
  const answer = await post(path, body);
  if (answer && answer.result !== "executed") note(`${answer.result}: ${(answer.reason ?? "").replaceAll("_", " ")}`);
  return answer;
}

/** Say something that passes. */
export function note(text) {
  const place = document.getElementById("note");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => { place.hidden = true; }, 3500);
}
