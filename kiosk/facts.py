"""What the page is told of a screen, as plain JSON. Codes and ids only: the page has the sentences."""

from collections import Counter
from collections.abc import Mapping
from typing import assert_never

from controller.contract.fields import wall_text
from controller.domain.allocation import status, suits
from controller.domain.answers import SignedOut, Wishes
from controller.domain.drift import WINDOW_DAYS
from controller.domain.ids import Door, MonoMs, Purpose, Size
from controller.domain.refusals import Refusal
from controller.domain.rules import EITHER, REACHABLE
from controller.domain.state import Compartment, State, Status
from controller.domain.take_away_list import reason_to_go, to_take_away
from controller.domain.wishes import wishes_at_the_screen
from kiosk import screens as sc
from kiosk.doorway import Site
from kiosk.patience import counts_to
from kiosk.progress import progress
from kiosk.proving_screens import EnterPin, EnterSecond, ProvingScreen
from kiosk.session import Overlay, Phase, Visit
from kiosk.technician_facts import about_technician
from kiosk.technician_screens import TechnicianScreen
from kiosk.times import Times
from kiosk.wishing_screens import EditWishes, StillRight, TypeContact, WishingScreen

Facts = dict[str, object]


def about_site(site: Site, *, demo: bool) -> Facts:
    """What never changes: sent once, when a page connects."""
    return {
        "locker": site.locker,
        "name": site.name,
        "telephone": site.telephone,
        "languages": list(site.languages),
        "cabinet": [
            {"id": place.id, "size": place.size.value, "column": place.column, "row": place.row}
            for place in site.places
        ],
        "rules": {language: dict(said) for language, said in site.rules.items()},
        "checklist": {language: list(items) for language, items in site.checklist.items()},
        "notes": dict(site.notes),
        "demo": demo,
    }


def about_nobody(state: State, *, healthy: bool) -> Facts:
    """The screen of a locker that nobody is using."""
    return _screen("home", about_home(state)) if healthy else _screen("unavailable", {})


def about_somebody_else() -> Facts:
    """The screen of a page that is not the visitor's."""
    return _screen("busy", {})


