"""`locker carrier provision`: a locker's first certificate, and the keyring it begins with."""

import asyncio
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Access, Folder, Url, beside, explained
from controller.cli.failure import Exit, Failed
from controller.cli.json_file import read_object
from controller.cli.output import print_json
from controller.contract.claim import BadClaim, Claim
from controller.contract.topics import Topics, check_locker
from controller.contract.wire_json import JsonObject
from controller.remote.authority import DAYS, Authority
from controller.remote.key_set import TRUST_FILE
from controller.remote.provisioning import FirstClaim

AuthorityFolder = Annotated[
    Path, typer.Option("--authority", metavar="DIR", help="The folder of ca.key and ca.crt; made where they are not.")
]
Trust = Annotated[
    Path | None, typer.Option("--trust", metavar="FILE", help="The keyring to give it.  [default: trust.json in --dir]")
]


def provision(
    context: typer.Context,
    locker: Annotated[str, typer.Argument(help="The locker's id.")],
    authority: AuthorityFolder,
    request: Annotated[
        Path | None, typer.Option("--csr", metavar="FILE", help="Sign this request, as `locker key csr` prints it.")
    ] = None,
    trust: Trust = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long the certificate is good.")] = DAYS,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for the locker.")] = 3600.0,
) -> None:
    """Let a new locker in: print a token, wait until it claims its certificate with it, and keep its public keys. With
    --csr: sign a request that came in a file, and print what `locker key install` puts in place.
    """
    with explained():
        check_locker(locker)
        own = Authority.load_or_create(authority, datetime.now(UTC))
        keyring = read_object(folder / TRUST_FILE if trust is None else trust)
        if request is not None:
            _sign(own, request, locker, days, keyring)
            return
        claim = asyncio.run(_wait(context.obj, url, own, locker, days, keyring, timeout))
        _keep(authority, claim)


def _sign(own: Authority, request: Path, locker: str, days: int, keyring: JsonObject) -> None:
    certificate = own.sign(request.read_bytes(), locker, datetime.now(UTC), days)
    print_json({"certificate": certificate.decode(), "authority": own.pem.decode(), "trust": keyring})


async def _wait(
    access: Access, url: str, own: Authority, locker: str, days: int, keyring: JsonObject, timeout_s: float
) -> Claim:
    token = secrets.token_urlsafe(16)
    link = access.link(url, f"provision-{secrets.token_hex(4)}", persistent=False)
    first = FirstClaim(link, Topics(access.root, locker), token=token, authority=own, trust=keyring, days=days)
    untold = [token]

    def tell() -> None:
        while untold:
            typer.echo(untold.pop())

    link.follow(tell, _nothing)
    try:
        async with asyncio.timeout(timeout_s):
            return await beside(link, first.claimed())
    except BadClaim as error:
        raise Failed(Exit.NOT_GOOD, str(error)) from error
    except TimeoutError:
        raise Failed(Exit.UNREACHABLE, _why(link.reason, first, locker)) from None


def _nothing() -> None:
    """The link says why it went down."""


def _why(reason: str | None, first: FirstClaim, locker: str) -> str:
    if reason is not None:
        return f"the broker does not answer: {reason}"
    if first.turned_away:
        return f"claims of {locker} came and were turned away, the last because {first.why}"
    return f"{locker} has not claimed anything; begin again for a new token"


def _keep(authority: Path, claim: Claim) -> None:
    devices = authority / "devices"
    devices.mkdir(exist_ok=True)
    file = devices / f"{claim.locker}.json"
    file.write_text(json.dumps(claim.keys, indent=2) + "\n")
    typer.echo(f"{claim.locker} has its certificate; its public keys are in {file}", err=True)
