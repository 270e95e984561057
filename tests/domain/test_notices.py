"""What recipients are told: by one channel after the other, until one delivered or a person has to see to it."""

import pytest
from support.locker_heart import HOUR_MS, MINUTE_MS
from support.locker_in_hand import NORTH, SOUTH, LockerInHand, norths
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer, PlanShown
from controller.domain.commands import AnswerForRecipient, RecallParcel, ReportNotification, UpsertPreferences
from controller.domain.decide.notifying import notices_due
from controller.domain.hearing import Hearing
from controller.domain.ids import NoticeId, Word
from controller.domain.notices import NoticeKind, Reply, ReportedAs, Standing
from controller.domain.policy import Policy
from controller.domain.preferences import Channel, Instructions
from controller.domain.refusals import Refusal

P1 = norths("P1")
PUSH, SMS, EMAIL = Channel.PUSH, Channel.SMS, Channel.EMAIL
ANSWER_MS = Policy().notice_answer_ms
EXECUTED = CommandAnswer("executed")


def a_locker(**figures: object) -> LockerInHand:
    """One that has three channels."""
    return LockerInHand(a_policy(**({"channels": (PUSH, SMS, EMAIL), "canary_ms": 0} | figures)))


@pytest.fixture
def told() -> LockerInHand:
    """A parcel is expected, and its recipient is being asked."""
    locker = a_locker()
    locker.expect(recipient="r-1")
    return locker


def asked(locker: LockerInHand) -> ev.NotificationRequested:
    """What the carrier was asked to say last."""
    return locker.last(ev.NotificationRequested)


def report(locker: LockerInHand, outcome: ReportedAs, **more: object) -> CommandAnswer:
    """The carrier reports on that."""
    return locker.command(ReportNotification(notice=asked(locker).notice, outcome=outcome, **more))  # type: ignore[arg-type]


def test_before_the_van_comes_the_recipient_is_asked() -> None:
    locker = a_locker(tracking_link="https://t.example/{parcel}", change_link="https://c.example/{parcel}/{notice}")
    locker.expect(recipient="r-1")
    notice = asked(locker)
    assert (notice.kind, notice.parcel, notice.recipient, notice.channel) == (NoticeKind.COMING, P1, "r-1", PUSH)
    assert notice.asks == (Reply.LOCKER, Reply.NOT_THE_LOCKER)
    assert notice.notice == f"n{[e for _, e in locker.history].index(notice) + 1}"
    assert (notice.link, notice.change) == ("https://t.example/P1", f"https://c.example/P1/{notice.notice}")


def test_delivered_is_the_end_of_it(told: LockerInHand) -> None:
    assert report(told, ReportedAs.DELIVERED) == EXECUTED
    told.pass_ms(24 * HOUR_MS)
    assert told.state.notices[P1].standing is Standing.DELIVERED
    assert told.all(ev.NotificationFailed) == []


def test_bounced_goes_on_with_the_next_channel_until_none_is_left(told: LockerInHand) -> None:
    first = asked(told)
    for channel in (PUSH, SMS, EMAIL):
        assert (asked(told).notice, asked(told).channel) == (first.notice, channel)
        report(told, ReportedAs.BOUNCED, reason=Word("no_such_address"))
    failed = told.all(ev.NotificationFailed)
    assert [(f.channel, f.how, f.reason) for f in failed] == [
        (channel, "bounced", "no_such_address") for channel in (PUSH, SMS, EMAIL)
    ]
    exhausted = told.last(ev.NotificationExhausted)
    assert (exhausted.parcel, exhausted.kind, exhausted.tried) == (P1, NoticeKind.COMING, (PUSH, SMS, EMAIL))
    assert told.state.notices[P1].standing is Standing.EXHAUSTED


def test_silence_goes_on_with_the_next_channel(told: LockerInHand) -> None:
    told.pass_ms(ANSWER_MS - 10)
    assert asked(told).channel is PUSH
    told.pass_ms(20)
    assert (asked(told).channel, asked(told).tried) == (SMS, (PUSH,))
    told.pass_ms(3 * ANSWER_MS)
    assert told.all(ev.NotificationExhausted) != []


def test_a_carrier_that_cannot_hear_is_not_silent(told: LockerInHand) -> None:
    told.carrier_hears = False
    told.pass_ms(7 * 24 * HOUR_MS)
    assert told.all(ev.NotificationFailed) == []
    told.carrier_hears = True
    told.pass_ms(ANSWER_MS - 10)
    assert told.all(ev.NotificationFailed) == []
    told.pass_ms(20)
    assert told.last(ev.NotificationFailed).how == "silent"


def test_a_late_report_of_a_channel_that_was_given_up_moves_nothing(told: LockerInHand) -> None:
    told.pass_ms(ANSWER_MS + 10)
    assert report(told, ReportedAs.BOUNCED, channel=PUSH) == EXECUTED
    assert asked(told).channel is SMS
    assert report(told, ReportedAs.DELIVERED, channel=PUSH) == EXECUTED
    assert told.state.notices[P1].standing is Standing.DELIVERED


def test_what_bounces_after_it_was_delivered_goes_by_the_next_channel(told: LockerInHand) -> None:
    report(told, ReportedAs.DELIVERED)
    assert report(told, ReportedAs.BOUNCED) == EXECUTED
    assert (asked(told).channel, asked(told).tried) == (SMS, (PUSH,))


