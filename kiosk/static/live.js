// The stream of screens: retried for ever with growing pauses; silence counts as gone.

const PAUSES_MS = [200, 500, 1000, 2000, 4000, 8000, 15000];
const SILENCE_MS = 25000;

/** Follow the locker. `on.site`, `on.screen` take what it sends, `on.away` is called when it stops answering. */
export function follow(on) {
  let source = null;
  let tries = 0;
  let watchdog = 0;
  let pause = 0;

  function heard() {
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, SILENCE_MS);
  }

  function lost() {
    clearTimeout(watchdog);
    source.close();
    on.away();
    pause = setTimeout(connect, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
    tries += 1;
  }

  function connect() {
    clearTimeout(pause);
    source = new EventSource("api/live");
    source.addEventListener("error", lost);
    source.addEventListener("beat", heard);
    for (const name of ["site", "screen"]) {
      source.addEventListener(name, (event) => {
        heard();
        tries = 0;
        on[name](JSON.parse(event.data));
      });
    }
    heard();
  }

  connect();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    source.close();
    connect();
  });
}
