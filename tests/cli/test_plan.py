"""`locker plan`: the plan for a parcel in a file, and who made each choice."""

import json
from pathlib import Path

import pytest
from support.command_line import Locker
from support.locker_folder import GOOD, make_folder


def written(folder: Path, **parcel: object) -> Path:
    file = folder / "parcel.json"
    file.write_text(json.dumps(parcel))
    return file


def test_choices_reasons_and_steps(locker: Locker, tmp_path: Path) -> None:
    parcel = written(
        tmp_path, type="parcel.expect", parcel="P1", label="L", carrier="acme", **{"class": ["perishable"]}
    )

    ended = locker("plan", "--parcel", parcel, "--config", make_folder(tmp_path))

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "at        L0042, Central station",
        "pattern   locker",
        "size      M",
        "evidence  code, door_cycle",
        "hold      4 h",
        "ladder    perishable",
        "why",
        "  pattern     ordinary                An ordinary parcel: into the locker.",
        "  evidence    ordinary                An ordinary parcel: into the locker.",
        "  hold        perishable              It does not keep: it waits for a few hours only.",
        "  ladder      perishable              It does not keep: it waits for a few hours only.",
        "steps",
        "  notify",
        "  remind after 1 h",
        "  call after 2 h",
        "  expire at the end of the hold",
        "  return to depot at the end of the hold",
    ]


def test_the_sites_own_rule_in_the_sites_own_words(locker: Locker, tmp_path: Path) -> None:
    rule = '[[rules]]\nid = "glass"\nwhen = { classes = ["glass"] }\nhold_s = 7200\nneeds = { traits = ["soft"] }\n'
    cabinet = GOOD.replace("channel = 1", 'channel = 1\ntraits = ["soft"]')
    config = make_folder(tmp_path, f'{cabinet}\n{rule}says = {{ en = "Glass.", de = "Glas." }}\n')

    ended = locker(
        "plan", "--parcel", written(tmp_path, **{"class": ["glass"]}), "--config", config, "--language", "de"
    )

    assert "traits    soft" in ended.out
    assert "  hold        glass                   Glas." in ended.out


def test_a_plan_that_cannot_be_met_says_what_is_missing(locker: Locker, tmp_path: Path) -> None:
    parcel = written(tmp_path, signature=True)
    config = make_folder(tmp_path, GOOD.replace("[kiosk]", "[kiosk]\nsignature = false"))

    assert "refused  evidence_missing: signature" in locker("plan", "--parcel", parcel, "--config", config).out
    as_json = json.loads(locker("plan", "--parcel", parcel, "--config", config, "--json").out)
    assert as_json == {
        "pattern": "refuse",
        "refused": "evidence_missing",
        "missing": ["signature"],
        "evidence": [],
        "hold_s": 0,
        "ladder": "redeliver",
        "size": "M",
        "needs": {"handle_from_mm": None, "handle_to_mm": None, "traits": []},
        "because": [
            {"choice": "evidence", "rule": "signature", "says": "Its sender wants a signature at pickup."},
        ],
    }


def test_what_the_recipient_wants_makes_the_plan(locker: Locker, tmp_path: Path) -> None:
    parcel = written(
        tmp_path, preferences={"confirmed_at": "2026-11-23T03:00:00Z", "accessible": True, "note": "Hello"}
    )

    ended = locker("plan", "--parcel", parcel)

    assert "handle    380 to 1220 mm" in ended.out
    assert "  compartment accessible              The recipient needs a door that can be reached sitting." in ended.out
    assert "Hello" not in ended.out


def test_without_a_configuration_the_products_rules_count(locker: Locker, tmp_path: Path) -> None:
    ended = locker("plan", "--parcel", written(tmp_path, size="XL"))

    assert ended.out.splitlines()[:3] == [
        "at        the product's rules, and one compartment of each size at 900 mm",
        "pattern   locker",
        "size      XL",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is not a JSON object"),
        ("[1]", "is not a JSON object"),
        ('{"hold_s": "3 h"}', "hold_s must be a whole number within 32 bits"),
        ('{"value": {"amount": 1.5, "currency": "EUR"}}', "the number 1.5 is not a whole number"),
        ('{"colour": "red"}', "'colour' is not a field of it"),
    ],
)
def test_a_file_that_is_no_parcel_is_refused(locker: Locker, tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "parcel.json"
    file.write_text(content)

    ended = locker("plan", "--parcel", file)

    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
    assert len(ended.err.splitlines()) == 1


def test_a_file_that_is_not_there_and_a_bad_configuration_are_refused(locker: Locker, tmp_path: Path) -> None:
    assert locker("plan", "--parcel", tmp_path / "gone").err.endswith(
        "gone: cannot be read: No such file or directory\n"
    )
    config = make_folder(tmp_path, GOOD.replace("simulated", "simulatd"))
    ended = locker("plan", "--parcel", written(tmp_path), "--config", config)
    assert (ended.code, "boards[0].driver" in ended.err) == (2, True)
