"""What the guest's tests share: one watch over all outputs from first to last, one site, one daemon."""

from collections.abc import Iterator

import pytest
from support.broker import running_mosquitto
from support.daemon import Daemon, a_daemon
from support.kernel_trace import LineWatch
from support.pin_site import PinSite, a_pin_site


@pytest.fixture(scope="session")
def watch() -> Iterator[LineWatch]:
    watch = LineWatch()
    yield watch
    watch.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, watch: LineWatch) -> Iterator[PinSite]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "broker").mkdir()
    with running_mosquitto(folder / "broker") as broker, a_pin_site(folder, broker.port, watch) as site:
        yield site


@pytest.fixture(scope="session")
def daemon(site: PinSite) -> Iterator[Daemon[PinSite]]:
    with a_daemon(site) as daemon:
        yield daemon


@pytest.fixture
def running(daemon: Daemon[PinSite]) -> Daemon[PinSite]:
    """The daemon, started unless it runs; every door is shut."""
    daemon.site.shut_all()
    if not daemon.alive:
        daemon.run()
    return daemon
