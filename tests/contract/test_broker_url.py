from pathlib import Path

import pytest

from controller.contract.broker import Broker, parse_url


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("mqtts://broker.example", ("broker.example", 8883, True)),
        ("mqtts://broker.example:443/", ("broker.example", 443, True)),
        ("mqtt://127.0.0.1:1884", ("127.0.0.1", 1884, False)),
        ("mqtt://[::1]", ("::1", 1883, False)),
        ("mqtt://localhost", ("localhost", 1883, False)),
    ],
)
def test_a_url_says_where_the_broker_is(url: str, parts: tuple[str, int, bool]) -> None:
    assert parse_url(url) == parts


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mqtt://broker.example", "unencrypted"),
        ("http://broker.example", "not http://"),
        ("broker.example", "not nothing://"),
        ("mqtts://user:secret@broker.example", "password_file"),
        ("mqtts://broker.example/path", "no more"),
        ("mqtts://", "no more"),
        ("mqtts://broker.example:99999", "out of range"),
    ],
)
def test_a_url_that_will_not_do_is_explained(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        parse_url(url)
    assert "secret" not in str(refused.value)


def test_plain_text_can_be_allowed() -> None:
    assert parse_url("mqtt://broker.example", allow_plaintext=True) == ("broker.example", 1883, False)


def test_the_password_is_read_from_its_file_when_it_is_needed(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    broker = Broker("127.0.0.1", 1883, tls=False, username="u", password_file=secret)
    with pytest.raises(FileNotFoundError):
        broker.password()
    secret.write_text("open sesame\n")

    assert broker.password() == "open sesame"
    assert "sesame" not in repr(broker)
