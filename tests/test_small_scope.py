"""Every case of two people within a small scope: 676 pairs of statements, 3 sets of rules, 2 readings, 2 meanings.

That is 8,112 cases. A pair and its mirror image are the same case with other names, so only one of the two
is tried, 4,212 cases in all, unless ATTENDANCE_THOROUGH is set.
"""

import os
from itertools import product

import pytest

import attendance as at
from attendance.model.scenario import Scenario
from tests.reference import Reference
from tests.test_conformance import differences

RULES = ([], ["at most 1 of everyone"], ["at least 1 of everyone"])
PLAIN = ("", "attends", "declines", "might attend", "sends {other}")
LINKED = (
    "attends if",
    "attends only if",
    "attends unless",
    "declines if",
    "attends if and only if",
    "might attend only if",
    "might attend if",
)
CONDITIONS = ("{other}", "not {other}", "rain")
SAYINGS = (*PLAIN, *(f"{link} {condition}" for link, condition in product(LINKED, CONDITIONS)))
PAIRS = list(product(SAYINGS, SAYINGS))
MIRRORED = bool(os.environ.get("ATTENDANCE_THOROUGH"))
TRIED = [(a, b) for a, b in PAIRS if MIRRORED or SAYINGS.index(a) <= SAYINGS.index(b)]


def case(of_ann: str, of_bob: str, rules: list[str]) -> at.Case:
    said = [("ann", of_ann.format(other="bob")), ("bob", of_bob.format(other="ann"))]
    return at.Case(
        participants=[{"id": "ann"}, {"id": "bob"}],
        facts={"rain": None},
        rules=rules,
        statements=[{"who": who, "says": says} for who, says in said if says],
    )


def test_the_number_of_cases() -> None:
    settings = len(RULES) * 2 * 2
    assert (len(PAIRS) * settings, len(TRIED) * settings) == (8_112, 8_112 if MIRRORED else 4_212)


@pytest.mark.parametrize("founded", [False, True], ids=["outcomes", "founded outcomes"])
@pytest.mark.parametrize("reading", ["conversational", "literal"])
@pytest.mark.parametrize("rules", RULES, ids=["no rule", "at most 1", "at least 1"])
def test_every_small_case(rules: list[str], reading: str, founded: bool) -> None:
    wrong = {}
    scenario = Scenario(reading=reading, founded=founded)
    for pair in TRIED:
        small = case(*pair, rules)
        keywords = {"reading": reading, "founded": founded}
        if found := differences(small, Reference(small, scenario), "auto", keywords):
            wrong[pair] = found
    assert not wrong
