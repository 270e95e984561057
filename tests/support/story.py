"""A browser before a real daemon's touchscreen, and openssl, which trusts nobody."""

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from support.daemon import DEADLINE_S
from support.daemon_site import Site

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
_SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""The DER of RFC 8410 up to the 32 bytes of the key."""


class Screen:
    """The page, and fingers to touch it with."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def shows(self, name: str) -> None:
        """Wait until this screen is up."""
        self._page.wait_for_selector(f"main[data-name={name}]")

    def reads(self, text: str) -> None:
        """Wait until this can be read."""
        self._page.get_by_text(text).first.wait_for()

    def tap(self, name: str) -> None:
        """Touch the button whose name begins so."""
        self._page.get_by_role("button", name=name).first.click()

    def photograph(self, file: Path) -> None:
        """What a telephone before it sees."""
        self._page.screenshot(path=file)

    def type(self, keys: str) -> None:
        """Touch one key after the other, then OK."""
        for key in keys:
            self._page.get_by_role("button", name=key, exact=True).click()
        self._page.get_by_role("button", name="OK", exact=True).click()


@contextmanager
def a_screen(site: Site) -> Iterator[Screen]:
    """Debian's Chromium on the site's touchscreen. What the page complains about fails the test."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGUMENTS)
        page = browser.new_page(viewport={"width": 800, "height": 480}, reduced_motion="reduce")
        page.set_default_timeout(DEADLINE_S * 1000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"http://127.0.0.1:{site.kiosk_port}")
        yield Screen(page)
        browser.close()
    assert complaints == []


def signing_key(jwks: str) -> dict[str, Any]:
    """The public key that signs, out of what `locker key show` prints."""
    (key,) = (key for key in json.loads(jwks)["keys"] if key["use"] == "sig")
    return dict(key)


def openssl_accepts(record: bytes, key: dict[str, Any], folder: Path) -> bool:
    """Whether openssl finds the record's proof good, which must be of the record's own bytes without it."""
    token = json.loads(record)["proof"]
    header, payload, signature = token.split(".")
    whole = _decoded(payload)[:-1] + b',"proof":"' + token.encode() + b'"}'
    (folder / "message").write_bytes(f"{header}.{payload}".encode())
    (folder / "signature").write_bytes(_decoded(signature))
    (folder / "key.pem").write_text(_pem(key))
    words = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        "key.pem",
        "-in",
        "message",
        "-sigfile",
        "signature",
    ]
    judged = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=DEADLINE_S)
    assert judged.returncode in (0, 1), judged.stderr
    return whole == record and judged.returncode == 0


def _pem(key: dict[str, Any]) -> str:
    der = base64.b64encode(_SPKI_ED25519 + _decoded(key["x"])).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
