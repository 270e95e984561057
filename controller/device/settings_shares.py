"""What carriers were promised, and whether this cabinet can keep it."""

from collections.abc import Mapping
from itertools import accumulate

from controller.device.settings_errors import Unfit
from controller.device.settings_tables import CarrierTable
from controller.domain.ids import Size
from controller.domain.shares import promised


def check_shares(carriers: tuple[CarrierTable, ...], sizes: Mapping[str, Size]) -> None:
    """Raise `Unfit` where a compartment is reserved that is not there or that is another's, or where more is promised
    than there is. `sizes` has the compartments.
    """
    taken: dict[str, str] = {}
    for place, carrier in enumerate(carriers):
        for number, id in enumerate(carrier.reserved):
            key = f"carriers[{place}].reserved[{number}]"
            if id not in sizes:
                raise Unfit(key, f"there is no {id!r}; known: {', '.join(sorted(sizes))}")
            if id in taken:
                raise Unfit(key, f"{id} is reserved for {taken[id]!r} already; it can be one carrier's only")
            taken[id] = carrier.name
    for size in Size:
        _check_size(size, carriers, sizes)


def _check_size(size: Size, carriers: tuple[CarrierTable, ...], sizes: Mapping[str, Size]) -> None:
    there = [id for id, each in sizes.items() if each is size]
    shares = list(accumulate(carrier.share.get(size, 0) for carrier in carriers))
    for place, come_to in enumerate(shares):
        if come_to > 100:
            what = f"the shares of size {size} come to {come_to} %"
            raise Unfit(f"carriers[{place}].share.{size}", f"{what}; all of them together are 100 % at most")
    count = 0
    for place, carrier in enumerate(carriers):
        key, share = f"carriers[{place}].share.{size}", carrier.share.get(size, 0)
        least = promised(carrier.terms(), size, len(there))
        if share and not least:
            what = f"{share} % of {len(there)} compartments of size {size} are none"
            raise Unfit(key, f"{what}; ask for more, or for none")
        count += max(least, sum(id in there for id in carrier.reserved))
        if count > len(there):
            what = f"what is reserved and promised of size {size} comes to {count} compartments"
            raise Unfit(key, f"{what}, and there are {len(there)}; take back some of it")
