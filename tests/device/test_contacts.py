"""Contacts of the cabinet from the configuration to the record."""

from pathlib import Path

import pytest
from support.locker_folder import GOOD, make_folder
from support.on_a_loop import eventually, on_a_loop

from controller.device.app import open_locker
from controller.device.contacts import Contacts
from controller.device.settings import load
from controller.device.settings_errors import SettingsError
from controller.domain.contacts import Contact, ContactKind
from controller.domain.ids import Door
from controller.domain.inputs import ContactRead
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.computer import SimulatedComputer
from firmware_bridge.timers import ThreadTimers

BACK = Contact("back", ContactKind.SERVICE_DOOR)
TABLE = '\n[[contacts]]\nname = "back"\nkind = "service_door"\nboard = "main"\nchannel = 9\n'


def refused(folder: Path, tables: str) -> str:
    with pytest.raises(SettingsError) as error:
        load(make_folder(folder, GOOD + tables))
    return str(error.value)


def test_what_a_reading_says_depends_on_how_it_rests() -> None:
    opens = Contact("tilt", ContactKind.TILT, rests_closed=False)
    contacts = Contacts({"back": BACK, "tilt": opens})
    assert contacts.take("back", Door.CLOSED, 0) == [ContactRead(BACK, at_rest=True)]
    assert contacts.take("tilt", Door.CLOSED, 0) == [ContactRead(opens, at_rest=False)]
    assert contacts.take("back", Door.UNKNOWN, 1) == [], "its board's silence is told of as the board's"


def test_one_that_flaps_is_believed_again_once_it_holds_still() -> None:
    contacts = Contacts({"back": BACK})
    told = [contacts.take("back", (Door.OPEN, Door.CLOSED)[n % 2], n * 100) for n in range(40)]
    assert sum(map(len, told)) == 13
    rests_at = contacts.next_rest()
    assert rests_at is not None
    assert contacts.take_rested(rests_at) == [ContactRead(BACK, at_rest=True)]


@on_a_loop
async def test_a_service_door_that_opens_is_on_record(tmp_path: Path) -> None:
    settings = load(make_folder(tmp_path, GOOD + TABLE))
    timers = ThreadTimers("cabinet")
    cabinet = Cabinet([*range(1, 4), 9], timers)
    async with open_locker(settings, services={}, computer=SimulatedComputer(), cabinets={"main": cabinet}) as locker:
        assert locker.heart.engine.state.contacts == {}
        cabinet.force(9)
        await eventually(lambda: locker.heart.engine.state.contacts == {"back": "service_door"})
        cabinet.close_door(9)
        await eventually(lambda: locker.heart.engine.state.contacts == {})
    timers.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("channel = 9", "channel = 1"), "contacts[0].channel: channel 1 of board 'main' is that of A01 already"),
        (('"main"', '"none"'), "contacts[0].board: there is no 'none'"),
        (('"service_door"', '"smoke"'), "contacts[0].kind"),
        (('"back"', '"Back door"'), "contacts[0].name"),
        (("channel = 9", "chanel = 9"), "chanel"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert said in refused(tmp_path, TABLE.replace(*change))


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "contacts[1].name" in refused(tmp_path, TABLE + TABLE.replace("channel = 9", "channel = 10"))
