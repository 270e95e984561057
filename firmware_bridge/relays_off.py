"""Every relay of a board off, by whoever comes after a program that was killed."""

import time
from typing import Final

from firmware_bridge.codecs import Relays
from firmware_bridge.faults import BoardFault
from firmware_bridge.serial_port import OpenPort, Port, PortError, open_port

ROUNDS: Final = 2
"""How often each relay is told: nothing tells whether it heard."""


def all_off(
    name: str, relays: Relays, port: str, baud: int | None, *, open_port: OpenPort = open_port
) -> list[BoardFault]:
    """Switch every relay of board `name` on `port` off; returns the fault if the port could not be had, or was lost."""
    try:
        opened = open_port(port, relays.baud if baud is None else baud)
    except PortError as fault:
        return [BoardFault(name, fault.kind, fault.detail)]
    try:
        for _ in range(ROUNDS):
            for channel in range(1, relays.channels + 1):
                opened.write(relays.off(channel))
                opened.flush()
                _rest(opened, relays.rest_ms)
    except PortError as fault:
        return [BoardFault(name, fault.kind, fault.detail)]
    finally:
        opened.close()
    return []


def _rest(port: Port, rest_ms: int) -> None:
    ends_s = time.monotonic() + rest_ms / 1000
    while (left_s := ends_s - time.monotonic()) > 0:
        port.read(left_s * 1000)
