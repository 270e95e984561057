"""Writes docs/plans.md from the product's rules: `python tests/tooling/plan_page.py`."""

from pathlib import Path

from controller.cli.ladder_steps import in_words
from controller.cli.output import duration
from controller.device.rule_book import shipped
from controller.domain.ladder import Ladder
from controller.domain.policy import Policy
from controller.domain.rules import NO_NEEDS, Needs, Rule, When

PAGE = Path(__file__).parents[2] / "docs" / "plans.md"
_TOP = """# How parcels are handed over

Made from `controller/device/rules.toml` by `python tests/tooling/plan_page.py`; a test keeps it current.

Every parcel gets a plan before any door moves: a way of handing over, the evidence it takes, how long it waits, what
happens meanwhile, and which compartment it needs. Each choice names the rule that made it: on the driver's screen, in
the record `plan.made` or `plan.refused`, and in the proof. `locker plan --parcel FILE` prints the plan for a parcel.

All rules that hold are looked at, in this order. The strictest pattern wins (refuse, person to person, pickup point,
locker), whichever comes first. Evidence and needs add up. The shortest *at most* counts. For the rest the first rule
that says something decides; a carrier that asks for a hold of its own gets it, within those bounds.

A site adds rules, or replaces one of these by its id: see `[[rules]]` in
[locker.toml](../config/locker.toml). `locker check` refuses rules that contradict each other, a ladder that never ends
and a hold that cannot be, by the rule's name.
"""
_MONEY = """
An amount is in the smallest coin of its currency in the rules and in `parcel.expect`. A currency that a rule does not
name counts as reached, because nobody said how much it is.
"""
_LABEL = """
## What the label says

A GS1 transport label feeds the plan as well, as an element string or as a Digital Link: dangerous goods (4321),
authority to leave (4322), signature required (4323), not before and not after (4324, 4325, in the time of the site),
and temperature limits (4330 to 4333, class `temperature`). Where label and carrier differ, the stricter one counts: of
two times the later *not before* and the earlier *not after*. The consignment, shipment and routing numbers (401 to
403) are kept with the plan; names, addresses and everything else on the label are not.
"""
_WISHES = """
## What the recipient wants

Preferences come with a parcel (`preferences` of `parcel.expect`) or are kept by the carrier's reference for a recipient
(`preference.upsert`): locker yes or no, an accessible compartment, language, whether somebody else may collect,
channel, absence, a note to the driver of at most 140 characters, and when all of it was last confirmed. No door opens
before plan and preferences were on the screen and acknowledged; what changes in between is shown again. After {stale}
days without confirmation they still count and are marked as old (`preference.stale`), after {purge} they are forgotten
(`preference.purged`); a site may set both figures. Records hold a handle that is fresh for every parcel and what a
machine can act on. The note is the record's private part, and is erased with the parcel.

Away is who is so at this moment, from `away_from` until `away_until`. For a few days their parcels are taken in and the
time runs from their return (`hold_from_return`); for longer they are refused (`recipient_away`), and `bring_after` of
`plan.refused` says when to come again. So is what cannot wait that long, such as food. What is stored when its
recipient goes away waits for them likewise (`parcel.extended` with `reason` = `recipient_away`).

After a pickup whoever the parcel was for is asked whether wishes that are marked as old are still right, and may change
them at any pickup. Nothing is shown before they have said that it was for them, and their note never is. What they say
is `preference.changed` with `by` = `recipient`.
"""
_EVIDENCE = """
## What can be had as evidence

| evidence | can be had | is checked |
|---|---|---|
| `badge` | always | before the driver is let in |
| `code`, `pass` | always; a pass stands for the code | before the door is unlocked |
| `app` | always, while the carrier hears the locker; it stands for the code | before the door is unlocked |
| `pin` | always, while the carrier hears the locker | before the door is unlocked |
| `signature` | where people can draw on the screen (`kiosk.signature`) | before the door is unlocked |
| `door_cycle` | always | at the end: the door was seen to open and to close |
| `parcel_sensor` | where every board reports parcels | when the parcel is put in |
| `id_checked` | never: a locker has nobody who looks at a document | |

A PIN is sent when the person at the screen asks for it, by another way than the code, and is good for ten minutes at
most. A signature records consent. Where `pin` alone is demanded it stands for none; `pin|signature` takes either. A
parcel whose plan demands what cannot be had at a locker is refused at the scan, before any door opens, with the
reason `evidence_missing`; `locker check` and the daemon's log name the rules that this concerns beforehand. What is
missing at the end all the same is a `shortfall` in the record of the handoff, and raises an alarm with the operator.
"""
_LADDERS = """
## Ladders

What is done, step by step, while a parcel waits, or once it was not taken in. The ladder's name stands in `plan.made`
and `plan.refused`, so that the carrier can go by it; of its steps the locker itself takes `expire`.

| ladder | steps |
|---|---|
"""


