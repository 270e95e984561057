from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fleet_talk import NOON, Said, Talker

from controller.contract.topics import DEFAULT_ROOT
from controller.contract.wire_json import JsonObject
from controller.domain import events as ev
from controller.domain.drift import Figure, Subject
from controller.domain.events import Event
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    Door,
    DriverId,
    MonoMs,
    NoticeId,
    ParcelId,
    PickupId,
    Purpose,
    Role,
    SessionId,
    WallMs,
)
from controller.domain.notices import NoticeKind
from controller.domain.preferences import Channel
from controller.remote.fleet.alarms import ENDED_BY, RAISED_BY, Alarm
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.gaps import MOST_GAPS, Gaps
from controller.remote.fleet.locker_view import MOST_RECENT, LockerView

A01 = CompartmentId("A01")
P1, NOTICE = ParcelId("acme/P1"), NoticeId("n7")
CLOSED: Event = ev.DoorClosed(compartment=A01, open_ms=MonoMs(4000))
UNLOCK: Event = ev.UnlockAuthorised(compartment=A01, purpose=Purpose.SERVICE, role=Role.OPERATOR)


def seen(*said: Said) -> LockerView:
    """One locker after these messages."""
    fleet = heard(*said)
    (view,) = fleet.lockers()
    return view


def heard(*said: Said) -> FleetView:
    """A fleet after these messages."""
    fleet = FleetView(DEFAULT_ROOT, lambda: 1_790_000_000.0)
    for topic, payload in said:
        fleet.take(topic, payload)
    return fleet


def after(*events: Event) -> tuple[Alarm, ...]:
    """The alarms that these records leave."""
    talker = Talker()
    return seen(*map(talker.record, events)).alarms


class TestDrift:
    OVER = ev.HealthDrift(figure=Figure.JAMS, about=Subject("door:A01"), count=5, limit=5, days=7)

    def test_a_figure_at_its_limit_is_an_alarm_until_it_is_below(self) -> None:
        assert after(self.OVER) == (Alarm.DRIFT,)
        assert after(self.OVER, ev.HealthDriftOver(figure=Figure.JAMS, about=Subject("door:A01"))) == ()

    def test_a_health_message_says_what_is_over_its_limit(self) -> None:
        talker = Talker()
        over: JsonObject = {"over": [{"figure": "jams", "about": "door:A01"}]}
        assert seen(talker.health(drift=over)).troubles.keys() == {(Alarm.DRIFT, "door:A01")}
        assert seen(talker.health(drift=over), talker.health(drift={"over": []})).alarms == ()


def test_a_handoff_without_its_evidence_is_an_alarm_until_the_compartment_is_given_out_again() -> None:
    stored = ev.CustodyStored(
        parcel=ParcelId("acme/P1"),
        compartment=A01,
        carrier=CarrierId("acme"),
        driver=DriverId("d7"),
        confirmed_by="driver",
        evidence=ev.Evidence(("badge", "door_cycle"), ("photo",)),
        hold_until=WallMs(0),
        opened_mono=None,
        closed_mono=None,
    )
    given_out = ev.CustodyDepositing(
        parcel=ParcelId("acme/P2"), compartment=A01, driver=DriverId("d7"), session=SessionId("s")
    )
    assert after(stored) == (Alarm.SHORTFALL,)
    assert after(stored, given_out) == ()
    assert after(replace(stored, evidence=ev.Evidence(("badge", "door_cycle", "photo")))) == ()


class TestStatus:
    def test_a_locker_that_says_so_is_there(self) -> None:
        view = seen(Talker(software="1.4.2").online())
        assert (view.online, view.software, view.alarms) == (True, "1.4.2", ())

    def test_one_that_went_is_offline_until_it_is_back(self) -> None:
        talker = Talker()
        assert seen(talker.online(), talker.offline()).alarms == (Alarm.OFFLINE,)
        assert seen(talker.online(), talker.offline(), talker.online(conn=2)).alarms == ()

    def test_the_will_of_an_earlier_connection_says_nothing_any_more(self) -> None:
        talker = Talker()
        assert seen(talker.online(conn=2), talker.offline(conn=1)).online
        assert seen(talker.online(boot=2), talker.offline(boot=1, conn=9)).online

    def test_a_new_stream_counts_whatever_its_boot(self) -> None:
        old, new = Talker(), Talker(stream="8" * 32)
        assert not seen(old.online(boot=40), new.offline(boot=1)).online


