"""`attendance invite`: what is printed, what is JSON, what is refused, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.faces.cli import main

SEED = str(Path(__file__).parent.parent / "seeds" / "invitations-2015.yaml")
PARTY = """\
title: Party
gatherings: {party: , walk: {name: The walk, invited: [ann]}}
participants: {ann: {name: Ann, weights: {gifts: 1.5}}, bob: {name: Bob}, cem: }
statements:
  - ann prefers ..2
  - bob prefers ..2
  - cem attends
"""

Ended = tuple[int, str, str]
Run = Callable[..., Ended]


@pytest.fixture
def invite(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command here: its exit status, and what it printed."""

    def run(*arguments: str) -> Ended:
        status: Any = 0
        try:
            main(["invite", *arguments])
        except SystemExit as error:
            status = error.code
        return (status or 0, *capsys.readouterr())

    return run


@pytest.fixture
def party(tmp_path: Path) -> str:
    file = tmp_path / "party.yaml"
    file.write_text(PARTY, encoding="utf-8")
    return str(file)


def test_the_guests(invite: Run, party: str) -> None:
    expected = """\
Party: whom to invite
3 guests:
Ann (ann)
Bob (bob)
Ann (ann at walk)
"""
    assert (0, expected, "") == invite(party)


def test_nobody_regrets_it(invite: Run, party: str) -> None:
    expected = """\
Party: whom to invite, stable by addition
3 guests, with 3 gifts:
Ann (ann)
cem
Ann (ann at walk)
"""
    assert (0, expected, "") == invite(party, "--stability", "addition", "--weight", "gifts")


def test_there_is_none(invite: Run) -> None:
    status, out, err = invite(SEED, "--stability", "addition")
    assert (1, "") == (status, err)
    assert out.startswith("A pair that cannot be invited: whom to invite, stable by addition\nThere is no stable inv")
    assert "“p2 attends only if exactly 2 of everyone” (two, Lee and Shoham 2015)" in out


def test_nobody_and_one(invite: Run, party: str) -> None:
    assert invite(party, "--capacity", "0")[:2] == (
        0,
        "Party: whom to invite\nNobody: the largest invitation is empty.\n",
    )
    assert invite(party, "--capacity", "1")[1].endswith("\n1 guest:\nAnn (ann)\n")
    assert invite(party, "--cost", "bob=0.5")[1].endswith("\nNobody.\n")
    out = invite(party, "--cost", "bob=0.5", "--fewest", "2")[1]
    assert out.endswith("\n2 guests, at a cost of 1.5:\nAnn (ann)\nBob (bob)\n")


def test_why_not(invite: Run, party: str) -> None:
    status, out, _ = invite(party, "--why-not", "cem")
    assert 1 == status
    assert out.endswith("cem could be invited as well, in another invitation that is as good: ann, cem, ann at walk.\n")
    assert invite(party, "--why-not", "ann")[:2] == (0, "Party: whom to invite\nann is invited.\n")
    assert invite(party, "--must", "bob", "--must", "ann", "--why-not", "cem")[1].endswith(
        "cem cannot be invited. These cannot all be met:\n- “ann attends only if at most 2 of everyone” (ann.1)\n"
        "- that Ann must be invited\n- that Bob must be invited\n"
    )
    told = json.loads(invite(party, "--why-not", "cem", "--json")[1])
    assert told["best"]["invited"] == ["ann", "cem", "ann at walk"]


def test_a_crowd_is_cut(invite: Run, tmp_path: Path) -> None:
    file = tmp_path / "crowd.json"
    at.dump(at.Case(participants=[f"p{i}" for i in range(160)]), file)
    assert invite(str(file))[1].endswith("\np99\n... and 60 more\n")


@pytest.mark.parametrize("stability", ["none", "addition", "replacement"])
def test_json_is_the_answer(invite: Run, stability: Any) -> None:
    status, out, err = invite(SEED, "--stability", stability, "--json")
    found = at.invitations(at.load(SEED), stability=stability)
    assert found.to_dict() == json.loads(out)
    assert (0 if found else 1, "") == (status, err)


@pytest.mark.parametrize(
    ("arguments", "reasons"),
    [
        (("--stability", "adition"), ["'adition' is not one of 'none', 'addition', 'replacement'"]),
        (("--must", "p3"), ["unknown participant 'p3'"]),
        (("--must", "p1", "--forbid", "p1"), ["p1: must be invited, and is forbidden"]),
        (("--capacity", "-1"), ["--capacity"]),
        (("--fewest", "2", "--capacity", "1"), ["at least 2 cannot be invited where there is room for 1"]),
        (("--weight", "seats"), ["nobody has a weight 'seats'"]),
        (("--cost", "p1"), ["--cost p1: say what it costs"]),
        (("--goal", "p1 and"), ["expected a condition"]),
        (("--why-not", "p3"), ["unknown participant 'p3'"]),
        (("--why-not", "putin", "--why-not", "trump"), ["--why-not is asked of one at a time"]),
        (("--engine", "tables"), ["only auto, clingo, enumeration find invitations"]),
    ],
)
def test_what_is_refused(invite: Run, arguments: tuple[str, ...], reasons: list[str]) -> None:
    status, out, err = invite(SEED, *arguments)
    assert (2, "") == (status, out)
    assert "Traceback" not in err
    assert [] == [reason for reason in reasons if reason not in err]
