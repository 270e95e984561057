"""What a start and a stop put on record. Nothing is pulsed: doors are read, and time settles what was left open."""

from controller.domain import events as ev
from controller.domain.audit import NEEDS_AUDIT
from controller.domain.decide import visiting
from controller.domain.decide.draft import Draft
from controller.domain.decide.leaving import end_visit
from controller.domain.decide.rotating import read_keys
from controller.domain.decide.technician import sign_out
from controller.domain.ids import ClockQuality
from controller.domain.inputs import Started


def start(draft: Draft, started: Started) -> None:
    """The process has read its journal and knows its configuration."""
    before = draft.state
    if before.sequence == 0:
        draft.record(_stream(started))
    elif not before.stopped_cleanly:
        draft.record(ev.UncleanStop(ended_boot=before.boot))
    unwatched_s = None
    if before.last is not None and draft.at.clock is not ClockQuality.UNKNOWN:
        unwatched_s = max(0, draft.at.wall - before.last.wall) // 1000
    draft.record(ev.BootStarted(software=started.software, unwatched_s=unwatched_s))
    if (started.config_sha256, started.config_version) != (before.config_sha256, before.config_version):
        draft.record(
            ev.ConfigApplied(
                sha256=started.config_sha256, compartments=started.compartments, version=started.config_version
            )
        )
    read_keys(draft, started)
    _close_what_was_under_way(draft)
    if before.sequence == 0 and started.previous_stream is not None:
        _have_looked_at(draft)


def _have_looked_at(draft: Draft) -> None:
    """Nobody knows any more what lies where: nothing is given out or in until somebody has looked."""
    for pickup in list(draft.state.pickups.values()):
        if pickup.code is not None:
            draft.record(ev.CodeRevoked(pickup=pickup.id, reason="new_stream"))
    for id in draft.state.compartments:
        draft.record(ev.CompartmentQuarantined(compartment=id, reason=NEEDS_AUDIT))


def _stream(started: Started) -> ev.StreamStarted:
    sequence = started.previous_sequence
    return ev.StreamStarted(
        software=started.software,
        previous_stream=started.previous_stream,
        previous_sequence=str(sequence) if sequence is not None else None,
        previous_head=started.previous_head,
    )


def _close_what_was_under_way(draft: Draft) -> None:
    visiting.end(draft, "restart")
    visit = draft.state.visit
    if visit is not None:
        end_visit(draft, visit, "restart")
    if draft.state.technician is not None:
        sign_out(draft, draft.state.technician.session, "restart")
    if draft.state.series is not None:
        draft.record(ev.UnlockSeriesEnded(purpose=draft.state.series.purpose, reason="restart"))
    for compartment in list(draft.state.compartments.values()):
        cycle = compartment.cycle
        if cycle is not None and cycle.sent is None and cycle.boot != draft.at.boot:
            draft.record(ev.UnlockReported(compartment=compartment.id, sent="unknown"))
    for jti, command in list(draft.state.commands.items()):
        if command.outcome is None:
            draft.record(ev.CommandExecuted(jti=jti, outcome="unknown"))
