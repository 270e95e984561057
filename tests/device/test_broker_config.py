"""The Mosquitto configuration that is shipped, with certificates made by the script beside it, against intruders."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.broker_fake import Wire
from support.on_a_loop import on_a_loop
from support.parties import MINE, OTHERS, Party, together
from support.shipped_broker import SHIPPED, Shipped, made

from controller.contract.topics import Topics

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the site has."""
    names = ("broker=127.0.0.1", "L0042", "L0043", "backend", "operator", "watcher")
    return made(tmp_path_factory.mktemp("pki") / "certs", *names)


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody made with an authority of their own."""
    return made(tmp_path_factory.mktemp("forged") / "certs", "L0042")


@pytest.fixture
def broker(certs: Path, tmp_path: Path) -> Iterator[Shipped]:
    """The shipped broker, running."""
    shutil.copytree(certs, tmp_path / "certs")
    shipped = Shipped(tmp_path)
    shipped.start()
    yield shipped
    shipped.stop()


@on_a_loop
async def test_a_locker_may_say_what_is_its_own_and_nothing_else(broker: Shipped, certs: Path) -> None:
    locker = Party(broker.as_seen_by("L0042", certs), "L0042")
    async with together(locker):
        own = [MINE.status, MINE.keys, MINE.events, MINE.state, MINE.compartment("A01"), MINE.health, MINE.results]
        assert [await locker.say(topic) for topic in own] == [None] * len(own)
        forbidden = [MINE.ack, MINE.commands, OTHERS.status, OTHERS.events, OTHERS.results, OTHERS.ack, "elsewhere"]
        assert [await locker.say(topic) for topic in forbidden] == ["Not authorized"] * len(forbidden)


@on_a_loop
async def test_a_locker_hears_its_own_commands_and_no_others(broker: Shipped, certs: Path) -> None:
    wants = (MINE.commands, OTHERS.commands, OTHERS.events, "locker/v1/+/commands", "#")
    locker = Party(broker.as_seen_by("L0042", certs), "L0042", *wants)
    backend = Party(broker.as_seen_by("backend", certs), "backend", Topics("locker/v1", "+").events)
    other = Party(broker.as_seen_by("L0043", certs), "L0043")
    async with together(locker, backend, other):
        assert await backend.say(OTHERS.commands, b"for the other") is None
        assert await other.say(OTHERS.events, b"of the other") is None
        assert await backend.say(MINE.commands, b"mine") is None
        await locker.heard(1)
        await backend.heard(1)
        assert set(locker.got) == {b"mine"}
        assert backend.got == [b"of the other"]


@on_a_loop
async def test_an_operator_commands_and_does_not_acknowledge(broker: Shipped, certs: Path) -> None:
    operator = Party(broker.as_seen_by("operator", certs), "whatever")
    async with together(operator):
        assert await operator.say(MINE.commands) is None
        assert await operator.say(MINE.config_desired) is None
        assert await operator.say(MINE.config_reported) == "Not authorized"
        assert await operator.say(MINE.ack) == "Not authorized"
        assert await operator.say(MINE.events) == "Not authorized"


@on_a_loop
async def test_a_watcher_hears_what_lockers_say_of_themselves_and_says_nothing(broker: Shipped, certs: Path) -> None:
    everyone = Topics("locker/v1", "+")
    hears = (everyone.status, everyone.health, everyone.events, everyone.config_reported)
    wants = (*hears, everyone.commands, everyone.results)
    watcher = Party(broker.as_seen_by("watcher", certs), "watcher", *wants)
    locker = Party(broker.as_seen_by("L0042", certs), "L0042")
    backend = Party(broker.as_seen_by("backend", certs), "backend")
    async with together(watcher, locker, backend):
        assert await backend.say(MINE.commands, b"for the locker") is None
        assert await locker.say(MINE.results, b"for the sender") is None
        own = (MINE.status, MINE.health, MINE.events, MINE.config_reported)
        for topic in own:
            assert await locker.say(topic, topic.encode()) is None
        await watcher.heard(4)
        assert watcher.got == [topic.encode() for topic in own]
        forbidden = [MINE.commands, MINE.ack, MINE.events, MINE.status, MINE.config_desired]
        assert [await watcher.say(topic) for topic in forbidden] == ["Not authorized"] * len(forbidden)


@on_a_loop
async def test_another_lockers_certificate_cannot_take_over_a_session(broker: Shipped, certs: Path) -> None:
    victim = Party(broker.as_seen_by("L0042", certs), "L0042", MINE.commands)
    thief = Party(broker.as_seen_by("L0043", certs), "L0042", MINE.commands)
    backend = Party(broker.as_seen_by("backend", certs), "backend")
    async with together(victim, thief, backend):
        assert await backend.say(MINE.commands, b"open") is None
        await victim.heard(1)
        assert thief.got == []
        assert (victim.ups, thief.ups) == (1, 1)


@on_a_loop
async def test_what_waits_for_a_locker_that_is_away_is_not_handed_to_another(broker: Shipped, certs: Path) -> None:
    victim = Party(broker.as_seen_by("L0042", certs), "L0042", MINE.commands)
    thief = Party(broker.as_seen_by("L0043", certs), "L0042", MINE.commands)
    backend = Party(broker.as_seen_by("backend", certs), "backend")
    async with together(victim):
        pass
    async with together(backend):
        assert await backend.say(MINE.commands, b"open") is None
        async with together(thief):
            assert await backend.say(MINE.commands, b"and again") is None
        assert thief.got == []
        async with together(victim):
            await victim.heard(2)
    assert victim.got == [b"open", b"and again"]


@on_a_loop
async def test_another_lockers_certificate_cannot_declare_a_locker_offline(broker: Shipped, certs: Path) -> None:
    """Not by its last will either, which the broker publishes for whoever is cut off."""
    wire = Wire(broker.port)
    await wire.start()
    through_it = replace(broker.as_seen_by("L0043", certs), port=wire.port)
    watcher = Party(broker.as_seen_by("watcher", certs), "watcher", Topics("locker/v1", "+").status)
    async with together(watcher):
        for topic, will in ((MINE.status, b"offline, says another"), (OTHERS.status, b"offline")):
            party = Party(through_it, "L0043")
            party.link.leave_will(lambda conn, topic=topic, will=will: (topic, will))  # type: ignore[misc]  # as defaults
            async with together(party):
                wire.cut()
                await party.ups_reach(2)
        await watcher.heard(1)
    await wire.stop()
    assert watcher.got == [b"offline"]


@on_a_loop
async def test_nobody_is_let_in_without_a_good_certificate(broker: Shipped, certs: Path, forged: Path) -> None:
    strangers = (
        Party(replace(broker.as_seen_by("L0042", certs), cert_file=None, key_file=None), "L0042"),
        Party(replace(broker.as_seen_by("L0042", forged), ca_file=certs / "ca.crt"), "L0042"),
    )
    for stranger in strangers:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5), together(stranger):
                pass


@on_a_loop
async def test_a_broker_with_another_authoritys_certificate_is_not_spoken_to(
    broker: Shipped, certs: Path, forged: Path
) -> None:
    locker = Party(replace(broker.as_seen_by("L0042", certs), ca_file=forged / "ca.crt"), "L0042")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5), together(locker):
            pass


def test_a_key_is_never_made_twice(certs: Path) -> None:
    again = subprocess.run(
        [SHIPPED / "make-certificates.sh", certs, "L0042"], capture_output=True, text=True, check=False
    )

    assert again.returncode == 2
    assert "exists already" in again.stderr
