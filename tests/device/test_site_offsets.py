"""When the clocks of a site change."""

from controller.device.site_offsets import offsets_of
from controller.domain.site_time import first_moment


def test_summer_time_begins_and_ends_by_the_minute() -> None:
    changes = dict(offsets_of("Europe/Berlin"))
    assert changes[first_moment("2603290100", ())] == 7200
    assert changes[first_moment("2610250100", ())] == 3600


def test_a_zone_whose_clocks_never_change_has_one_offset() -> None:
    assert [ahead for _, ahead in offsets_of("Asia/Kolkata")] == [19_800]
    assert [ahead for _, ahead in offsets_of("UTC")] == [0]
