// Everything that is asked of the locker. One question at a time: the screen that follows is the answer.

let page = "";
let asking = false;
let shown = 0;
let asked = 0;

/** The id that this page's stream began with. */
export const setPage = (id) => { page = id; };

/** Whether a question is on its way. */
export const isAsking = () => asking;

/** When something was last asked, as `Date.now()`. */
export const lastAsked = () => asked;

/** Ask; what is asked while another question is on its way is dropped, like a second finger. */
export async function post(path, body = {}) {
  if (asking) return;
  asking = true;
  asked = Date.now();
  const bar = document.getElementById("asking");
  clearTimeout(shown);
  shown = setTimeout(() => bar.classList.add("on"), 250);
  try {
    await send(path, body);
  } finally {
    asking = false;
    clearTimeout(shown);
    bar.classList.remove("on");
  }
}

/** Ask without waiting for a turn: signs of life. */
export async function send(path, body = {}) {
  const headers = { "content-type": "application/json", "x-page": page };
  try {
    return await fetch(`api/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  } catch {
    return null; // the stream notices that the locker is gone, and says so
  }
}
