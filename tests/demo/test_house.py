"""Where the demo keeps its things."""

from pathlib import Path

import pytest

from controller.cli.demo.house import CHANNELS, House, open_house
from controller.cli.failure import Exit, Failed
from controller.device.layout import places
from controller.domain.ids import Size


def test_the_locker_has_doors_of_several_sizes_in_three_columns(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.keys()
    settings = house.furnish(1883, "127.0.0.1:8080")

    assert settings.kiosk.listen == "127.0.0.1:8080"
    assert settings.mqtt.url == "mqtt://127.0.0.1:1883"
    assert [(table.id, table.channel) for table in settings.compartments] == [*CHANNELS.items()]
    assert len(CHANNELS) == 12
    assert {place.column for place in places(settings)} == {0, 1, 2}
    assert {place.size for place in places(settings)} == {Size.S, Size.M, Size.L}


def test_the_carriers_keys_are_made_once(tmp_path: Path) -> None:
    house = House(tmp_path)

    assert house.keys().trust() == house.keys().trust()


def test_a_house_of_no_name_is_gone_afterwards() -> None:
    with open_house(None) as house:
        assert house.directory.is_dir()
        house.config.touch()
    assert not house.directory.exists()


def test_a_house_is_held_by_one_demo_at_a_time(tmp_path: Path) -> None:
    with open_house(tmp_path / "house"), pytest.raises(Failed) as refused, open_house(tmp_path / "house"):
        raise AssertionError("two demos in one house")
    assert refused.value.code is Exit.WRONG_USE

    with open_house(tmp_path / "house") as house:
        assert house.directory == tmp_path / "house"
