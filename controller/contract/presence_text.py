"""What a telephone reads off the screen, for the carrier to echo in `pickup.authorise`: a URI of few characters, so
that its QR code is coarse.
"""

from urllib.parse import parse_qs, urlsplit

SCHEME = "locker"


def presence_text(locker: str, nonce: str) -> str:
    """Such as `locker:L0042?presence=4Zr0…`."""
    return f"{SCHEME}:{locker}?presence={nonce}"


def read_presence(text: str) -> tuple[str, str]:
    """The locker, and the presence nonce that was on its screen. Raises ValueError for any other text."""
    parts = urlsplit(text.strip())
    nonces = parse_qs(parts.query, strict_parsing=True).get("presence", []) if parts.query else []
    if parts.scheme != SCHEME or not parts.path or len(nonces) != 1:
        raise ValueError(f"this is not what a locker's screen shows to an app: {SCHEME}:LOCKER?presence=…")
    return parts.path, nonces[0]
