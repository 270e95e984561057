"""What a commissioning wrote, as `locker check` and `locker proof verify` read it, and the truth to hold against it."""

import json
from pathlib import Path
from typing import Any

from support.command_line import Locker
from support.commissioning import Building, name
from support.locker_folder import GOOD, make_folder

from controller.device.commissioning.draft import Draft, make_draft

Wired = tuple[int, int, str]
"""Lock's channel, sensor's channel, and what its bit says."""


def site_of(folder: Path) -> Path:
    """The configuration of a site with the cabinet's tables behind it, for the locker that commissioned it."""
    site, _, cabinet = GOOD.partition("[[supplies]]")
    kiosk = cabinet[cabinet.index("[kiosk]") :]
    return make_folder(folder, f"{site}{(folder / 'cabinet.toml').read_text()}\n{kiosk}")


def configured(locker: Locker, folder: Path) -> dict[str, Any]:
    """What `locker check` says of the cabinet's tables behind those of a site."""
    config = site_of(folder)
    ended = locker("check", "--json", "--config", config)
    assert ended.code == 0, ended.out
    facts: dict[str, Any] = json.loads(ended.out)
    return facts


def proven(locker: Locker, folder: Path) -> Any:
    """The facts of a report that the locker's key has signed."""
    key = folder / "key.jwk"
    key.write_text(locker("key", "show", "--data", folder / "data").out)
    ended = locker("proof", "verify", "--json", folder / "cabinet.report.json", "--key", key)
    assert ended.code == 0, ended.out
    return json.loads(ended.out)["proofs"][0]["data"]


def wires_in(report: Any) -> dict[str, Wired | None]:
    """Where the report has each compartment's lock and sensor."""
    return {
        it["id"]: (it["lock"]["channel"], it["sensor"]["channel"], it["feedback"]) if it["sensor"] else None
        for it in report["compartments"]
    }


def wires_of(house: Building) -> dict[str, Wired | None]:
    """Where they really are."""
    loom = house.stage.script.wires.loom(house.doors)
    locks = {door: channel for channel, doors in loom.locks.items() for door in doors}
    switches = {door: channel for channel, door in loom.switches.items()}
    said = {channel: f"closed_is_{int(channel not in loom.inverted)}" for channel in loom.switches}
    return {
        name(door): (locks[door], switches[door], said[switches[door]]) if door in locks else None
        for door in house.doors
    }


def a_draft(doors: int, driver: str = "kerong-cu48", **options: object) -> Draft:
    """So many doors in their order on one board, for what needs no board."""
    board = {"name": "main", "driver": driver, "port": "/dev/x", "supply": "psu", "address": 1, **options}
    compartments = [{"id": name(door), "size": "M"} for door in range(1, doors + 1)]
    tables = {"supplies": [{"name": "psu"}], "boards": [board], "compartments": compartments}
    return make_draft(Path("draft"), tables)
