from collections.abc import Callable
from pathlib import Path

import pytest
from support.locker_folder import GOOD, add_certificates, make_folder

from controller.device.settings import Settings, load, load_cabinet
from controller.device.settings_errors import Problem, SettingsError
from controller.domain.drift import LIMITS, Figure
from controller.domain.ids import CompartmentId, Size

A02 = 'id = "A02"\nsize = [450, 380, 600]\nboard = "main"\nchannel = 2\n'
GPIO = """
[[boards]]
name = "pins"
driver = "gpio"
supply = "psu"
continuous_duty = true

[[compartments]]
id = "B01"
size = "S"
board = "pins"
lock_line = 17
door_line = "GPIO27"
"""

Loaded = Callable[[str], Settings]
Refused = Callable[[str], Problem]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return lambda text: load(make_folder(tmp_path, text))


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """The one problem of a configuration."""

    def problem_of(text: str) -> Problem:
        with pytest.raises(SettingsError) as error:
            load(make_folder(tmp_path, text))
        [problem] = error.value.problems
        assert problem.file == tmp_path / "locker.toml"
        return problem

    return problem_of


def test_paths_are_relative_to_the_file_that_names_them(loaded: Loaded, tmp_path: Path) -> None:
    settings = loaded(GOOD)

    assert settings.locker.data_dir == tmp_path / "data"
    assert settings.trust.keyring == tmp_path / "trust.json"


def test_an_absolute_path_stays_what_it_is(loaded: Loaded) -> None:
    assert loaded(GOOD.replace('"data"', '"/var/lib/locker"')).locker.data_dir == Path("/var/lib/locker")


def test_a_link_to_the_file_leads_to_the_folder_it_is_in(tmp_path: Path) -> None:
    real = make_folder(tmp_path / "real")
    link = tmp_path / "link.toml"
    link.symlink_to(real)

    assert load(link).trust.keyring == tmp_path / "real" / "trust.json"


def test_a_size_in_millimetres_gets_the_largest_letter_that_its_volume_reaches(loaded: Loaded) -> None:
    first, second = loaded(GOOD).specs()

    assert (first.size, first.mm) == (Size.M, ())
    assert (second.size, second.mm) == (Size.L, (450, 380, 600))


@pytest.mark.parametrize(
    "size", ['"Q"', '"m"', "3", "[450, 380]", "[450, 380, 0]", "[450, 380, 1.5]", "[450, 380, 10001]", "true"]
)
def test_what_is_no_size_is_refused(refused: Refused, size: str) -> None:
    problem = refused(GOOD.replace("[450, 380, 600]", size))

    assert problem.key == "compartments[1].size"
    assert "S, M, L, XL, or [width, height, depth]" in problem.reason


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "localhost", "[::1]"])
def test_plain_mqtt_is_for_this_machine(loaded: Loaded, host: str) -> None:
    assert loaded(GOOD.replace("127.0.0.1:1", f"{host}:1883")).mqtt.url == f"mqtt://{host}:1883"


@pytest.mark.parametrize("host", ["broker.example", "127.broker.example", "192.0.2.7", "localhost.example"])
def test_plain_mqtt_to_another_machine_is_refused_unless_it_is_allowed(
    loaded: Loaded, refused: Refused, host: str
) -> None:
    text = GOOD.replace("127.0.0.1:1", host)

    assert refused(text).key == "mqtt.url"
    assert loaded(text.replace("[trust]", "allow_plaintext = true\n[trust]")).mqtt.allow_plaintext


@pytest.mark.parametrize(
    "url", ["", "broker.example", "http://broker.example", "mqtts://", "mqtts://broker.example/x", "mqtts://b:99999"]
)
def test_what_is_no_brokers_address_is_refused(refused: Refused, url: str) -> None:
    assert refused(GOOD.replace("mqtt://127.0.0.1:1", url)).key == "mqtt.url"


def test_a_password_in_the_address_is_refused_and_not_repeated(refused: Refused) -> None:
    problem = refused(GOOD.replace("127.0.0.1:1", "me:hunter2@127.0.0.1"))

    assert problem.key == "mqtt.url"
    assert "hunter2" not in str(problem)


def test_a_certificate_without_its_key_is_refused(refused: Refused, tmp_path: Path) -> None:
    add_certificates(tmp_path)

    problem = refused(GOOD.replace("[trust]", 'cert_file = "locker.crt"\n[trust]'))

    assert (problem.key, "both cert_file and key_file" in problem.reason) == ("mqtt.cert_file", True)


def test_a_password_without_a_name_is_refused(refused: Refused, tmp_path: Path) -> None:
    add_certificates(tmp_path)

    assert refused(GOOD.replace("[trust]", 'password_file = "mqtt-password"\n[trust]')).key == "mqtt.password_file"