class TestRecords:
    @pytest.mark.parametrize(
        ("raising", "alarm"),
        [
            (ev.DoorForced(compartment=A01), Alarm.FORCED),
            (ev.DoorDidNotOpen(compartment=A01), Alarm.JAM),
            (ev.DoorWiringFault(compartment=A01, opened=CompartmentId("A02"), supply="psu"), Alarm.WIRING),
            (ev.DoorLeftOpen(compartment=A01), Alarm.LEFT_OPEN),
            (ev.CompartmentQuarantined(compartment=A01, reason="forced"), Alarm.QUARANTINE),
            (ev.BoardFaulted(board="main", fault="silent"), Alarm.BOARD),
            (ev.DiskLow(), Alarm.DISK),
            (ev.SecurityGuessing(), Alarm.GUESSING),
        ],
    )
    def test_what_should_be_looked_at(self, raising: Event, alarm: Alarm) -> None:
        assert after(raising) == (alarm,)

    @pytest.mark.parametrize(
        ("raising", "ending"),
        [
            (ev.DoorForced(compartment=A01), UNLOCK),
            (ev.DoorForced(compartment=A01), ev.CompartmentRestored(compartment=A01)),
            (
                ev.DoorWiringFault(compartment=A01, opened=CompartmentId("A02"), supply="psu"),
                ev.CompartmentRestored(compartment=A01),
            ),
            (ev.DoorDidNotOpen(compartment=A01), ev.DoorOpened(compartment=A01, cause="unlock")),
            (ev.DoorLeftOpen(compartment=A01), CLOSED),
            (ev.DoorSensorUnknown(compartment=A01), ev.DoorSeen(compartment=A01, door=Door.OPEN)),
            (ev.BoardFaulted(board="main", fault="silent"), ev.BoardRecovered(board="main")),
            (ev.DiskLow(), ev.DiskRecovered()),
        ],
    )
    def test_what_ends_it(self, raising: Event, ending: Event) -> None:
        assert after(raising, ending) == ()

    def test_a_missing_parcel_is_an_alarm_until_stock_is_taken_again(self) -> None:
        missing = ev.CompartmentQuarantined(compartment=A01, reason="missing")
        again = ev.AuditStarted(audit="1-9", role=Role.OPERATOR, compartments=(A01,))
        assert after(missing) == (Alarm.QUARANTINE, Alarm.MISSING)
        assert after(missing, again) == (Alarm.QUARANTINE,)

    def test_whom_nobody_can_tell_is_an_alarm_until_somebody_can(self) -> None:
        exhausted = ev.NotificationExhausted(notice=NOTICE, kind=NoticeKind.STORED, parcel=P1, compartment=A01)
        delivered = ev.NotificationDelivered(notice=NOTICE, parcel=P1)
        assert after(exhausted) == (Alarm.UNTOLD,)
        assert after(exhausted, ev.NotificationDelivered(notice=NOTICE, parcel=ParcelId("acme/P2"))) == (Alarm.UNTOLD,)
        assert after(exhausted, delivered) == ()

    def test_a_dead_channel_is_an_alarm_until_it_shows_that_it_is_alive(self) -> None:
        dead = ev.NotificationFailed(notice=NOTICE, channel=Channel.SMS, how="silent")
        assert after(dead) == (Alarm.CHANNEL,)
        assert after(dead, ev.NotificationDelivered(notice=NOTICE, channel=Channel.PUSH)) == (Alarm.CHANNEL,)
        assert after(dead, ev.NotificationDelivered(notice=NOTICE, channel=Channel.SMS)) == ()
        assert after(ev.NotificationFailed(notice=NOTICE, parcel=P1, channel=Channel.SMS, how="silent")) == ()

    def test_a_parcel_that_a_person_must_decide_about_is_an_alarm_until_it_is_gone(self) -> None:
        undecided = ev.LadderStep(parcel=P1, action="operator", compartment=A01)
        assert after(undecided) == (Alarm.UNDECIDED,)
        assert after(ev.LadderStep(parcel=P1, action="remind", compartment=A01)) == ()
        assert after(undecided, ev.ParcelCancelled(parcel=P1, stored=True)) == (Alarm.UNDECIDED,)
        assert after(undecided, ev.ParcelCancelled(parcel=P1, stored=False)) == ()

    def test_elsewhere_it_goes_on(self) -> None:
        opened = ev.DoorOpened(compartment=CompartmentId("A02"), cause="unlock")
        assert after(ev.DoorDidNotOpen(compartment=A01), opened) == (Alarm.JAM,)
        assert after(ev.DoorForced(compartment=A01), CLOSED) == (Alarm.FORCED,)

    def test_trouble_bears_the_time_of_its_record(self) -> None:
        talker = Talker()
        view = seen(talker.record(CLOSED), talker.record(ev.DoorForced(compartment=A01)))
        assert dict(view.troubles) == {(Alarm.FORCED, "A01"): "2026-09-21T14:13:21.000Z"}

    def test_what_comes_again_raises_nothing(self) -> None:
        talker = Talker()
        forced, unlocked = talker.record(ev.DoorForced(compartment=A01)), talker.record(UNLOCK)
        view = seen(forced, unlocked, forced)
        assert (view.alarms, view.gaps.repeated, view.gaps.newest) == ((), 1, 2)

    def test_the_last_ones_are_kept_in_a_line_each_and_no_code_among_them(self) -> None:
        talker = Talker()
        issued = ev.CodeIssued(
            parcel=ParcelId("acme/P1"),
            pickup=PickupId("P1"),
            compartment=A01,
            expires_at=NOON,
            code_jwe="sealed",
            code_hmac=CodeHmac("f" * 64),
        )
        said = [talker.record(CLOSED) for _ in range(MOST_RECENT)] + [talker.record(issued)]
        recent = seen(*said).recent
        assert len(recent) == MOST_RECENT
        assert recent[-1].endswith(
            "#31 code.issued A01 parcel=P1 pickup=P1 expires_at=2026-09-21T14:13:20.000Z second=False carrier=acme"
        )
        assert "sealed" not in recent[-1]

    def test_every_event_that_is_named_exists(self) -> None:
        assert (RAISED_BY.keys() | ENDED_BY.keys()) <= ev.EVENTS.keys()


