"""Data directories that `locker run` refuses: exit 2, the sentence that says what to do, and nothing touched."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import daemon_data, daemon_journal
from support.broker import free_port
from support.daemon import a_daemon, locker
from support.daemon_data import Damage, copied, fingerprint, flip_in_record, sql
from support.daemon_site import Site, a_site
from support.daemon_storm import a_street
from support.daemon_stream import at_the_terminal, pour

RECENT = "(SELECT max(seq) - 3 FROM record)"
"""A record that is younger than the last snapshot."""
RESTORE = "Restore a backup, or move the data directory aside to begin a new stream; nothing was changed."
REFUSED: dict[str, tuple[Damage, str]] = {
    "newer": (sql("UPDATE meta SET value = '9' WHERE key = 'schema'"), "has schema 9, from newer software"),
    "flipped": (flip_in_record("compartment.restored"), RESTORE),
    "gone": (sql(f"DELETE FROM record WHERE seq = {RECENT}"), RESTORE),
    "rehashed": (sql(f"UPDATE record SET hash = zeroblob(32) WHERE seq = {RECENT}"), RESTORE),
    "swapped": (sql("UPDATE record SET seq = 1000 - seq"), RESTORE),
    "private part gone": (sql("DELETE FROM private"), RESTORE),
    "tail gone": (
        sql(
            "INSERT INTO cursor SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1",
            f"DELETE FROM record WHERE seq >= {RECENT}",
        ),
        "was acknowledged by the carrier",
    ),
    "cut": (daemon_data.cut, RESTORE),
    "overwritten": (daemon_data.overwrite, RESTORE),
    "only a WAL": (daemon_data.leave_the_wal_alone, "Put the database back"),
    "a key gone": (daemon_data.lose_a_key, "code.jwk is missing"),
}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a locker that was stopped once and killed once."""
    with a_site(tmp_path_factory.mktemp("killed"), free_port()) as site, a_daemon(site) as daemon:
        daemon.run()
        pour(site, 10)
        daemon.terminate()
        daemon.run()
        at_the_terminal(site, do="open", compartment="A01", reason="it stands beside the record")
        pour(site, 10)
        daemon.kill()
    return site.data_dir


@pytest.fixture
def site(tmp_path: Path, killed: Path) -> Iterator[Site]:
    """A site on a copy of it, without a broker."""
    with a_site(tmp_path, free_port()) as site:
        copied(killed, site.data_dir)
        yield site


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_and_left_as_it_is(site: Site, kind: str) -> None:
    damage, sentence = REFUSED[kind]
    damage(site.data_dir)
    before = fingerprint(site.data_dir)

    ended = locker("run", "--config", site.config)

    assert ended.returncode == 2, ended.stderr
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert fingerprint(site.data_dir) == before
    assert site.line.frames == []


def test_the_good_one_is_not_refused(site: Site) -> None:
    with a_daemon(site) as daemon:
        daemon.run()
        daemon.terminate()
    assert daemon_journal.names(site.data_dir)[-1] == "boot.clean_stop"


def test_damage_older_than_the_snapshot_is_told_and_the_locker_starts(site: Site) -> None:
    sql("UPDATE record SET hash = zeroblob(32) WHERE seq = 2")(site.data_dir)
    with a_daemon(site) as daemon:
        daemon.run()
        daemon.wait_for_record("health.storage_error")
        daemon.terminate()
    (told,) = daemon_journal.records(site.data_dir, "health.storage_error")
    assert told["data"]["sequence"] == "2"


def test_a_second_daemon_on_the_same_directory_is_refused(site: Site) -> None:
    with a_daemon(site) as daemon:
        daemon.run()

        second = locker("run", "--config", site.config)

        assert second.returncode == 2, second.stderr
        assert f"in use by process {daemon.pid}" in second.stderr
        assert daemon.healthy()


def test_a_journal_from_an_old_copy_is_a_fork_to_locker_and_carrier(tmp_path: Path) -> None:
    with a_street(tmp_path) as street:
        site, daemon, backend = street.site, street.daemon, street.backend
        daemon.run()
        daemon.terminate()
        shutil.copytree(site.data_dir, tmp_path / "old")
        daemon.run()
        pour(site, 50)
        daemon.terminate()
        backend.wait_for_sequence(daemon_journal.last_sequence(site.data_dir))
        shutil.rmtree(site.data_dir)
        (tmp_path / "old").rename(site.data_dir)

        daemon.run()

        daemon.wait_for_record("security.fork")
        backend.wait_for(lambda notice: notice["kind"] == "broken", "the fork")
        daemon.terminate()
        (fork,) = daemon_journal.records(site.data_dir, "security.fork")
        assert int(fork["data"]["sequence"]) == backend.taken
        assert daemon_journal.verified(site.data_dir).damage is None
