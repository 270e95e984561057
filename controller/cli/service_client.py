"""The terminal's end of the service socket; see `controller.device.service_socket` for what is said there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from controller.cli.failure import Exit, Failed
from controller.contract.wire_json import JsonObject, dumps, loads_object
from controller.device.service_requests import SOCKET

ANSWER_S = 10.0
_TRY_AGAIN = ("unavailable", "crowded")
_REFUSALS = {
    "compartment_unknown": "there is no such compartment; `locker status` lists them",
    "busy": "somebody is at the locker, or a door is moving; nothing was done, try again when they have left",
    "wiring_fault": (
        "a lock on its supply moved another door than its own, and nothing is unlocked there until that is repaired; "
        "nothing was done, `locker status` names the doors to look at"
    ),
    "unlock_limit": "too many occupied compartments were opened from afar within the hour; nothing was done",
}


def ask(data_dir: Path, request: JsonObject, patience_s: float | None = None) -> JsonObject:
    """What the locker answers, within ANSWER_S or `patience_s`. Raises `Failed` where it cannot be reached, does not
    understand or refuses.
    """
    with _asked(data_dir, request, patience_s) as (_, answer):
        return answer


def follow(data_dir: Path) -> Iterator[JsonObject]:
    """The answer to `watch`, then each message, until the locker stops. Raises `Failed`."""
    with _asked(data_dir, {"do": "watch"}) as (lines, answer):
        yield answer
        while line := lines.readline():
            yield loads_object(line)


@contextmanager
def _asked(
    data_dir: Path, request: JsonObject, patience_s: float | None = None
) -> Iterator[tuple[BufferedReader, JsonObject]]:
    with _connected(data_dir) as connection, connection.makefile("rb") as lines:
        try:
            connection.sendall(dumps(request) + b"\n")
            connection.settimeout(patience_s or ANSWER_S)
            line = lines.readline()
            connection.settimeout(None)
        except TimeoutError:
            waited = f"{patience_s or ANSWER_S:.0f} s"
            raise Failed(Exit.UNREACHABLE, f"{data_dir}: the locker has not answered for {waited}") from None
        except ConnectionError:
            line = b""
        if not line:
            raise Failed(Exit.UNREACHABLE, f"{data_dir}: the locker stopped before it answered; what was asked is open")
        yield lines, _good(request, loads_object(line))


@contextmanager
def _connected(data_dir: Path) -> Iterator[socket.socket]:
    path = data_dir / SOCKET
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(ANSWER_S)
        connection.connect(bytes(path))
    except OSError as error:
        connection.close()
        raise Failed(Exit.UNREACHABLE, _why_not(path, error)) from error
    with connection:
        yield connection


def _why_not(path: Path, error: OSError) -> str:
    match error:
        case FileNotFoundError() | ConnectionRefusedError() | NotADirectoryError():
            return (
                f"no locker runs on {path.parent}. Start it with `locker run`, or name another with --config or --data."
            )
        case PermissionError():
            return f"{path} is not open to you. Use sudo, or join the group of the locker's service."
        case _:
            return f"{path}: {error.strerror or error}"


def _good(request: JsonObject, answer: JsonObject) -> JsonObject:
    if answer.pop("ok", None) is True:
        return answer
    reason, detail = str(answer.get("reason")), str(answer.get("detail"))
    if reason in _REFUSALS:
        detail = f"{request.get('compartment')}: {_REFUSALS[reason]}"
    if reason == "not_understood":
        raise Failed(Exit.WRONG_USE, detail)
    raise Failed(Exit.UNREACHABLE if reason in _TRY_AGAIN else Exit.NOT_GOOD, detail)
