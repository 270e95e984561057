"""The receipt on the small panel, read by a program that reads what telephones read."""

import asyncio
import subprocess
from pathlib import Path

from support.doorway import FakeDoorway
from support.gallery import thanks_with_receipt
from support.touchscreen import SMALL, a_browser, standing_before


def test_zbar_reads_the_receipt_from_a_picture_of_the_screen(tmp_path: Path) -> None:
    doorway, picture = FakeDoorway(), tmp_path / "screen.png"

    async def photograph() -> None:
        async with a_browser() as browser, standing_before(browser, doorway, SMALL) as screen:
            await thanks_with_receipt(screen)
            picture.write_bytes(await screen.page.screenshot())

    asyncio.run(photograph())
    read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, check=True, timeout=60)
    assert read.stdout.decode().strip() == doorway.receipt((1,))
