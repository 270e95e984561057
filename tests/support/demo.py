"""`locker demo` in a process of its own, and a newcomer who clicks nothing but what its page points to."""

import http.client
import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime
from support.broker import free_port
from support.command_line import PROGRAM

START_S = 60
"""A demo that is told to end has ended so soon."""
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
_DEADLINE_MS = 30_000
_AGAIN_MS = 1_500
_STEADY_MS = 150
_MOST_CLICKS = 80


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Of the touchscreen; the page is below it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.log.read_text()

    @property
    def config(self) -> Path:
        """The configuration that it says its locker has."""
        found = re.search(r"--config (\S+)", self.said)
        assert found is not None, self.said
        return Path(found[1])

    def ask(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """What a button of the page asks for, and its answer."""
        content = json.dumps(body).encode()
        request = Request(f"{self.url}/demo/{path}", content, {"content-type": "application/json"})
        with urlopen(request, timeout=START_S) as answer:
            read: dict[str, Any] = json.load(answer)
        return read

    def told(self, enough: Callable[["Told"], bool]) -> "Told":
        """What a page is told until that is `enough`."""
        told = Told({}, [])
        with urlopen(f"{self.url}/demo/live", timeout=START_S) as stream:
            name = ""
            while not enough(told):
                line = stream.readline().decode().rstrip("\n")
                name = line.removeprefix("event: ") if line.startswith("event: ") else name
                if line.startswith("data: "):
                    told.take(name, json.loads(line.removeprefix("data: ")))
        return told

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to end: its exit code, and the seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(START_S)
        return code, time.monotonic() - began


@dataclass(slots=True)
class Told:
    """What a page has been told."""

    scene: dict[str, Any]
    lines: list[dict[str, Any]]

    def take(self, name: str, data: dict[str, Any]) -> None:
        if name == "scene":
            self.scene = data
        elif name == "line":
            self.lines.append(data)

    @property
    def names(self) -> list[str]:
        return [line["name"] for line in self.lines]


@contextmanager
def running_demo(folder: Path, *words: object, environment: Mapping[str, str] | None = None) -> Iterator[Demo]:
    """A demo from its first good word to the end of the block; what it prints goes to a file in `folder`."""
    port = free_port()
    log = folder / "demo.log"
    command = [*PROGRAM, "demo", "--port", str(port), *map(str, words)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)
    demo = Demo(process, port, log)
    try:
        _await_health(demo)
        yield demo
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(START_S)


def _await_health(demo: Demo) -> None:
    deadline = time.monotonic() + START_S
    while not (_is_healthy(demo.port) and "Ctrl-C" in demo.said):
        assert demo.process.poll() is None, demo.said
        assert time.monotonic() < deadline, demo.said
        time.sleep(0.05)


def _is_healthy(port: int) -> bool:
    call = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        call.request("GET", "/healthz")
        return call.getresponse().status == 200
    except (ConnectionError, TimeoutError):
        return False
    finally:
        call.close()


class Newcomer:
    """Reads nothing, and clicks the middle of the ring."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.addresses: list[str] = []
        self.complaints: list[str] = []
        self.clicks = 0
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    @property
    def sentence(self) -> str:
        """What the strip on top says."""
        return self.page.locator("#now h1").inner_text()

    def clicks_until(self, sentence: str) -> None:
        """Click what is highlighted, and nothing else, until the strip says this."""
        for _ in range(_MOST_CLICKS):
            now = self._next(sentence)
            if sentence in now["sentence"]:
                return
            self.page.mouse.click(now["x"], now["y"])
            self.clicks += 1
            self._await_change(now)
        raise AssertionError(f"after {_MOST_CLICKS} clicks it says {self.sentence!r}")

    def _next(self, sentence: str) -> dict[str, Any]:
        """Where the ring has come to rest, or the sentence that was waited for."""
        while True:
            self.page.wait_for_function(_POINTS_OR_SAYS, arg=sentence, timeout=_DEADLINE_MS)
            seen: dict[str, Any] = self.page.evaluate(_LOOK)
            self.page.wait_for_timeout(_STEADY_MS)
            if seen == self.page.evaluate(_LOOK):
                return seen

    def _await_change(self, before: dict[str, Any]) -> None:
        try:
            self.page.wait_for_function(f"(before) => JSON.stringify(({_LOOK})()) !== before",
                                        arg=json.dumps(before, separators=(",", ":"), ensure_ascii=False),
                                        timeout=_AGAIN_MS)  # fmt: skip
        except NotInTime:
            return  # a door that sprang open again: it is still what is highlighted

    def makes(self, button: str) -> None:
        """Press a button that makes a parcel, and have its label in hand."""
        before = self.page.locator("#people .label").all_inner_texts()
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_function(
            "(old) => ![...old, undefined].includes(document.querySelector('#people .label')?.innerText)",
            arg=before,
        )

    def breaks(self, door: str, fault: str) -> None:
        """Switch a fault of a door on or off."""
        self.page.get_by_role("button", name=f"Break {door}").click()
        self.page.locator("#faults").get_by_text(fault).click()

    def received(self, name: str) -> str:
        """The latest line of this record in the carrier's view, as it is read."""
        line = self.page.locator(f'.lines li[data-name="{name}"]').first
        line.wait_for()
        return " ".join(line.inner_text().split())


_LOOK = """() => {
  const ring = document.getElementById("ring"), at = ring.getBoundingClientRect();
  const sentence = document.querySelector("#now h1")?.innerText ?? "";
  return { sentence, on: ring.hidden ? "" : ring.dataset.on, x: at.x + at.width / 2, y: at.y + at.height / 2 };
}"""
_POINTS_OR_SAYS = f"(sentence) => {{ const now = ({_LOOK})(); return now.on || now.sentence.includes(sentence); }}"


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def a_newcomer(browser: Browser, demo: Demo, size: tuple[int, int] = (1280, 800)) -> Iterator[Newcomer]:
    """Somebody who opens the page for the first time. What the page complains about fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    context.set_default_timeout(_DEADLINE_MS)
    newcomer = Newcomer(context.new_page())
    newcomer.page.goto(f"{demo.url}/demo/")
    newcomer.page.locator("#now h1").wait_for()
    yield newcomer
    context.close()
    assert newcomer.complaints == []
