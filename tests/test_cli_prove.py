"""`attendance always` and `attendance ever`: a sentence, or the scenario and the outcome that show it."""

import json
from pathlib import Path

import pytest

import attendance as at
from attendance.faces.commands.always import tell
from attendance.questions.prove import Proof
from tests import test_cli
from tests.test_cli import Attend, Ended, refused

attend = test_cli.attend
digits = test_cli._digits

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
DINNER = """\
title: Dinner
gatherings: [dinner, party]
participants: {ann: {name: Ann}, bob: {name: Bob}, cem: }
facts: {rain: {name: It rains}, snow: unknown}
rules: [{id: seats, rule: at most 1 of everyone at party}]
statements:
  - {id: a1, who: ann, says: attends only if bob, said: 2025-05-12, source: letter}
  - {id: b1, who: bob, says: attends unless rain}
  - {id: p1, who: ann, at: party, says: attends}
  - {id: p2, who: cem, at: party, says: attends if snow}
scenarios:
  torn: {given: [ann], add: [bob declines]}
"""


@pytest.fixture
def dinner(tmp_path: Path) -> str:
    file = tmp_path / "dinner.yaml"
    file.write_text(DINNER, encoding="utf-8")
    return str(file)


def test_always(attend: Attend) -> None:
    expected = "Always: “medinsky” holds in every outcome.\n"
    assert Ended(0, expected, "") == attend("always", SEED, "medinsky")
    expected = "Always: “medinsky or rubio” holds in every outcome of 4 scenarios.\n"
    assert Ended(0, expected, "") == attend("always", SEED, "medinsky or rubio", "--over", "putin", "--over", "trump")


def test_not_always(attend: Attend) -> None:
    expected = """\
Not always: “zelensky or putin” does not hold in this outcome of one of 2 scenarios:
Supposed: Vladimir Putin is absent.
Direct talks in Istanbul: Vladimir Medinsky and Marco Rubio attend
Meeting in Ankara: Volodymyr Zelensky and Recep Tayyip Erdogan attend
"""
    assert Ended(1, expected, "") == attend("always", SEED, "zelensky or putin", "--over", "putin")


def test_ever(attend: Attend) -> None:
    expected = """\
Possible: “zelensky” holds in this outcome of one of 2 scenarios:
Supposed: Vladimir Putin attends.
Direct talks in Istanbul: Vladimir Putin, Volodymyr Zelensky, Vladimir Medinsky and Marco Rubio attend
Meeting in Ankara: Volodymyr Zelensky and Recep Tayyip Erdogan attend
"""
    assert Ended(0, expected, "") == attend("ever", SEED, "zelensky", "--over", "putin")


def test_never(attend: Attend) -> None:
    assert Ended(1, "Never: “zelensky” holds in no outcome.\n", "") == attend("ever", SEED, "zelensky")
    expected = "Never: “trump” holds in no outcome of 2 scenarios.\n"
    assert Ended(1, expected, "") == attend("ever", SEED, "trump", "--over", "putin")


def test_facts_and_gatherings_by_name(attend: Attend, dinner: str) -> None:
    expected = """\
Not always: “bob or not (cem at party)” does not hold in this outcome of one of 4 scenarios:
Supposed: cem (party) attends and “It rains” holds.
Not everything can be kept. Set aside: “ann at party attends” (p1).
dinner: nobody attends
party: cem attends
It rains (rain): yes
snow: no
"""
    ended = attend("always", dinner, "bob or not (cem at party)", "--over", "rain", "--over", "cem at party")
    assert Ended(1, expected, "") == ended


def test_what_is_set_aside_is_told(attend: Attend, dinner: str) -> None:
    expected = """\
Possible: “not bob” holds in this outcome:
Not everything can be kept. Set aside: “ann attends only if bob” (a1).
dinner: Ann attends
party: Ann attends
It rains (rain): yes
snow: no
"""
    ended = attend(
        "ever",
        dinner,
        "not bob",
        "--scenario",
        "torn",
        "--withdraw",
        "b1",
        "--assume",
        "rain=yes",
        "--assume",
        "snow=no",
        "--assume",
        "cem=no",
    )
    assert Ended(0, expected, "") == ended


