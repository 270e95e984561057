"""Home Assistant itself, headless, with its own MQTT integration, for one test. Needs Python 3.13 on the machine."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from support.broker import free_port

VERSION = "2025.4.4"
_NEEDED = (
    f"homeassistant=={VERSION}",
    "paho-mqtt>=2",
    "home-assistant-frontend",
    "sqlalchemy",
    "numpy",
    "fnv-hash-fast",
    "psutil-home-assistant",
    "PyTurboJPEG",
    "janus",
    "Pillow",
)
_START_S = 180.0
_NAME, _WORD = "tester", "a-word-for-one-test"


def installed() -> Path:
    """Its Python, installed once into the cache of this user."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parcel-locker" / "home-assistant"
    python = cache / "bin" / "python"
    ready = (
        subprocess.run([python, "-m", "homeassistant", "--version"], capture_output=True, text=True, check=False)
        if (python.exists())
        else None
    )
    if ready is None or ready.stdout.strip() != VERSION:
        shutil.rmtree(cache, ignore_errors=True)
        subprocess.run([_python_3_13(), "-m", "venv", cache], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *_NEEDED], check=True)
    return python


def _python_3_13() -> str:
    found = shutil.which("python3.13")
    versions = sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python"))
    assert versions or found, "Home Assistant needs Python 3.13 here"
    return str(versions[-1]) if versions else str(found)


class HomeAssistant:
    """One that runs; `token` speaks for its owner."""

    def __init__(self, folder: Path, broker_port: int) -> None:
        self._python = installed()
        self._folder = folder
        self._url = f"http://127.0.0.1:{free_port()}"
        self._write(broker_port)
        self._process: subprocess.Popen[bytes] | None = None
        self._token = ""

    def start(self) -> None:
        """Make its owner, start it, and sign in."""
        hass = [str(self._python), "-m", "homeassistant"]
        subprocess.run(
            [*hass, "--script", "auth", "-c", self._folder, "add", _NAME, _WORD], check=True, capture_output=True
        )
        with (self._folder / "out.log").open("wb") as log:
            command = [*hass, "--skip-pip", "-c", str(self._folder)]
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + _START_S
        while not self._token:
            assert self._process.poll() is None, (self._folder / "out.log").read_text()
            assert time.monotonic() < deadline, (self._folder / "out.log").read_text()
            time.sleep(0.5)
            self._token = self._signed_in()

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)

    def states(self) -> dict[str, dict[str, Any]]:
        """Every entity by its id."""
        return {each["entity_id"]: each for each in self._call("/api/states")}

    def state(self, entity: str) -> str | None:
        """How one entity stands; None for one that there is not."""
        found = self.states().get(entity)
        return None if found is None else str(found["state"])

    def press(self, entity: str) -> None:
        """Press a button."""
        self._call("/api/services/button/press", {"entity_id": entity})

    def _signed_in(self) -> str:
        client = {"client_id": f"{self._url}/"}
        try:
            flow = self._call(
                "/auth/login_flow", client | {"handler": ["homeassistant", None], "redirect_uri": f"{self._url}/"}
            )
            done = self._call(f"/auth/login_flow/{flow['flow_id']}", client | {"username": _NAME, "password": _WORD})
            form = urllib.parse.urlencode(client | {"grant_type": "authorization_code", "code": done["result"]})
            with urllib.request.urlopen(f"{self._url}/auth/token", form.encode(), timeout=10) as answer:
                return str(json.load(answer)["access_token"])
        except (urllib.error.URLError, ConnectionError):
            return ""

    def _call(self, path: str, body: object = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _write(self, broker_port: int) -> None:
        port = self._url.rpartition(":")[2]
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "configuration.yaml").write_text(
            f"http:\n  server_host: 127.0.0.1\n  server_port: {port}\napi:\nauth:\n"
        )
        entry: dict[str, Any] = {
            "created_at": "2025-01-01T00:00:00+00:00",
            "modified_at": "2025-01-01T00:00:00+00:00",
            "data": {"broker": "127.0.0.1", "port": broker_port, "discovery": True},
            "disabled_by": None,
            "discovery_keys": {},
            "domain": "mqtt",
            "entry_id": "mqtt",
            "minor_version": 2,
            "options": {},
            "pref_disable_new_entities": False,
            "pref_disable_polling": False,
            "source": "user",
            "subentries": [],
            "title": "broker",
            "unique_id": None,
            "version": 1,
        }
        storage = {"version": 1, "minor_version": 5, "key": "core.config_entries", "data": {"entries": [entry]}}
        (self._folder / ".storage").mkdir()
        (self._folder / ".storage" / "core.config_entries").write_text(json.dumps(storage))
