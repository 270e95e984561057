"""What the tables of the configuration must not say together."""

from collections.abc import Iterable

from controller.device.part_tables import ScannerTable, SignalsTable
from controller.device.rule_book import RuleBook
from controller.device.rule_tables import LadderTable, RuleTable
from controller.device.settings_errors import Unfit
from controller.device.settings_shares import check_shares
from controller.device.settings_tables import (
    BoardTable,
    CarrierTable,
    CompartmentTable,
    ContactTable,
    PolicyTable,
    SupplyTable,
)
from controller.domain.codes import digits_needed
from controller.domain.ladder import wrong_with
from controller.domain.policy import Policy
from controller.domain.rulebook import flaws
from firmware_bridge.signal_spec import WARNING_MS

PART_NAMES = ("camera", "real_time_clock", "scanner", "signals")
_Compartments = tuple[CompartmentTable, ...]


def check_together(
    supplies: tuple[SupplyTable, ...], boards: tuple[BoardTable, ...], compartments: _Compartments, policy: PolicyTable
) -> None:
    """Raise `Unfit` for the first rule that is broken."""
    _refuse_doubles("supplies", "name", [supply.name for supply in supplies])
    _refuse_doubles("boards", "name", [board.name for board in boards])
    _refuse_taken_names(boards)
    _refuse_doubles("compartments", "id", [compartment.id for compartment in compartments])
    _refuse_unknown("boards", "supply", [board.supply for board in boards], {supply.name for supply in supplies})
    known = {board.name for board in boards}
    _refuse_unknown("compartments", "board", [compartment.board for compartment in compartments], known)
    _refuse_unknown("compartments", "door.board", [compartment.sensor[0] for compartment in compartments], known)
    _refuse_shared_locks(compartments)
    _refuse_shared_sensors(compartments)
    _refuse_shared_lines(boards, compartments)
    _refuse_shared_places(compartments)
    if policy.preference_purge_days <= policy.preference_stale_days:
        raise Unfit(
            "policy.preference_purge_days",
            f"must be more than preference_stale_days, which is {policy.preference_stale_days}",
        )


def check_rules(
    rules: tuple[RuleTable, ...], ladders: tuple[LadderTable, ...], book: RuleBook, languages: tuple[str, ...]
) -> None:
    """Raise `Unfit`, which names the rule, where the site's rules cannot be followed beside the product's."""
    _refuse_doubles("rules", "id", [rule.id for rule in rules])
    _refuse_doubles("ladders", "name", [ladder.name for ladder in ladders])
    places = {rule.id: place for place, rule in enumerate(rules)}
    for rule in rules:
        silent = [language for language in languages if language not in rule.says]
        if silent:
            what = f"rule {rule.id!r} says nothing in {silent[0]!r}, which the kiosk speaks"
            raise Unfit(f"rules[{places[rule.id]}].says", f"{what}; add says.{silent[0]}")
    for flaw in flaws(book.rules, book.ladders, Policy()):
        key = f"rules[{places[flaw.rule]}].{flaw.field}" if flaw.rule in places else "rules"
        raise Unfit(key, f"rule {flaw.rule!r}: {flaw.field} {flaw.reason}")
    for place, ladder in enumerate(ladders):
        wrong = wrong_with(book.ladders[ladder.name], book.ladders)
        if wrong is not None:
            raise Unfit(f"ladders[{place}].steps", f"ladder {ladder.name!r} {wrong}")


def check_guessable(policy: PolicyTable, live: int) -> None:
    """Raise `Unfit` for codes so short that one of `live` of them could be guessed."""
    figures = Policy(code_burst=policy.code_burst, code_interval_ms=policy.code_interval_ms)
    needed = digits_needed(live, figures)
    if policy.code_digits is not None and policy.code_digits < needed:
        raise Unfit(
            "policy.code_digits",
            f"{policy.code_digits} digits can be guessed; with {live} codes that may be good at a time and "
            f"these allowances {needed} are needed",
        )


def check_contacts(
    contacts: tuple[ContactTable, ...], boards: tuple[BoardTable, ...], compartments: _Compartments
) -> None:
    """Raise `Unfit` for a contact on no board, or where something else is connected."""
    _refuse_doubles("contacts", "name", [contact.name for contact in contacts])
    chips = {board.name: board.chip for board in boards}
    _refuse_unknown("contacts", "board", [contact.board for contact in contacts], set(chips))
    channels = {(each.board, each.channel): each.id for each in compartments}
    channels |= {each.sensor: each.id for each in compartments}
    lines = {(chips[each.board], _plain(line)): each.id for each in compartments for _, line in _lines(each)}
    for index, contact in enumerate(contacts):
        other = channels.setdefault((contact.board, contact.channel), contact.name)
        if other != contact.name:
            what = f"channel {contact.channel} of board {contact.board!r} is that of {other} already"
            raise Unfit(f"contacts[{index}].channel", f"{what}; every contact needs one of its own")
        if contact.line is None:
            continue
        other = lines.setdefault((chips[contact.board], _plain(contact.line)), contact.name)
        if other != contact.name:
            raise Unfit(f"contacts[{index}].line", f"line {contact.line} is that of {other} already; name another")


