import subprocess
from pathlib import Path

import pytest
from support.other_brokers import SHIPPED

from controller.device.certificate import certificate_days
from controller.domain.ids import WallMs

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pki")
    script = SHIPPED / "mosquitto" / "make-certificates.sh"
    subprocess.run([script, folder, "L0042"], check=True, capture_output=True)
    return folder / "L0042.crt"


def test_days_go_down_to_the_end_and_beyond(certificate: Path) -> None:
    made = WallMs(int(certificate.stat().st_mtime * 1000) - 60_000)
    assert certificate_days(certificate, made) == 825
    assert certificate_days(certificate, WallMs(made + 824 * DAY_MS)) == 1
    assert certificate_days(certificate, WallMs(made + 830 * DAY_MS)) == -5


def test_without_one_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "none.crt").write_text("not a certificate")
    for file in (None, tmp_path / "missing.crt", tmp_path / "none.crt"):
        assert certificate_days(file, WallMs(0)) is None
