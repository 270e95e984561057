import subprocess
from pathlib import Path


def test_a_bare_debian_runs_the_demo_and_the_suite() -> None:
    script = Path(__file__).with_name("fresh_root.sh")

    finished = subprocess.run([script], stdout=subprocess.PIPE, text=True, check=False)

    assert finished.returncode == 0, finished.stdout
    assert "## make demo (" in finished.stdout
    assert "## make test (" in finished.stdout