def test_that_another_channel_reaches_nobody_does_not_end_the_one_that_is_tried(told: LockerInHand) -> None:
    report(told, ReportedAs.BOUNCED, channel=EMAIL)
    assert (told.state.notices[P1].standing, told.state.notices[P1].bounced) == (Standing.REQUESTED, (EMAIL,))
    told.pass_ms(ANSWER_MS + 10)
    assert asked(told).channel is SMS


def test_a_report_that_comes_twice_leaves_it_exhausted() -> None:
    locker = a_locker(channels=())
    locker.expect(recipient="r-1")
    for _ in range(2):
        assert report(locker, ReportedAs.BOUNCED) == EXECUTED
    assert locker.state.notices[P1].standing is Standing.EXHAUSTED
    assert len(locker.all(ev.NotificationFailed)) == 1


def test_the_recipients_own_channel_comes_first() -> None:
    locker = a_locker()
    locker.expect(preferences=Instructions(confirmed_at=locker.at.wall, channel=EMAIL))
    report(locker, ReportedAs.FAILED)
    report(locker, ReportedAs.FAILED)
    assert [e.channel for e in locker.all(ev.NotificationRequested)] == [EMAIL, PUSH, SMS]


def test_what_the_carrier_has_not_got_yet_is_not_silence(told: LockerInHand) -> None:
    assert list(notices_due(told.state, told.policy, Hearing(acknowledged=0, since=told.at.wall))) == []


def test_a_contact_that_bounced_is_left_out_until_the_recipient_gives_another(told: LockerInHand) -> None:
    report(told, ReportedAs.BOUNCED)
    assert told.state.notices[P1].bounced == (PUSH,)
    told.put_in(1)
    told.done()
    told.command(RecallParcel(parcel=P1))
    assert (asked(told).kind, asked(told).channel) == (NoticeKind.RECALLED, SMS)
    told.command(UpsertPreferences(parcel=P1, preferences=Instructions(confirmed_at=told.at.wall)))
    assert told.state.notices[P1].bounced == ()


def test_without_channels_the_carrier_chooses_and_its_silence_means_nothing(locker: LockerInHand) -> None:
    locker.expect()
    assert asked(locker).channel is None
    locker.pass_ms(24 * HOUR_MS)
    assert locker.all(ev.NotificationFailed) == []
    report(locker, ReportedAs.FAILED)
    assert locker.last(ev.NotificationExhausted).parcel == P1


def test_reports_on_what_nobody_is_told_are_refused(told: LockerInHand) -> None:
    refused = CommandAnswer("refused", Refusal.NOTICE_UNKNOWN.value)
    bogus = ReportNotification(notice=NoticeId("n9999"), outcome=ReportedAs.DELIVERED)
    assert told.command(bogus) == refused
    of_others = ReportNotification(notice=asked(told).notice, outcome=ReportedAs.DELIVERED)
    assert told.command(of_others, carrier=SOUTH) == refused


def test_every_channel_shows_once_a_day_that_it_is_alive() -> None:
    locker = a_locker(canary_ms=24 * HOUR_MS, channels=(PUSH, SMS), told_by=(NORTH,))
    locker.pass_ms(MINUTE_MS)
    canaries = locker.all(ev.NotificationRequested)
    assert [(c.kind, c.parcel, c.channel) for c in canaries] == [
        (NoticeKind.CANARY, None, PUSH),
        (NoticeKind.CANARY, None, SMS),
    ]
    locker.command(ReportNotification(notice=canaries[0].notice, outcome=ReportedAs.DELIVERED))
    locker.pass_ms(ANSWER_MS)
    dead = locker.last(ev.NotificationFailed)
    assert (dead.channel, dead.how, dead.parcel) == (SMS, "silent", None)
    assert locker.all(ev.NotificationExhausted) == []
    locker.pass_ms(24 * HOUR_MS)
    assert len(locker.all(ev.NotificationRequested)) == 4


# --- answers ----------------------------------------------------------------------------------------


def answer(locker: LockerInHand, reply: Reply, **more: object) -> CommandAnswer:
    """The recipient answers what they were asked last."""
    said = AnswerForRecipient(parcel=P1, answer=reply, notice=asked(locker).notice, **more)  # type: ignore[arg-type]
    return locker.command(said)


def test_a_no_to_the_locker_is_what_the_driver_reads(told: LockerInHand) -> None:
    assert answer(told, Reply.NOT_THE_LOCKER) == EXECUTED
    assert told.last(ev.RecipientAnswered).answer is Reply.NOT_THE_LOCKER
    assert told.state.notices[P1].standing is Standing.DELIVERED
    told.sign_in()
    told.scan(told.state.parcels[P1].label)
    assert (told.last(ev.PlanRefused).reason, told.last(ev.PlanRefused).ladder) == ("not_to_be_left", "contact")
    answer(told, Reply.LOCKER)
    assert isinstance(told.scan(told.state.parcels[P1].label), PlanShown)


def test_an_answer_leaves_the_rest_of_what_is_wanted_as_it_was() -> None:
    locker = a_locker()
    wanted = Instructions(confirmed_at=locker.at.wall, accessible=True, channel=SMS)
    locker.expect(preferences=wanted)
    answer(locker, Reply.LOCKER)
    [kept] = locker.state.preferences.values()
    assert (kept.preferences.locker, kept.preferences.accessible, kept.preferences.channel) == (True, True, SMS)


def test_another_carriers_parcel_is_not_answered_for(told: LockerInHand) -> None:
    said = AnswerForRecipient(parcel=P1, answer=Reply.LOCKER)
    assert told.command(said, carrier=SOUTH) == CommandAnswer("refused", "parcel_unknown")
    assert told.command(said, carrier=NORTH) == EXECUTED