def check_carriers(carriers: tuple[CarrierTable, ...], compartments: _Compartments) -> None:
    """Raise `Unfit` for a carrier with two agreements, and for agreements that cannot be kept all at once."""
    _refuse_doubles("carriers", "name", [carrier.name for carrier in carriers])
    check_shares(carriers, {each.id: each.letter for each in compartments})


def check_scanner(scanner: ScannerTable, boards: tuple[BoardTable, ...]) -> None:
    """Raise `Unfit` for a scanner on a port of lock boards."""
    for board in boards:
        if scanner.port is not None and scanner.port == board.port:
            raise Unfit("scanner.port", f"{scanner.port} is that of board {board.name!r}; each needs its own")


def _refuse_doubles(table: str, key: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise Unfit(f"{table}[{index}].{key}", f"{name!r} stands there twice; each needs a name of its own")


def _refuse_taken_names(boards: tuple[BoardTable, ...]) -> None:
    """Faults of boards and of other parts stand side by side, by name."""
    for index, board in enumerate(boards):
        if board.name in PART_NAMES:
            raise Unfit(f"boards[{index}].name", f"{board.name!r} is the name of another part; give the board another")


def _refuse_unknown(table: str, key: str, names: list[str], known: set[str]) -> None:
    for index, name in enumerate(names):
        if name not in known:
            raise Unfit(f"{table}[{index}].{key}", f"there is no {name!r}; known: {', '.join(sorted(known))}")


def _refuse_shared_locks(compartments: _Compartments) -> None:
    taken: dict[tuple[str, int], str] = {}
    for index, each in enumerate(compartments):
        other = taken.setdefault((each.board, each.channel), each.id)
        if other != each.id:
            what = f"{each.id} and {other} both use channel {each.channel} of board {each.board!r}"
            raise Unfit(f"compartments[{index}].channel", f"{what}; every lock needs a channel of its own")


def _refuse_shared_sensors(compartments: _Compartments) -> None:
    taken: dict[tuple[str, int], str] = {}
    for index, each in enumerate(compartments):
        other = taken.setdefault(each.sensor, each.id)
        if other != each.id:
            what = f"the doors of {each.id} and {other} are both read on channel {each.sensor[1]} of {each.sensor[0]!r}"
            raise Unfit(f"compartments[{index}].door", f"{what}; every door needs a sensor of its own")


def _refuse_shared_lines(boards: tuple[BoardTable, ...], compartments: _Compartments) -> None:
    chips = {board.name: board.chip for board in boards}
    taken: dict[tuple[str | None, int | str], str] = {}
    for index, each in enumerate(compartments):
        for key, line in _lines(each):
            other = taken.setdefault((chips[each.board], line), f"{each.id}.{key}")
            if other != f"{each.id}.{key}":
                what = f"line {line} is that of {other} already"
                raise Unfit(f"compartments[{index}].{key}", f"{what}; every line serves one thing")


def _lines(compartment: CompartmentTable) -> Iterable[tuple[str, int | str]]:
    for key, line in (("lock_line", compartment.lock_line), ("door_line", compartment.door_line)):
        if line is not None:
            yield key, line


def check_signals(
    signals: SignalsTable,
    boards: tuple[BoardTable, ...],
    compartments: tuple[CompartmentTable, ...],
    policy: PolicyTable,
) -> None:
    """Raise `Unfit` for a light of no door, for a line that serves something else, above all a lock, and for doors that
    have no time to open once it was announced.
    """
    if policy.open_wait_ms < 2 * WARNING_MS:
        what = f"{policy.open_wait_ms} ms are too short where openings from afar are announced for {WARNING_MS} ms"
        raise Unfit("policy.open_wait_ms", f"{what}; at least {2 * WARNING_MS} are needed")
    known = {each.id for each in compartments}
    for id in signals.door_lights:
        if id not in known:
            raise Unfit(f"signals.door_lights.{id}", f"there is no compartment {id!r}")
    chips = {board.name: board.chip for board in boards}
    taken = {
        (chips[each.board], _plain(line)): f"{each.id}.{key}" for each in compartments for key, line in _lines(each)
    }
    for key, line in signals.lines.items():
        other = taken.setdefault((signals.chip, _plain(line)), key)
        if other != key:
            raise Unfit(f"signals.{key}", f"line {line} is that of {other} already; every line serves one thing")


def _plain(line: int | str) -> int | str:
    """The header's lines are called GPIO17 and mean 17."""
    digits = line.removeprefix("GPIO") if isinstance(line, str) else ""
    return int(digits) if digits.isdecimal() else line


def _refuse_shared_places(compartments: _Compartments) -> None:
    taken: dict[tuple[int, int], str] = {}
    for index, each in enumerate(compartments):
        if each.column is None or each.row is None:
            continue
        other = taken.setdefault((each.column, each.row), each.id)
        if other != each.id:
            raise Unfit(
                f"compartments[{index}].row", f"{each.id} stands where {other} does, in the same column and row"
            )