@pytest.mark.parametrize("port", ["/dev/ttyUSB0", "/dev/ttyACM3"])
def test_a_port_that_may_be_another_one_tomorrow_is_refused(refused: Refused, port: str) -> None:
    problem = refused(GOOD.replace('driver = "simulated"', f'driver = "kerong-cu48"\nport = "{port}"'))

    assert problem.key == "boards[0].port"
    assert "/dev/serial/by-path/" in problem.reason


def test_an_unknown_driver_is_refused_with_the_nearest_one(refused: Refused) -> None:
    problem = refused(GOOD.replace("simulated", "simulatd"))

    assert problem.key == "boards[0].driver"
    assert "did you mean 'simulated'?" in problem.reason


def test_a_key_that_neither_table_nor_driver_knows_is_refused_with_the_nearest_one(refused: Refused) -> None:
    problem = refused(GOOD.replace('driver = "simulated"', 'driver = "simulated"\nsprung = "opens"'))

    assert (problem.key, problem.nearest) == ("boards[0].sprung", "spring")


def test_a_key_of_another_driver_is_refused(refused: Refused) -> None:
    problem = refused(GOOD.replace('driver = "simulated"', 'driver = "simulated"\none_shot_ms = 500'))

    assert problem.key == "boards[0].one_shot_ms"
    assert "known here: name, driver, port" in problem.reason


def test_a_drivers_own_key_must_have_a_fitting_value(refused: Refused) -> None:
    problem = refused(GOOD + GPIO.replace("continuous_duty = true", 'continuous_duty = "yes"'))

    assert problem.key == "boards[1]"
    assert "'continuous_duty' is 'yes', but it must be true or false" in problem.reason


def test_a_misspelt_key_that_is_needed_is_pointed_at(refused: Refused) -> None:
    problem = refused(GOOD.replace("driver =", "drivr ="))

    assert str(problem).endswith("boards[0].driver: is missing; is 'drivr' meant to be it?")


def test_two_locks_on_one_channel_are_refused(refused: Refused) -> None:
    problem = refused(GOOD.replace("channel = 2", "channel = 1"))

    assert problem.key == "compartments[1].channel"
    assert "A02 and A01 both use channel 1 of board 'main'" in problem.reason


def test_two_doors_on_one_sensor_are_refused(refused: Refused) -> None:
    problem = refused(GOOD.replace("channel = 2", 'channel = 2\ndoor = { board = "main", channel = 1 }'))

    assert problem.key == "compartments[1].door"
    assert "A02 and A01 are both read on channel 1 of 'main'" in problem.reason


def test_two_things_on_one_gpio_line_are_refused(refused: Refused) -> None:
    problem = refused(GOOD + GPIO.replace('"GPIO27"', "17"))

    assert problem.key == "compartments[2].door_line"
    assert "line 17 is that of B01.lock_line already" in problem.reason


def test_two_compartments_in_one_place_are_refused(refused: Refused) -> None:
    text = GOOD.replace("channel = 1\n", "channel = 1\ncolumn = 1\nrow = 1\n")

    problem = refused(text.replace("channel = 2\n", "channel = 2\ncolumn = 1\nrow = 1\n"))

    assert problem.key == "compartments[1].row"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = "psu"\n', 'name = "psu"\n[[supplies]]\nname = "psu"\n', "supplies[1].name"),
        ('id = "A02"', 'id = "A01"', "compartments[1].id"),
        ('supply = "psu"', 'supply = "sup"', "boards[0].supply"),
        (A02, A02.replace("main", "man"), "compartments[1].board"),
        ("channel = 2", 'channel = 2\ndoor = { board = "no", channel = 1 }', "compartments[1].door.board"),
    ],
)
def test_names_are_unique_and_known(refused: Refused, old: str, new: str, key: str) -> None:
    assert refused(GOOD.replace(old, new, 1)).key == key


def test_compartments_with_lines_get_channels_that_nobody_has(loaded: Loaded) -> None:
    more = GPIO + GPIO.partition("\n\n")[2].replace("B01", "B02").replace("17", "5").replace("GPIO27", "GPIO6")
    explicit = more.replace("lock_line = 17", "lock_line = 17\nchannel = 1")

    assert [each.channel for each in loaded(GOOD + more).compartments if each.board == "pins"] == [1, 2]
    assert [each.channel for each in loaded(GOOD + explicit).compartments if each.board == "pins"] == [1, 2]


def test_the_sensor_is_beside_the_lock_unless_it_is_elsewhere(loaded: Loaded) -> None:
    first, second = loaded(
        GOOD.replace("channel = 2", 'channel = 2\ndoor = { board = "main", channel = 7 }')
    ).compartments

    assert (first.sensor, second.sensor) == (("main", 1), ("main", 7))


@pytest.mark.parametrize("digits", [4, 7])
def test_codes_that_can_be_guessed_are_refused(refused: Refused, digits: int) -> None:
    problem = refused(f"{GOOD}\n[policy]\ncode_digits = {digits}\n")

    assert problem.key == "policy.code_digits"
    assert "8 are needed" in problem.reason