def about_visit(visit: Visit, state: State, now: MonoMs, times: Times) -> Facts:
    """The screen of the visitor's own page."""
    told = _screen(visit.screen.NAME, _facts(visit, state, now))
    told["overlay"] = visit.overlay
    if visit.overlay is Overlay.LETTING_OUT:
        told["letting_out"] = {"refused": visit.not_let_out}
    told["language"] = visit.language
    told["theme"] = visit.theme
    told["shown"] = visit.since
    until = counts_to(visit, times)
    if until is not None:
        told["seconds_left"] = max(0, -(-(until - now) // 1000))
    return told


def about_home(state: State) -> Facts:
    """What everybody who comes should know."""
    return {"open_doors": open_doors(state), "locked_out": state.lockout is not None}


def open_doors(state: State) -> list[str]:
    """Doors that somebody left open past the alarm."""
    return sorted(id for id, compartment in state.compartments.items() if compartment.left_open)


def _screen(name: str, facts: Facts) -> Facts:
    return {
        "screen": name,
        "facts": facts,
        "shown": None,
        "overlay": None,
        "seconds_left": None,
        "language": None,
        "theme": None,
    }


def _facts(visit: Visit, state: State, now: MonoMs) -> Facts:
    if isinstance(visit.screen, TechnicianScreen):
        return about_technician(visit.screen, state, now)
    if isinstance(visit.screen, ProvingScreen):
        return about_proving(visit.screen, now)
    if isinstance(visit.screen, WishingScreen):
        return about_my_wishes(visit.screen)
    match visit.screen:
        case sc.Home():
            return about_home(state)
        case sc.EnterCode() | sc.ScanPass() | sc.SignIn() | sc.TypeNumber() | sc.TypeLabel():
            return {"refused": visit.screen.refused}
        case sc.TypeDriverPin() | sc.ProveNumber():
            return {"refused": visit.screen.refused}
        case sc.UseApp():
            return {"modules": list(visit.screen.modules), "refused": visit.screen.refused}
        case sc.Checklist():
            return {}
        case sc.ScanLabel():
            left = len(about_items(visit, state))
            return {"refused": visit.screen.refused, "stored": len(visit.stored), "to_take": left}
        case EnterSecond(digits=digits):
            return {"digits": digits, "refused": None}
        case sc.NeedsPerson():
            return {"reason": visit.screen.reason, "doors": _doors(visit), "progress": progress(visit, state)}
        case sc.Doors():
            return _moving(visit, visit.screen, state)
        case sc.DidNotOpen():
            return _at_a_door(visit, state)
        case sc.Outcome():
            reopen = visit.screen.refused is None and visit.screen.reopen_until > now
            return _at_a_door(visit, state) | {"reopen": reopen, "refused": visit.screen.refused}
        case sc.Claiming():
            return _at_a_door(visit, state)
        case sc.Claimed():
            return _at_a_door(visit, state) | {"claim": visit.screen.claim.value}
        case sc.Thanks():
            known = wishes_at_the_screen(state, visit.session)
            return {"receipt": list(visit.screen.receipt), "wishes": known is not None and not visit.asked_wishes}
        case sc.Unavailable() | sc.TooManyTries():
            return {}
        case sc.ReadPlan():
            return _plan(visit, visit.screen, state)
        case sc.Keeps():
            return _kept(visit, visit.screen, state)
        case sc.ConfirmDeposit():
            return {"doors": _doors(visit), "stuck": visit.screen.stuck}
        case sc.DepositStored():
            left = len(about_items(visit, state))
            return {"compartment": visit.screen.compartment, "stored": len(visit.stored), "to_take": left}
        case sc.TakeAway():
            return {"refused": visit.screen.refused, "items": about_items(visit, state)}
        case sc.ScanItem():
            return {"doors": _doors(visit), "refused": visit.screen.refused, "stuck": visit.screen.stuck}
        case sc.ItemDone():
            done, items = visit.screen, about_items(visit, state)
            return {"compartment": done.compartment, "missing": done.missing, "items": items}
        case sc.Summary():
            return about_summary(visit.screen.said) | {"doors": list(visit.stored)}
        case _:
            assert_never(visit.screen)


def about_my_wishes(screen: WishingScreen) -> Facts:
    """What the recipient may read and change, once they have said that it is theirs; never what they once wrote."""
    match screen:
        case StillRight():
            return {"asked": screen.asked}
        case TypeContact():
            return {"bounced": screen.bounced.value, "by": screen.by.value, "refused": screen.refused}
        case EditWishes(wanted=given):
            return {
                "locker": given.locker,
                "accessible": given.accessible,
                "second_person": given.second_person,
                "channel": given.channel,
                "language": given.language,
                "away_until": given.away_until and wall_text(given.away_until),
                "away_days": screen.away_days,
            }
        case _:
            assert_never(screen)


def about_proving(screen: ProvingScreen, now: MonoMs) -> Facts:
    """What is asked for, and what will do in its place."""
    told: Facts = {"either": screen.wanted.split(EITHER), "refused": screen.refused}
    if isinstance(screen, EnterPin):
        told["sent"] = screen.good_until is not None and now < screen.good_until
    return told


def _moving(visit: Visit, screen: sc.Doors, state: State) -> Facts:
    told = _at_a_door(visit, state) | {"urgent": screen.urgent}
    if visit.purpose is Purpose.TAKE_AWAY:
        told |= {"scanned": screen.scanned, "refused": screen.refused}
    return told


def _at_a_door(visit: Visit, state: State) -> Facts:
    return {"doors": _doors(visit), "purpose": visit.purpose, "progress": progress(visit, state)}


def _doors(visit: Visit) -> list[Mapping[str, str]]:
    moving = [door for door in visit.doors if door.phase is not Phase.CLOSED]
    return [{"id": door.id, "phase": door.phase.value} for door in moving or visit.doors]


def _kept(visit: Visit, keeps: sc.Keeps, state: State) -> Facts:
    full = keeps.reason == Refusal.LOCKER_FULL and visit.label is not None
    free = [(size, free) for size, free in _free_by_size(state) if free] if full else []
    return {
        "reason": keeps.reason,
        "rules": list(keeps.rules),
        "label": _label(visit),
        "sizes": [{"size": size.value, "free": free} for size, free in free],
        "neighbours": [{"locker": each.locker, "metres": each.metres} for each in keeps.neighbours],
    }


def _plan(visit: Visit, plan: sc.ReadPlan, state: State) -> Facts:
    return {
        "label": _label(visit),
        "size": plan.size.value,
        "sizes": [{"size": size.value, "free": free} for size, free in _free_by_size(state)],
        "low_doors": _low_doors(state),
        "hold_s": plan.hold_s,
        "evidence": list(plan.evidence),
        "rules": list(plan.rules),
        "wishes": about_wishes(plan.wishes),
        "asked": plan.asked,
        "answered": None if plan.answered is None else plan.answered.value,
        "refused": plan.refused,
    }


def about_wishes(wishes: Wishes | None) -> Facts | None:
    """What a recipient wants, as far as it is the driver's business."""
    if wishes is None:
        return None
    given = wishes.preferences
    return {
        "locker": given.locker,
        "accessible": given.accessible,
        "second_person": given.second_person,
        "away_from": given.away_from and wall_text(given.away_from),
        "away_until": given.away_until and wall_text(given.away_until),
        "note": wishes.note,
        "confirmed_at": wall_text(given.confirmed_at),
        "stale": wishes.stale,
    }


def about_items(visit: Visit, state: State) -> list[Facts]:
    """What this driver is to take away, those last whose doors did not open."""
    driver, tally = state.visit, state.tally
    if driver is None or driver.session != visit.session:
        return []
    passed_over = tally.passed_over if tally is not None else ()
    parcels = sorted(to_take_away(state, driver.carrier), key=lambda parcel: parcel.id in passed_over)
    return [
        {
            "parcel": parcel.name,
            "compartment": parcel.compartment,
            "reason": reason_to_go(parcel),
            "did_not_open": parcel.id in passed_over,
        }
        for parcel in parcels
    ]


def about_summary(said: SignedOut) -> Facts:
    """What a driver's visit came to, the number of the record that says so, and how they have done here lately."""
    return {
        "deposited": said.deposited,
        "taken_away": said.taken_away,
        "missing": said.missing,
        "refused": said.refused,
        "left": said.left,
        "record": said.record,
        "lately": {
            "days": WINDOW_DAYS,
            "deposits": said.lately.deposits,
            "failed_deposits": said.lately.failed_deposits,
            "strays": said.lately.strays,
        },
    }


def _label(visit: Visit) -> str:
    return visit.label.text if visit.label is not None else ""


def _free_by_size(state: State) -> list[tuple[Size, int]]:
    """Sizes that this locker has, with how many look free; the locker itself decides which is given out."""
    compartments = state.compartments.values()
    free = Counter(c.spec.size for c in compartments if _looks_free(c, state))
    return [(size, free[size]) for size in Size if any(c.spec.size is size for c in compartments)]


def _low_doors(state: State) -> int | None:
    """How many look free of those in reach of who sits; None where the locker has none, or nobody measured them."""
    low = [c for c in state.compartments.values() if suits(c.spec, REACHABLE)]
    return sum(_looks_free(c, state) for c in low) if low else None


def _looks_free(compartment: Compartment, state: State) -> bool:
    return compartment.door is Door.CLOSED and status(compartment, state) is Status.VACANT