class TestStateAndHealth:
    def test_compartments_are_counted_over_all_sizes(self) -> None:
        view = seen(Talker().counts(free=3, occupied=5))
        assert (view.count("free"), view.count("occupied"), view.compartments) == (3, 5, 8)

    def test_a_retained_compartment_tells_of_trouble_that_nobody_saw_begin(self) -> None:
        talker = Talker()
        quarantined = talker.face("A01", status="quarantined")
        assert seen(quarantined).alarms == (Alarm.QUARANTINE,)
        assert seen(quarantined, talker.face("A01")).alarms == ()
        assert seen(talker.face("A01", door="unknown")).alarms == (Alarm.SENSOR,)

    def test_a_compartment_that_was_removed_is_forgotten_with_its_trouble(self) -> None:
        talker = Talker()
        view = seen(talker.face("A01", status="quarantined"), (talker.topics.compartment("A01"), b""))
        assert (dict(view.faces), view.alarms) == ({}, ())

    @pytest.mark.parametrize(
        ("figures", "alarm"),
        [
            ({"disk_low": True}, Alarm.DISK),
            ({"undervoltage": True}, Alarm.POWER),
            ({"clock": "unknown"}, Alarm.CLOCK),
            ({"outbox_oldest_s": 901}, Alarm.BACKLOG),
            ({"certificate_days": 20}, Alarm.CERTIFICATE),
            ({"board_faults": {"main": "silent"}}, Alarm.BOARD),
        ],
    )
    def test_a_health_message_raises_and_ends(self, figures: JsonObject, alarm: Alarm) -> None:
        talker = Talker()
        assert seen(talker.health(**figures)).alarms == (alarm,)
        good = talker.health(undervoltage=False, certificate_days=300)
        assert seen(talker.health(**figures), good).alarms == ()

    def test_what_a_health_message_does_not_speak_of_stays(self) -> None:
        talker = Talker()
        assert seen(talker.health(certificate_days=3), talker.health()).alarms == (Alarm.CERTIFICATE,)

    def test_of_two_boards_the_one_that_works_again_is_no_trouble_any_more(self) -> None:
        talker = Talker()
        both = talker.health(board_faults={"a": "silent", "b": "noise"})
        assert set(seen(both, talker.health(board_faults={"b": "noise"})).troubles) == {(Alarm.BOARD, "b")}


