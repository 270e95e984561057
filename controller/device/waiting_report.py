"""How recipients, channels and the site stand, for the operator at the terminal."""

from controller.contract.fields import wall_text
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.naming import name_of
from controller.domain.notices import Notice, Standing
from controller.domain.state import State


def site_facts(state: State) -> list[JSON]:
    """What is declared to be the matter at the site."""
    return [
        {
            "condition": condition.value,
            "from": wall_text(each.starts),
            "until": wall_text(each.until),
            "holds": each.begun,
        }
        for condition, each in state.declared.items()
    ]


def channel_facts(state: State) -> list[JSON]:
    """Whether each channel was last seen to be alive."""
    return [
        {
            "channel": canary.channel,
            "carrier": canary.carrier,
            "standing": canary.standing.value,
            "since": wall_text(canary.requested_at),
        }
        for canary in state.canaries.values()
    ]


def untold(state: State) -> list[JSON]:
    """Parcels whose recipients nobody can tell any more, as their carriers call them."""
    return [name_of(parcel) for parcel, notice in state.notices.items() if notice.standing is Standing.EXHAUSTED]


def notice_facts(notice: Notice | None) -> JsonObject | None:
    """What the recipient of one parcel is being told."""
    if notice is None:
        return None
    channel = notice.channel.value if notice.channel is not None else None
    return {"kind": notice.kind.value, "standing": notice.standing.value, "channel": channel}
