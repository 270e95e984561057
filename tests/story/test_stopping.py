"""A stopped daemon stops, whoever still looks at it, and leaves nothing undone."""

from pathlib import Path

import pytest
from support import daemon_journal
from support.daemon_carrier import is_status
from support.daemon_kiosk import OpenStream
from support.daemon_people import Street
from support.daemon_storm import a_street


@pytest.mark.timeout(300)
def test_sigterm_with_a_page_open_ends_it_in_order_whenever_it_is_started_again(tmp_path: Path) -> None:
    with a_street(tmp_path) as street:
        for _ in range(2):
            _run_and_stop(street)


def _run_and_stop(street: Street) -> None:
    data_dir, boots = street.site.data_dir, street.daemon.starts + 1
    street.daemon.run()
    street.backend.wait_for(is_status("online", boot=boots), "the locker coming")
    stream = OpenStream(street.site.kiosk_port)
    assert stream.line() == "event: site"

    street.daemon.terminate()

    last = daemon_journal.last_sequence(data_dir)
    assert daemon_journal.names(data_dir)[-1] == "boot.clean_stop"
    assert daemon_journal.snapshot_sequences(data_dir)[-1] == last
    gone = street.backend.wait_for(is_status("offline", boot=boots), "the locker going")
    assert gone["text"].endswith(f"record {last}")
    street.backend.wait_for_sequence(last)
    assert stream.rest().endswith(b"\n\n")
    stream.close()
    assert not (data_dir / "locker.sock").exists()
    assert street.site.boards.unlockings == []