def test_more_compartments_and_more_tries_ask_for_longer_codes(loaded: Loaded) -> None:
    generous = f"{GOOD}\n[policy]\ncode_burst = 1000\ncode_interval_ms = 1000\n"

    assert loaded(GOOD).domain_policy().code_digits == 8
    assert loaded(generous).domain_policy().code_digits == 10


def test_a_limit_of_drift_is_a_number_and_0_for_none(refused: Refused, loaded: Loaded) -> None:
    problem = refused(f'{GOOD}\n[drift]\njams = "many"\n')
    assert problem.key == "drift.jams"
    limits = loaded(f"{GOOD}\n[drift]\njams = 2\nstrays = 0\n").domain_policy().drift.limits
    assert limits[Figure.JAMS] == 2
    assert Figure.STRAYS not in limits
    assert limits[Figure.REOPENS] == LIMITS[Figure.REOPENS]


def test_the_policy_has_the_figures_of_the_file(loaded: Loaded) -> None:
    policy = loaded(f"{GOOD}\n[policy]\nhold_s = 3600\nreopen_ms = 0\ncode_digits = 12\n").domain_policy()

    assert (policy.default_hold_s, policy.reopen_ms, policy.code_digits) == (3600, 0, 12)


def test_a_label_pattern_must_be_one(refused: Refused) -> None:
    problem = refused(f'{GOOD}\n[policy]\nlabel_patterns = ["[A-Z"]\n')

    assert problem.key == "policy.label_patterns[0]"


def test_a_data_directory_without_room_for_a_socket_is_refused(refused: Refused) -> None:
    problem = refused(GOOD.replace('"data"', f'"/{"d" * 110}"'))

    assert problem.key == "locker.data_dir"
    assert "bytes too long for the service socket" in problem.reason


@pytest.mark.parametrize("listen", ["0.0.0.0:8080", "192.0.2.1:80", "localhost", "127.0.0.1:70000", "[::1]:x"])
def test_the_touchscreen_is_for_this_machine_alone(refused: Refused, listen: str) -> None:
    assert refused(GOOD.replace("127.0.0.1:0", listen)).key == "kiosk.listen"


def test_the_cabinets_digest_changes_with_the_cabinet_alone(loaded: Loaded) -> None:
    digest = loaded(GOOD).cabinet_sha256()

    assert loaded(GOOD.replace("Central", "Western")).cabinet_sha256() == digest
    assert loaded(GOOD.replace("380", "390")).cabinet_sha256() != digest
    assert loaded(GOOD).specs()[0].id == CompartmentId("A01")


def test_the_locks_can_be_reached_though_the_rest_of_the_file_is_wrong(tmp_path: Path) -> None:
    path = make_folder(tmp_path, GOOD.replace('id = "L0042"', "id = 3").replace("trust.json", "gone.json"))

    assert [board.name for board in load_cabinet(path).boards] == ["main"]


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('id = "L0042"', "id = 3").replace("keyring", "keyrng").replace("channel = 2", 'channel = "2"')

    with pytest.raises(SettingsError) as error:
        load(make_folder(tmp_path, text))

    assert {problem.key: problem.nearest for problem in error.value.problems} == {
        "locker.id": None,
        "trust.keyring": None,
        "trust.keyrng": "keyring",
        "compartments[1].channel": None,
    }


def test_a_second_identifier_makes_codes_shorter_where_it_is_told(loaded: Loaded) -> None:
    policy = loaded(f"{GOOD}\n[codes]\nsecond_digits = 4\n").domain_policy()

    assert (policy.second_digits, policy.short_digits, policy.code_digits) == (4, 6, 8)
    assert loaded(GOOD).domain_policy().second_digits == 0


def test_a_second_identifier_that_is_guessed_in_no_time_is_refused(refused: Refused) -> None:
    problem = refused(f"{GOOD}\n[codes]\nsecond_digits = 3\n")
    assert problem.key == "codes.second_digits"
    assert "guessed in no time" in problem.reason


def test_delegates_are_counted_with_where_codes_may_be_guessed(loaded: Loaded, refused: Refused) -> None:
    generous = "[policy]\ncode_burst = 1000\ncode_interval_ms = 30000\n"
    few = loaded(f"{GOOD}\n{generous}").domain_policy()
    many = loaded(f"{GOOD}\n[codes]\ndelegates = 4\n{generous}").domain_policy()

    assert (few.delegates, many.delegates) == (0, 4)
    assert many.code_digits == few.code_digits + 1
    problem = refused(f"{GOOD}\n[codes]\ndelegates = 4\n{generous}code_digits = {few.code_digits}\n")
    assert problem.key == "policy.code_digits"
    assert "may be good at a time" in problem.reason