_FLAGS = {
    "signature": ("no signature is wanted", "a signature is wanted"),
    "authority_to_leave": ("the sender forbids leaving it", "the sender allows leaving it"),
    "wants_locker": ("the recipient wants no locker", "the recipient wants a locker"),
    "wants_accessible": ("any compartment will do", "an accessible compartment is wanted"),
}
"""What stands for False and for True of each."""


def page() -> str:
    """The page as it has to be."""
    rows = ["", "| rule | when | plan | the driver reads |", "|---|---|---|---|", *map(_row, shipped().rules)]
    ladders = [f"| **{name}** | {_steps(ladder)} |" for name, ladder in sorted(shipped().ladders.items())]
    return (
        _TOP + "\n".join(rows) + "\n" + _MONEY + _LABEL + _wishes() + _EVIDENCE + _LADDERS + "\n".join(ladders) + "\n"
    )


def _row(rule: Rule) -> str:
    says = shipped().sentences("en")[rule.id]
    return f"| **{rule.id}** | {_when(rule.when)} | {_then(rule)} | {says} |"


def _when(when: When) -> str:
    said = []
    if when.classes:
        said.append("class " + _or(when.classes))
    if when.value_at_least:
        said.append("worth at least " + _or(tuple(f"{amount // 100} {name}" for name, amount in when.value_at_least)))
    if when.heavier_than_g is not None:
        said.append(f"heavier than {when.heavier_than_g // 1000} kg")
    said += [_FLAGS[name][bool(flag)] for name in _FLAGS if (flag := getattr(when, name)) is not None]
    if when.not_allowed_to_leave:
        said.append("the sender did not allow leaving it")
    if when.away_longer_than_s is not None:
        least = when.away_longer_than_s
        said.append(f"the recipient is away for more than {duration(least)}" if least else "the recipient is away")
    if when.site:
        said.append("site " + _or(when.site))
    return "; ".join(said) or "always"


def _then(rule: Rule) -> str:
    said = [] if rule.pattern is None else [rule.pattern.value.replace("_", " ")]
    if rule.reason is not None:
        said.append(f"reason `{rule.reason.value}`")
    if rule.evidence:
        said.append("evidence " + ", ".join(f"`{name}`".replace("|", "` or `") for name in rule.evidence))
    if rule.hold_s is not None:
        said.append(f"waits {duration(rule.hold_s)}")
    if rule.longest_hold_s is not None:
        said.append(f"waits at most {duration(rule.longest_hold_s)}")
    if rule.stretch_percent is not None:
        said.append("not stretched" if rule.stretch_percent == 100 else f"stretched to {rule.stretch_percent} %")
    if rule.hold_from_return is not None:
        said.append("waits from when they are back" if rule.hold_from_return else "waits from the deposit on")
    if rule.needs != NO_NEEDS:
        said.append(_needs(rule.needs))
    if rule.ladder is not None:
        said.append(f"ladder {rule.ladder}")
    return "; ".join(said)


def _needs(needs: Needs) -> str:
    said = list(needs.traits)
    if needs.handle_from_mm is not None and needs.handle_to_mm is not None:
        said.append(f"handle {needs.handle_from_mm} to {needs.handle_to_mm} mm above the floor")
    elif needs.handle_to_mm is not None:
        said.append(f"handle at most {needs.handle_to_mm} mm above the floor")
    return "compartment: " + ", ".join(said)


def _wishes() -> str:
    return _WISHES.format(stale=Policy().preference_stale_days, purge=Policy().preference_purge_days)


def _steps(ladder: Ladder) -> str:
    steps = [in_words(step) for step in ladder.steps]
    return "; ".join(steps + ([f"then *{ladder.then}*"] if ladder.then is not None else []))


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(names)


if __name__ == "__main__":
    PAGE.write_text(page())
