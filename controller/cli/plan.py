"""`locker plan`: how a parcel would be handed over at a locker, and by which rule, without a locker that runs."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson
from controller.cli.output import duration, print_facts, print_json

if TYPE_CHECKING:
    from controller.contract.wire_json import JsonObject
    from controller.device.rule_book import RuleBook
    from controller.domain.ids import WallMs
    from controller.domain.plan import Plan
    from controller.domain.policy import Policy
    from controller.domain.preferences import Preferences
    from controller.domain.site import Site
    from controller.domain.state import Parcel

app = typer.Typer()
_PRODUCT = "the product's rules, and one compartment of each size at 900 mm"
_UNNAMED: "JsonObject" = {"parcel": "parcel", "label": "label", "carrier": "carrier"}


@app.command()
def plan(
    parcel: Annotated[
        Path,
        typer.Option(
            allow_dash=True,
            metavar="FILE",
            help="JSON with the fields of parcel.expect; those that no rule asks for may be left out. - is the input.",
        ),
    ],
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"The locker's configuration.  [default: {DEFAULT_CONFIG}, if it is there]"),
    ] = None,
    language: Annotated[str, typer.Option(help="Of the rules' reasons.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Print the plan for a parcel, and the rule behind each choice."""
    from controller.cli.json_file import read_object
    from controller.domain.plan import plan as make_plan

    fields = read_object(parcel)
    book, site, policy, place = _place(config)
    made = make_plan(*_handed_over(fields, policy), site, policy)
    said = book.sentences(language)
    if as_json:
        print_json(_as_json(made, said))
    else:
        _print(made, book, said, place)


def _place(config: Path | None) -> "tuple[RuleBook, Site, Policy, str]":
    from controller.device.rule_book import shipped
    from controller.device.settings import load
    from controller.device.settings_errors import SettingsError
    from controller.domain.events import CompartmentSpec
    from controller.domain.ids import CompartmentId, Size
    from controller.domain.policy import Policy
    from controller.domain.site import WITH_A_SCREEN, Site

    if config is None and not DEFAULT_CONFIG.exists():
        specs = tuple(CompartmentSpec(CompartmentId(size.value), size, handle_mm=900) for size in Size)
        return shipped(), Site(specs, obtains=WITH_A_SCREEN, now=_now()), Policy(rules=shipped().rules), _PRODUCT
    try:
        settings = load(config or DEFAULT_CONFIG)
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error
    site = Site(settings.specs(), settings.policy.conditions, settings.obtains, _now())
    return settings.rule_book(), site, settings.domain_policy(), f"{settings.locker.id}, {settings.locker.name}"


def _now() -> "WallMs":
    from controller.domain.ids import WallMs

    return WallMs(time.time_ns() // 1_000_000)


def _handed_over(fields: "JsonObject", policy: "Policy") -> "tuple[Parcel, Preferences | None]":
    from controller.cli.json_file import command_of
    from controller.domain.commands import ExpectParcel
    from controller.domain.decide.orders import announced
    from controller.domain.evolve.parcels import expected
    from controller.domain.ids import MonoMs, WallMs
    from controller.domain.stamp import Stamp

    command = command_of(ExpectParcel.TYPE, _UNNAMED | {name: fields[name] for name in fields if name != "type"})
    if not isinstance(command, ExpectParcel):
        raise TypeError(f"{ExpectParcel.TYPE} was read as {type(command).__name__}")
    return expected(announced(command, policy), Stamp(WallMs(0), MonoMs(0), 1)), command.preferences


def _as_json(made: "Plan", said: dict[str, str]) -> "JsonObject":
    return {
        "pattern": made.pattern.value,
        "refused": made.refuse.value if made.refuse is not None else None,
        "missing": list(made.missing),
        "evidence": list(made.evidence),
        "hold_s": made.hold_s,
        "ladder": made.ladder,
        "size": made.size.value,
        "needs": {
            "handle_from_mm": made.needs.handle_from_mm,
            "handle_to_mm": made.needs.handle_to_mm,
            "traits": list(made.needs.traits),
        },
        "because": [{"choice": each.choice, "rule": each.rule, "says": said.get(each.rule)} for each in made.because],
    }


def _print(made: "Plan", book: "RuleBook", said: dict[str, str], place: str) -> None:
    from controller.cli.ladder_steps import in_words
    from controller.domain.ladder import climb

    facts: dict[str, object] = {"at": place, "pattern": made.pattern.value}
    if made.refuse is None:
        facts |= {"size": made.size.value, "evidence": ", ".join(made.evidence), "hold": duration(made.hold_s)}
    else:
        facts["refused"] = ": ".join(filter(None, [made.refuse.value, ", ".join(made.missing)]))
    if made.needs.handle_from_mm is not None or made.needs.handle_to_mm is not None:
        facts["handle"] = f"{made.needs.handle_from_mm or 0} to {made.needs.handle_to_mm or 'any'} mm"
    if made.needs.traits:
        facts["traits"] = ", ".join(made.needs.traits)
    facts["ladder"] = made.ladder
    print_facts(facts)
    typer.echo("why")
    for each in made.because:
        typer.echo(f"  {each.choice:<12}{each.rule:<24}{said.get(each.rule, '')}".rstrip())
    typer.echo("steps")
    for step in climb(made.ladder, book.ladders):
        typer.echo(f"  {in_words(step)}")
