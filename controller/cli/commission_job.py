"""One commissioning from its beginning, or from where it was left, to the files that it writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from controller.cli.failure import Exit, Failed
from controller.cli.interruption import Interruption
from controller.cli.output import print_json, some
from controller.contract.commissioning import seal_report
from controller.contract.device_keys import DeviceKeys
from controller.contract.fields import wall_text
from controller.contract.jose import sign
from controller.contract.wire_json import JsonObject
from controller.device.clock import machine_wall_ms
from controller.device.commissioning.draft import Draft
from controller.device.commissioning.hands import Hands, hands_on
from controller.device.commissioning.learning import Trial
from controller.device.commissioning.lines import Line, at_speeds, listen
from controller.device.commissioning.outcome import Outcome, conclude
from controller.device.commissioning.progress import OtherDraft, Progress
from controller.device.commissioning.result import cabinet_toml, people, report_facts
from controller.device.commissioning.walk import Eyes, NoSensors, NotPulsed, StandsOpen, walk


@dataclass(frozen=True, slots=True)
class Files:
    """What is written: the cabinet's tables, and beside them the report and, until it is done, the progress."""

    out: Path

    @property
    def report(self) -> Path:
        """The signed report."""
        return self.out.with_suffix(".report.json")

    @property
    def progress(self) -> Path:
        """What is known so far."""
        return self.out.with_suffix(".progress.json")


class Job:
    """A commissioning. The locker's keys were had, so nothing is stored and no locker runs."""

    def __init__(
        self,
        draft: Draft,
        files: Files,
        keys: DeviceKeys,
        locker: str | None,
        out: TextIO,
        interruption: Interruption,
    ) -> None:
        """`out` is where people read."""
        self._draft = draft
        self._files = files
        self._keys = keys
        self._locker = locker
        self._out = out
        self._interruption = interruption

    def run(self, eyes: Callable[[Hands], Eyes], *, as_json: bool) -> bool:
        """Walk the cabinet and write down what was learned; whether all of it is good. Raises `Failed`."""
        progress = self._progress()
        lines = self._lines()
        bauds = {line.board: line.baud for line in lines if line.baud is not None}
        progress = replace(progress, bauds=bauds)
        trials = self._walk(eyes, progress)
        outcome = conclude(self._draft, replace(progress, trials=trials), tuple(lines))
        facts = self._write(outcome)
        if len(trials) == len(self._draft.locks):
            self._files.progress.unlink(missing_ok=True)
        if as_json:
            print_json({**facts, "files": {"cabinet": str(self._files.out), "report": str(self._files.report)}})
        self._tell_end(outcome)
        return outcome.learned.good

    def _progress(self) -> Progress:
        path = self._files.progress
        if not path.exists():
            return Progress(self._draft.digest, _now())
        try:
            progress = Progress.read(path, self._draft.digest)
        except OtherDraft as other:
            raise Failed(Exit.WRONG_USE, str(other)) from other
        self._say(f"Going on from {path}: {some(len(progress.trials), 'channel')} tried before.")
        return progress

    def _lines(self) -> list[Line]:
        """Every board, heard. Raises `Failed` if one does not answer."""
        lines = list(listen(self._draft, self._tell_line))
        silent = [line.why_silent() for line in lines if line.silent]
        if silent:
            raise Failed(Exit.UNREACHABLE, *silent, "Nothing was pulsed.")
        return lines

    def _walk(self, eyes: Callable[[Hands], Eyes], progress: Progress) -> list[Trial]:
        def keep(trials: Sequence[Trial]) -> None:
            replace(progress, trials=trials).write(self._files.progress)
            if trials:
                self._tell_trial(trials[-1])

        try:
            draft, interruption = at_speeds(self._draft, progress.bauds), self._interruption
            with interruption.held_back(), hands_on(draft, pause=interruption.check) as hands:
                return walk(self._draft, hands, eyes(hands), progress.trials, keep, _now)
        except (StandsOpen, NotPulsed, TimeoutError) as stopped:
            kept = f"What was learned is kept in {self._files.progress}; start again to go on."
            raise Failed(Exit.NOT_GOOD, f"{stopped}.", kept) from stopped
        except (NoSensors, ValueError) as unusable:
            raise Failed(Exit.WRONG_USE, str(unusable)) from unusable

    def _write(self, outcome: Outcome) -> JsonObject:
        toml = cabinet_toml(outcome)
        facts: JsonObject = {
            "locker": self._locker,
            "software": version("parcel-locker"),
            "started": outcome.progress.started,
            "finished": _now(),
            "by": people(outcome.progress.trials),
            **report_facts(outcome, toml),
        }
        report = seal_report(facts, lambda payload, typ: sign(payload, self._keys.sign, typ))
        try:
            self._files.out.write_text(toml)
            self._files.report.write_bytes(report + b"\n")
        except OSError as error:
            raise Failed(Exit.WRONG_USE, f"{error.filename}: cannot be written: {error.strerror}") from error
        return facts

    def _tell_line(self, line: Line) -> None:
        if line.baud is not None:
            echo = ", through an adapter that echoes" if line.echo else ""
            self._say(f"{line.board} answers at {line.baud} baud{echo}.")
        elif not line.heard:
            self._say(f"{line.board} cannot be asked anything; it is taken to be there.")

    def _tell_trial(self, trial: Trial) -> None:
        moved = ", ".join(f"{it.sensor} ({it.feedback.value})" for it in trial.moved)
        opened = " and ".join(trial.opened) or "nothing"
        self._say(f"{trial.lock} opens {opened}" + (f", read on {moved}" if moved else ""))

    def _tell_end(self, outcome: Outcome) -> None:
        compartments = outcome.learned.compartments
        known = sum(compartment.usable for compartment in compartments)
        self._say(f"\n{known} of {some(len(compartments), 'compartment')} can be used.")
        for finding in outcome.findings:
            self._say(f"{'!' if finding.fault else '-'} {finding.sentence()}")
        self._say(f"\nThe cabinet's tables are in {self._files.out}, the signed report in {self._files.report}.")

    def _say(self, line: str) -> None:
        self._out.write(f"{line}\n")
        self._out.flush()


def _now() -> str:
    return wall_text(machine_wall_ms())
