"""The carrier's backend as a process of its own: `locker carrier serve`, and what it says."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from support.daemon import DEADLINE_S, LOCKER_COMMAND
from support.daemon_premises import LOCKER, Premises

from controller.remote.carrier_store import CarrierStore

Notice = dict[str, Any]


class Backend:
    """A `locker carrier serve` that runs. It lives on while daemons and brokers are killed."""

    def __init__(self, site: Premises, *more: str) -> None:
        self._site = site
        self._changed = threading.Condition()
        self._notices: list[Notice] = []
        self.taken = 0
        """How many records it took since it was started."""
        self._codes: dict[str, str] = {}
        self._custody: dict[str, str] = {}
        words = [*LOCKER_COMMAND, "carrier", "serve", "--url", site.broker_url, "--dir", str(site.carrier_dir)]
        words += ["--locker", LOCKER, "--show-codes", "--json", *more]
        with (site.folder / "carrier.log").open("ab") as log:
            self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self._thread = threading.Thread(target=self._listen, name="carrier's notices", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait until all it said was heard."""
        self._process.terminate()
        self._process.wait(DEADLINE_S)
        self._thread.join(DEADLINE_S)

    # --- what it says -------------------------------------------------------------------------------

    @property
    def notices(self) -> list[Notice]:
        """Everything so far, in order."""
        with self._changed:
            return list(self._notices)

    @property
    def sequences(self) -> list[int]:
        """The records it took, in the order in which it took them."""
        return [notice["sequence"] for notice in self.notices if notice["kind"] == "record"]

    @property
    def complaints(self) -> list[Notice]:
        """Gaps are asked for again and therefore none; everything else that is neither record nor status is one."""
        return [notice for notice in self.notices if notice["kind"] not in ("record", "status", "gap", "keys")]

    def wait_for(self, met: Callable[[Notice], bool], what: str, limit_s: float = DEADLINE_S) -> Notice:
        """The first notice that meets the wish, heard already or by the limit. Raises AssertionError."""
        with self._changed:
            found = self._changed.wait_for(lambda: next(filter(met, self._notices), None), limit_s)
        assert found is not None, f"the carrier did not hear of {what} within {limit_s:g} s"
        return found

    def wait_for_record(self, name: str, limit_s: float = DEADLINE_S, **data: object) -> Notice:
        """The first record of this event (`area.what`) with these data."""

        def met(notice: Notice) -> bool:
            told: dict[str, object] = notice.get("data", {})
            return notice.get("type") == name and data.items() <= told.items()

        return self.wait_for(met, f"{name} {data}", limit_s)

    def wait_for_sequence(self, sequence: int, limit_s: float = DEADLINE_S) -> None:
        """Wait until it has everything up to this record."""
        self.wait_for(lambda notice: notice.get("sequence") == sequence, f"record {sequence}", limit_s)

    def wait_for_taken(self, records: int) -> None:
        """Wait until it has taken so many records."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.taken >= records, DEADLINE_S)
        assert came, f"the carrier took {self.taken} records, not {records}"

    def code_of(self, parcel: str) -> str | None:
        """The code it decrypted last for this parcel."""
        return self._codes.get(parcel)

    def custody_of(self, parcel: str) -> str | None:
        """The last it heard of a parcel's custody: `stored`, `collected`, …"""
        return self._custody.get(parcel)

    def wait_for_custody(self, parcel: str, *wanted: str, limit_s: float) -> str | None:
        """The parcel's custody once it is one that is wanted, else what it is when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._custody.get(parcel) in wanted, limit_s)
            return self._custody.get(parcel)

    def records(self) -> list[bytes]:
        """What it keeps in its own store of the locker's one stream, byte for byte."""
        streams = {notice["stream"] for notice in self.notices if notice["kind"] == "record"}
        (stream,) = streams or {""}
        with closing(CarrierStore(self._site.carrier_dir / "carrier.db")) as store:
            return list(store.records(LOCKER, stream))

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._take(json.loads(line))

    def _take(self, notice: Notice) -> None:
        with self._changed:
            self._notices.append(notice)
            self.taken += notice["kind"] == "record"
            area, _, what = str(notice.get("type", "")).partition(".")
            if area == "custody":
                self._custody[notice["data"]["parcel"]] = what
            if "code" in notice:
                self._codes[notice["parcel"]] = notice["code"]
            self._changed.notify_all()


@contextmanager
def a_backend(site: Premises, *more: str) -> Iterator[Backend]:
    """The carrier's backend, started with `more` options, from here to the end of the block."""
    backend = Backend(site, *more)
    try:
        yield backend
    finally:
        backend.stop()


def is_status(word: str, boot: int) -> Callable[[Notice], bool]:
    """Whether a notice says that the locker is `online` or `offline` in this boot."""
    return lambda notice: notice["kind"] == "status" and notice["text"].startswith(f"is {word}, boot {boot},")
