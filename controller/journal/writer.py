"""One thread that does jobs in order, and tells the loop how each ended."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from controller.journal.errors import CommitFailed, DiskFull

T = TypeVar("T")
_ENDED = "The journal's writer has ended, so nothing more can be stored."


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop | None
    """None where nobody waits for the outcome."""
    future: "asyncio.Future[Any] | None"

    def tell(self, result: object, error: Exception | None) -> None:
        if self.loop is not None and self.future is not None:
            self.loop.call_soon_threadsafe(_settle, self.future, result, error)


class Writer:
    """The thread. The first `CommitFailed` is the answer to everything after it.

    An exception that is neither that nor `DiskFull` is a bug: it ends the thread with its traceback, and whoever waits
    gets `CommitFailed`.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._failed: CommitFailed | None = None
        self._current: _Job | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[], T]) -> T:
        """The result of `work`, done after everything asked for before."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(_Job(work, loop, future))
        return await future

    def do_unattended(self, work: Callable[[], None]) -> None:
        """Do `work` without an answer; if it raises `CommitFailed`, the next to ask is told."""
        self._put(_Job(work, None, None))

    def stop(self) -> None:
        """Let the thread finish what it was asked and end. May be called again."""
        self._jobs.put(None)
        self._thread.join()

    def _put(self, job: _Job) -> None:
        self._jobs.put(job)
        if self._ended:
            self._fail_rest()

    def _run(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                self._current = job
                self._do(job)
                self._current = None
        finally:
            self._ended = True
            self._fail_rest()

    def _do(self, job: _Job) -> None:
        try:
            if self._failed is not None:
                raise self._failed
            result = job.work()
        except CommitFailed as error:
            self._failed = error
            job.tell(None, error)
        except DiskFull as error:
            job.tell(None, error)
        else:
            job.tell(result, None)

    def _fail_rest(self) -> None:
        if self._current is not None:
            self._current.tell(None, CommitFailed(_ENDED))
            self._current = None
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            if job is not None:
                job.tell(None, CommitFailed(_ENDED))


def _settle(future: "asyncio.Future[Any]", result: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
