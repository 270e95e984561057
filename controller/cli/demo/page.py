"""The touchscreen's service, found as it is installed, with the demo page served beside it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import entry_points

from controller.cli.demo.carrier import Carrier
from controller.cli.demo.feed import Feed
from controller.cli.demo.hands import Hands
from controller.cli.demo.stage import Stage
from controller.cli.demo.web import demo_app
from controller.device.app import SERVICES
from controller.device.doorway import EngineDoorway

TOUCHSCREEN = "kiosk"
PAGE = "/demo"


class Page:
    """Both of them; `url` once they are served."""

    def __init__(self, carrier: Carrier, hands: Hands) -> None:
        self.url = ""
        self._carrier = carrier
        self._hands = hands

    @asynccontextmanager
    async def serve(self, doorway: EngineDoorway, *, listen: str, times: Mapping[str, int]) -> AsyncIterator[object]:
        """Serve both while the context is open."""
        (touchscreen,) = entry_points(group=SERVICES, name=TOUCHSCREEN)
        stage = Stage(doorway, self._carrier, self._hands)
        feed = Feed(stage)
        extra = {PAGE: demo_app(stage, feed)}
        async with touchscreen.load()(doorway, listen=listen, times=times, demo=True, extra=extra) as serving:
            stage.scanned, self.url = serving.scanned, serving.url
            self._keep_told(doorway, feed)
            try:
                yield serving
            finally:
                await feed.close()

    def _keep_told(self, doorway: EngineDoorway, feed: Feed) -> None:
        loop = asyncio.get_running_loop()

        def moved() -> None:
            loop.call_soon_threadsafe(feed.changed)

        self._hands.follow(moved)
        doorway.follow(lambda committed, state: feed.changed())
        self._carrier.changed = feed.changed
