from support.broker_journal import MemoryJournal, code_issued, door_closed, stored
from support.keyring import key_set

from controller.contract.jose import seal
from controller.contract.record import parse
from controller.domain.events import CodeRevoked, Event, ParcelExpected, PinRequested, PreferenceChanged
from controller.domain.ids import CarrierId, Handle, MonoMs, ParcelId, PickupId, Role, SessionId, WallMs
from controller.domain.preferences import Preferences
from controller.remote.carrier_store import Code, Parcel
from controller.remote.tidings import Contact, Tidings, line, tidings


def told(event: Event) -> tuple[Tidings, str]:
    """What a record of this event comes to, and its line."""
    journal = MemoryJournal()
    journal.commit(event)
    record = parse(journal.records[0].bytes)
    return tidings(record, key_set().unseal, key_set().carrier), line(record)


def test_a_parcel_is_followed_by_its_custody() -> None:
    assert told(stored())[0] == Tidings(Parcel("P1", "stored", "A01"), None, None)
    assert told(door_closed())[0] == Tidings(None, None, None)


def test_a_code_for_us_is_opened_and_never_shown() -> None:
    news, text = told(code_issued("12345678"))

    assert news.code == Code("P1", "P1", "12345678", "2027-01-15T08:00:00.000Z")
    assert "12345678" not in text
    assert "jwe" not in text


def test_a_pin_for_us_is_opened_and_never_shown() -> None:
    jwe = seal(b'{"pin":"7654321","parcel":"P1"}', key_set().keys["carrier-enc"])
    requested = PinRequested(
        parcel=ParcelId("acme/P1"),
        pickup=PickupId("P1"),
        session=SessionId("s"),
        expires_at=WallMs(1_800_000_000_000),
        until=MonoMs(1),
        pin_jwe=jwe,
    )
    news, text = told(requested)
    assert (news.code, news.pin) == (None, Code("P1", "P1", "7654321", "2027-01-15T08:00:00.000Z"))
    assert "7654321" not in text
    assert "jwe" not in text


def test_a_number_that_a_recipient_gave_is_opened_and_never_shown() -> None:
    jwe = seal(b'{"contact":"+4930123456","channel":"sms","parcel":"P1"}', key_set().keys["carrier-enc"])
    changed = PreferenceChanged(
        handle=Handle("0" * 32),
        carrier=CarrierId("acme"),
        by=Role.RECIPIENT,
        preferences=Preferences(confirmed_at=WallMs(1_800_000_000_000)),
        recipient="r-1",
        contact_jwe=jwe,
    )
    news, text = told(changed)
    assert news.contact == Contact("P1", "sms", "+4930123456")
    assert "4930" not in text
    assert "jwe" not in text


def test_a_code_for_another_carrier_stays_shut() -> None:
    assert told(code_issued("12345678", carrier="beta"))[0].code is None


def test_what_was_sealed_wrongly_is_no_code() -> None:
    for plaintext in (b"", b"[]", b"{}", b'{"code":7,"parcel":"P1"}', b'{"code":"1"}'):
        sealed = key_set().keys["carrier-enc"]
        assert told(code_issued("", sealed=seal(plaintext, sealed)))[0].code is None
    assert told(code_issued("", sealed="not a seal"))[0].code is None


def test_a_revoked_code_is_spent() -> None:
    assert told(CodeRevoked(pickup=PickupId("P1"), reason="cancelled"))[0].spent == "P1"


def test_what_a_locker_says_does_not_steer_the_terminal() -> None:
    expected = ParcelExpected(parcel=ParcelId("acme/P1"), label="\x1b[2Jgone", carrier=CarrierId("acme"))

    assert "\x1b" not in told(expected)[1]