def test_the_rule_that_is_set_aside_is_told(attend: Attend, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text("participants: [ann, bob]\nrules: [{id: one, rule: at most 1 of everyone}]\n", encoding="utf-8")
    expected = """\
Possible: “ann and bob” holds in this outcome:
Not everything can be kept. Set aside: “the rule at most 1 of everyone” (one).
ann and bob attend.
"""
    assert Ended(0, expected, "") == attend("ever", str(file), "ann and bob", "--given", "ann and bob")


def test_many_are_cut(attend: Attend, tmp_path: Path) -> None:
    people = ", ".join(f"p{i}" for i in range(50))
    file = tmp_path / "many.yaml"
    file.write_text(
        f"participants: [{people}]\nfacts: {{{': unknown, '.join(f'f{i}' for i in range(30))}: }}", encoding="utf-8"
    )
    lines = attend("ever", str(file), "all of everyone").out.splitlines()
    assert "Possible: “all of everyone” holds in this outcome:" == lines[0]
    assert lines[1].startswith("p0, p1, ")
    assert lines[1].endswith("p18 and 31 others attend.")
    assert ("... and 10 more", 23) == (lines[-1], len(lines))
    over = [part for i in range(50) for part in ("--over", f"p{i}")]
    assert (
        "Always: “p0 or not p0” holds in every outcome of 2^50 scenarios.\n"
        == attend("always", str(file), "p0 or not p0", *over).out
    )
    nobody = attend("always", str(file), "any of everyone").out.splitlines()
    assert "Nobody attends." == nobody[1]


@pytest.mark.parametrize("command", ["always", "ever"])
@pytest.mark.parametrize("condition", ["zelensky", "medinsky", "trump or not putin"])
def test_json(attend: Attend, command: str, condition: str) -> None:
    ended = attend(command, SEED, condition, "--over", "putin", "--as-of", "2025-05-13", "--json")
    found = getattr(at, command)(at.load(SEED), condition, over=["putin"], as_of="2025-05-13")
    assert found.to_dict() == json.loads(ended.out)
    assert (0 if found else 1, "") == (ended.status, ended.err)


def test_a_very_long_number(capsys: pytest.CaptureFixture[str]) -> None:
    found = Proof("", "", "always", "ann", proved=True, scenarios=1 << 20_000)
    tell(at.case("ann attends"), found, as_json=False)
    assert "Always: “ann” holds in every outcome of 2^20000 scenarios.\n" == capsys.readouterr().out
    tell(at.case("ann attends"), found, as_json=True)
    assert 1 << 20_000 == json.loads(capsys.readouterr().out)["scenarios"]


@pytest.mark.parametrize("command", ["always", "ever"])
def test_bad_input(attend: Attend, command: str) -> None:
    refused(attend(command, SEED, "zelenskyy"), "unknown name 'zelenskyy'", "did you mean zelensky")
    refused(attend(command, SEED, "zelensky or"), "expected a condition")
    refused(attend(command, SEED, "zelensky", "--over", "putn"), "unknown name 'putn'", "did you mean putin")
    refused(attend(command, SEED, "zelensky", "--over", "putin", "--assume", "putin=no"), "putin at talks is assumed")
    refused(attend(command, SEED, "zelensky", "--engine", "abacus"), "unknown engine 'abacus'")
    refused(attend(command, SEED, "zelensky", "--assume", "putin=no", "--given", "putin"), "no outcome can meet this")
    refused(attend(command, SEED), "Missing argument 'CONDITION'")
    refused(attend(command, "nowhere.yaml", "zelensky"), "nowhere.yaml")
