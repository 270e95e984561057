"""The answers of the HTTP interface. Reasons are codes; the page has the sentences."""

import json
from typing import assert_never

from starlette.responses import Response

from controller.domain.answers import (
    Answer,
    Asked,
    CommandAnswer,
    DoorUnlocked,
    Erased,
    EvidenceWanted,
    ItemSettled,
    ItemTaken,
    Noted,
    PinSent,
    PlanShown,
    Refused,
    SignedIn,
    SignedOut,
    Stored,
)
from controller.domain.ids import SessionId
from controller.domain.naming import name_of
from kiosk.errands import NotNow, Said
from kiosk.facts import about_summary, about_wishes

Plain = dict[str, object]


class Json(Response):
    """JSON as bytes, without detours."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """UTF-8, without white space."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def reply(said: Said, session: SessionId) -> tuple[int, Plain]:
    """Status and body for what the locker said to this visit."""
    if said is None:
        return 503, {"result": "unavailable"}
    return 200, _spoken(said, session)


def refusal(reason: str, retry_after_s: int = 0) -> Plain:
    """A lawful no."""
    return {"result": "refused", "reason": reason, "retry_after_s": retry_after_s}


def _spoken(said: NotNow | Answer, session: SessionId) -> Plain:
    accepted: Plain = {"result": "accepted"}
    match said:
        case NotNow():
            return refusal("not_now")
        case Refused():
            no = refusal(said.reason.value, said.retry_after_s)
            return no | {"rules": list(said.rules)} if said.rules else no
        case DoorUnlocked(compartments):
            accepted["compartments"] = list(compartments)
        case EvidenceWanted(wanted):
            return {"result": "wanted", "evidence": list(wanted), "session": session}
        case PinSent():
            pass
        case PlanShown():
            accepted["plan"] = _plan(said)
        case Stored(parcel, compartment):
            accepted |= {"parcel": name_of(parcel), "compartment": compartment}
        case ItemTaken(parcel, compartment):
            accepted |= {"parcel": name_of(parcel), "compartment": compartment, "settled": False}
        case ItemSettled(parcel, compartment, missing):
            accepted |= {"parcel": name_of(parcel), "compartment": compartment, "settled": True, "missing": missing}
        case SignedOut():
            accepted["summary"] = about_summary(said)
        case SignedIn() | Noted() | Asked():
            pass
        case CommandAnswer() | Erased():
            raise TypeError("commands are not answered at the screen")
        case _:
            assert_never(said)
    return accepted | {"session": session}


def _plan(plan: PlanShown) -> Plain:
    return {
        "parcel": name_of(plan.parcel),
        "pattern": plan.pattern,
        "evidence": list(plan.evidence),
        "hold_s": plan.hold_s,
        "size": plan.size.value,
        "rules": list(plan.rules),
        "ladder": plan.ladder,
        "wishes": about_wishes(plan.wishes),
    }
