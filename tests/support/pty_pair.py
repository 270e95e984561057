"""Two serial devices joined by a cable, for programs that each open one: what goes in here comes out there."""

import os
import select
import threading
import tty


class PtyPair:
    """`one` and `other` are the devices' paths. One thread; `close` ends it."""

    def __init__(self) -> None:
        self._ends = [os.openpty(), os.openpty()]
        for _, device in self._ends:
            tty.setraw(device)
        self.one, self.other = (os.ttyname(device) for _, device in self._ends)
        self._bell = os.eventfd(0)
        self._thread = threading.Thread(target=self._carry, name="cable", daemon=True)
        self._thread.start()

    def close(self) -> None:
        os.eventfd_write(self._bell, 1)
        self._thread.join()
        for descriptor in (self._bell, *(each for end in self._ends for each in end)):
            os.close(descriptor)

    def _carry(self) -> None:
        (one, _), (other, _) = self._ends
        across = {one: other, other: one}
        while True:
            ready, _, _ = select.select([*across, self._bell], [], [])
            if self._bell in ready:
                return
            for end in ready:
                os.write(across[end], os.read(end, 4096))
