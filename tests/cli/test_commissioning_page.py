"""docs/commissioning.md: its block is run as it stands, and it names every finding and every key."""

import os
import re
import subprocess
import sys
from pathlib import Path

from support.documented import DOCS, block

from controller.cli.commission_person import HELP
from controller.device.commissioning.findings import Kind

PAGE = "commissioning.md"


def test_the_block_commissions_a_cabinet(tmp_path: Path) -> None:
    port = str(tmp_path / "cabinet")
    (tmp_path / "draft.toml").write_text(block(PAGE, "toml").replace("/tmp/cabinet", port))
    script = block(PAGE, "sh").replace("/tmp/cabinet", port)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    ran = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=60
    )

    assert ran.returncode == 0, ran.stderr
    assert "4 of 4 compartments can be used." in ran.stdout
    assert "proof    is good" in ran.stdout
    assert (tmp_path / "cabinet.toml").read_text().count("[[compartments]]") == 4
    assert "door 3 opened" in (tmp_path / "doors.log").read_text()


def test_every_finding_is_explained() -> None:
    table = (DOCS / PAGE).read_text().partition("| finding |")[2]
    explained = [kind for row in table.splitlines() for kind in re.findall(r"`(\w+)`", row.partition(" | ")[0])]
    assert sorted(explained) == sorted(Kind)


def test_every_key_is_explained() -> None:
    typed = re.findall(r"^\| (`\S+`|Enter)", (DOCS / PAGE).read_text().partition("| type |")[2], re.MULTILINE)
    assert [key.strip("`") for key in typed[:6]] == ["7", "Enter", "0", "+", "-", "f"]
    assert all(f"{key.strip('`')} " in HELP for key in typed[:6])
