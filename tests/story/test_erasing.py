"""A recipient wants to be forgotten: the operator at the terminal erases what is private, and shows that it is gone."""

import json
from pathlib import Path

import pytest
from support import daemon_journal
from support.daemon import locker, wait_until
from support.daemon_people import Street
from support.daemon_storm import a_street
from support.locker_in_hand import s10_label

from controller.domain.commands import ExpectParcel
from controller.domain.ids import CarrierId, Note, ParcelId, WallMs
from controller.domain.preferences import Instructions

NOTE = "the blue door behind the lilac"


def files_with(street: Street, text: str) -> list[str]:
    """Names of the files of this locker in which the text stands."""
    files = [path for path in street.site.data_dir.rglob("*") if path.is_file()]
    return [path.name for path in files if text.encode() in path.read_bytes()]


@pytest.mark.timeout(300)
def test_everything_private_about_a_recipient_is_erased_and_the_chain_still_holds(tmp_path: Path) -> None:
    with a_street(tmp_path) as street:
        street.daemon.run()
        street.command(
            ExpectParcel(
                parcel=ParcelId("P1"),
                label=s10_label(1),
                carrier=CarrierId("acme"),
                recipient="r-1",
                preferences=Instructions(confirmed_at=WallMs(1_795_000_000_000), note=Note(NOTE)),
            )
        )
        street.deliver("P1", s10_label(1))
        assert files_with(street, NOTE)

        erased = locker("erase", "r-1", "--data", street.site.data_dir, "--json")
        report = json.loads(erased.stdout)
        assert [part["type"] for part in report["erased"]] == ["preference.changed"]
        assert [(part["type"], part["why"]) for part in report["kept"]] == [("code.issued", "live_code")]
        wait_until(lambda: not files_with(street, NOTE), "the note to be gone from every file")

        street.collect("P1")
        said = locker("erase", "r-1", "--data", street.site.data_dir)
        assert (said.returncode, said.stdout) == (1, "")
        assert said.stderr.endswith("nothing private is kept about r-1\n")
        street.daemon.terminate()
        assert daemon_journal.verified(street.site.data_dir).damage is None
        assert NOTE not in street.daemon.said()
