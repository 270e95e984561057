"""How long this locker's certificate for the broker is still good."""

from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate

from controller.domain.ids import WallMs

_DAY_MS = 24 * 3_600_000


def certificate_days(file: Path | None, now: WallMs) -> int | None:
    """Whole days until the certificate in `file`, as it is on disk now, ends; negative once it has.

    None without a certificate, or where it cannot be read: connecting says what is wrong with it.
    """
    if file is None:
        return None
    try:
        ends = load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None
    return int(ends.timestamp() * 1000 - now) // _DAY_MS