class TestStrangeMessages:
    @pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"null", b"\xff", b'{"sizes":[]}', b'{"sizes":{"M":7}}'])
    @pytest.mark.parametrize("topic", ["status", "state", "state/A01", "health", "events", "elsewhere"])
    def test_are_counted_and_change_nothing_else(self, topic: str, payload: bytes) -> None:
        fleet = heard((f"{DEFAULT_ROOT}/L0042/{topic}", payload))
        assert fleet.strange <= 1
        is_an_object = topic == "health" and payload.startswith(b"{")
        assert len(fleet) == (is_an_object or (topic, payload) == ("state/A01", b""))

    def test_a_record_of_one_locker_on_anothers_topic_is_strange(self) -> None:
        _, record = Talker("L0001").record(CLOSED)
        fleet = heard((Talker("L0002").topics.events, record))
        assert (fleet.strange, len(fleet)) == (1, 0)

    def test_what_is_below_another_root_is_not_ours(self) -> None:
        assert len(heard(("other/L0042/status", Talker().online()[1]))) == 0


class TestWhatTheBrokerKeeps:
    def test_is_learned_once_however_much_goes_on(self) -> None:
        talker = Talker()
        kept = [talker.online(), talker.counts(free=1), talker.face("A01"), talker.face("A02")]
        fleet = heard(*kept)
        assert fleet.learned == 4
        for said in (*kept, talker.record(CLOSED), talker.health()):
            fleet.take(*said)
        assert fleet.learned == 4


class TestGaps:
    def test_what_was_jumped_over_is_missing_until_it_comes(self) -> None:
        gaps = _taken(5, 6, 9, 12)
        assert (gaps.missing, gaps.open) == (4, ((7, 8), (10, 11)))
        assert _taken(5, 6, 9, 12, 8, 7, 8).open == ((10, 11),)
        assert _taken(5, 6, 9, 12, 8, 7, 8).repeated == 1

    def test_many_holes_are_given_up_and_still_count(self) -> None:
        gaps = _taken(*range(1, 2 * MOST_GAPS + 8, 2))
        assert (len(gaps.open), gaps.lost, gaps.missing) == (MOST_GAPS, 3, MOST_GAPS + 3)

    @given(st.lists(st.integers(1, 40), min_size=1))
    def test_they_are_what_a_set_would_say(self, sequences: list[int]) -> None:
        gaps = _taken(*sequences)
        there = [n for n in sequences if n >= sequences[0]]
        assert gaps.newest == max(there)
        assert gaps.missing == len(set(range(sequences[0], gaps.newest + 1)) - set(there))
        assert gaps.heard == len(sequences)


def _taken(*sequences: int) -> Gaps:
    return reduce(lambda gaps, sequence: gaps.take("s", sequence)[0], sequences, Gaps())
