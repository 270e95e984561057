// The stream of what happens: retried for ever; let go of while nobody looks at the page, for browsers allow few.

const PAUSES_MS = [200, 500, 1000, 2000, 4000];
const SILENCE_MS = 25000;

/** Follow the demo. `on.begin`, `on.scene` and `on.line` take what it sends; `on.away` is called when it is gone. */
export function follow(on) {
  let source = null;
  let tries = 0;
  let watchdog = 0;
  let pause = 0;

  function heard() {
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, SILENCE_MS);
  }

  function close() {
    clearTimeout(watchdog);
    clearTimeout(pause);
    source?.close();
  }

  function lost() {
    close();
    on.away();
    pause = setTimeout(open, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
    tries += 1;
  }

  function open() {
    close();
    source = new EventSource("live");
    source.addEventListener("error", lost);
    source.addEventListener("beat", heard);
    for (const name of ["begin", "scene", "line"]) {
      source.addEventListener(name, (event) => {
        heard();
        tries = 0;
        on[name](JSON.parse(event.data));
      });
    }
    heard();
  }

  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? open() : close()));
  open();
}
