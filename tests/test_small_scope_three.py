"""Every case of three people within a small scope, up to other names for the same people, by every engine.

Each says one of 41 things: nothing, three plain ones, one of six links with one of six conditions about the
others, or that another comes instead. Of the 68,921 triples 11,808 differ in more than names; with 3 sets of
rules, 2 readings and 2 meanings that is 141,696 cases. Every day one of 499 triples is tried; with
ATTENDANCE_THOROUGH set, all.
"""

import os
from collections import Counter
from itertools import permutations, product

import pytest

import attendance as at
from attendance.model.scenario import Scenario
from tests.cases import Asked
from tests.million import differing

PEOPLE = ("ann", "bob", "cem")
RULES = ([], ["at most 1 of everyone"], ["at least 2 of everyone"])
LINKS = (
    "attends if",
    "attends only if",
    "attends unless",
    "attends if and only if",
    "declines if",
    "might attend only if",
)
ONE, BOTH = ("{0}", "not {0}"), ("{0} and {1}", "{0} or {1}")
Said = tuple[str, tuple[str, ...]]
"""A form and the names in it; where their order does not matter, in the order of PEOPLE."""


def sayings(who: str) -> list[Said]:
    """All that somebody can say."""
    one, other = (p for p in PEOPLE if p != who)
    plain: list[Said] = [("", ()), ("attends", ()), ("declines", ()), ("sends {0}", (one,)), ("sends {0}", (other,))]
    of_one = [(f"{link} {form}", (name,)) for link, form, name in product(LINKS, ONE, (one, other))]
    return [*plain, *of_one, *((f"{link} {form}", (one, other)) for link, form in product(LINKS, BOTH))]


def renamed(said: dict[str, Said], names: dict[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What is said, with other names for the people."""
    return sorted((names[who], form, tuple(sorted(names[n] for n in inside))) for who, (form, inside) in said.items())


def is_first(said: dict[str, Said]) -> bool:
    """Whether it comes first of all that differ from it in names alone."""
    images = (renamed(said, dict(zip(PEOPLE, order, strict=True))) for order in permutations(PEOPLE))
    return renamed(said, dict(zip(PEOPLE, PEOPLE, strict=True))) == min(images)


EVERY = [dict(zip(PEOPLE, said, strict=True)) for said in product(*map(sayings, PEOPLE))]
DIFFERENT = [said for said in EVERY if is_first(said)]
TRIED = DIFFERENT if os.environ.get("ATTENDANCE_THOROUGH") else DIFFERENT[::499]


def case(said: dict[str, Said], rules: list[str]) -> at.Case:
    return at.Case(
        participants=[{"id": who} for who in PEOPLE],
        rules=rules,
        statements=[{"who": who, "says": form.format(*names)} for who, (form, names) in said.items() if form],
    )


def test_the_number_of_cases() -> None:
    settings = len(RULES) * 2 * 2
    assert (len(EVERY), len(DIFFERENT), len(DIFFERENT) * settings) == (68_921, 11_808, 141_696)


@pytest.mark.parametrize("founded", [False, True], ids=["outcomes", "founded outcomes"])
@pytest.mark.parametrize("reading", ["conversational", "literal"])
@pytest.mark.parametrize("rules", RULES, ids=["no rule", "at most 1", "at least 2"])
def test_every_small_case_of_three(rules: list[str], reading: str, founded: bool) -> None:
    answered, wrong = Counter[str](), {}
    for said in TRIED:
        scenario = Scenario(reading=reading, founded=founded)
        small = case(said, rules)
        if found := list(differing(Asked(small, {"scenario": scenario}, scenario), answered)):
            wrong[str(said)] = found
    assert not wrong
    assert answered["auto"] == answered["clingo"] == answered["tables"] == len(TRIED)
