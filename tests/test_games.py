"""Grouping games with official keys: of the options of each question, exactly the published one is true."""

from functools import reduce

import pytest

import attendance as at
from attendance.questions.prove import always, ever
from tests.test_puzzles import COUNTS, QUESTIONS

GAMES = {
    "volunteers": (
        """
        R attends only if M
        M attends only if T
        V attends unless S
        L attends unless R
        T attends only if not F and not V
        """,
        "FLMRSTV",
        (),
        10,
    ),
    "presenters": (
        """
        F attends only if M and P
        J attends only if not Q
        P attends unless Q
        L attends only if J or S
        M attends only if not (L and S)
        """,
        "FJLMPQS",
        ("at least 1 of everyone",),
        29,
    ),
    "birds": (
        """
        H attends only if not G
        J attends only if H
        M attends only if H
        W attends only if G
        S attends unless J
        """,
        "GHJMSW",
        (),
        9,
    ),
}

ROWS = [tuple(row) for row in QUESTIONS]


def game(name: str) -> at.Case:
    text, people, rules, _ = GAMES[name]
    return at.Case(
        participants=list(people), statements=[line.strip() for line in text.strip().splitlines()], rules=rules
    )


def condition(name: str, text: str) -> at.Condition:
    """An option as the keys write it: `only(..)` is exactly those, `notin(..)` all but those."""
    if text == "L is not S":
        return at.condition("exactly 1 of (L, S)")
    for sign, words in COUNTS.items():
        if text.startswith(sign):
            return at.condition(f"{words} {text.removeprefix(sign)} of everyone")
    word, _, named = text.rstrip(")").partition("(")
    if word not in ("only", "notin"):
        return at.condition(text)
    there = set(named.split(",")) if word == "only" else set(GAMES[name][1]) - set(named.split(","))
    return reduce(lambda a, b: a & b, [at.attends(p) if p in there else ~at.attends(p) for p in GAMES[name][1]])


def is_so(name: str, given: str, asked: str, option: str) -> bool:
    """Whether an option could be, must be or cannot be, to the letter of what is given."""
    seen = [condition(name, given)] if given else []
    wanted = condition(name, option)
    if asked == "must be":
        return bool(always(game(name), wanted, given=seen, reading="literal"))
    possible = bool(ever(game(name), wanted, given=seen, reading="literal"))
    return possible == (asked == "could be")


@pytest.mark.parametrize(("name", "given", "asked", "options", "key"), ROWS)
def test_exactly_the_published_option_is_true(name: str, given: str, asked: str, options: str, key: str) -> None:
    assert [key] == [o for o in options.split("; ") if is_so(name, given, asked, o)]


@pytest.mark.parametrize("name", GAMES)
def test_the_published_number_of_guest_lists(name: str) -> None:
    assert GAMES[name][3] == at.count(game(name), reading="literal")


def test_at_most_four_birds_are_there() -> None:
    assert always(game("birds"), "at most 4 of everyone", reading="literal")
    assert ever(game("birds"), "exactly 4 of everyone", reading="literal")


@pytest.mark.parametrize("name", GAMES)
def test_every_option_by_the_guest_lists_themselves(name: str) -> None:
    # the slow way: a given is an observation, so it only leaves fewer lists
    case = game(name)
    for _, given, asked, options, key in (row for row in ROWS if row[0] == name):
        seen = [condition(name, given)] if given else []
        every = list(at.outcomes(case, given=seen, reading="literal"))
        for option in options.split("; "):
            wanted = list(at.outcomes(case, given=[*seen, condition(name, option)], reading="literal"))
            true = {"could be": bool(wanted), "must be": wanted == every, "cannot be": not wanted}[asked]
            assert true == (option == key)
