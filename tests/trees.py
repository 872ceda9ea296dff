"""Hypothesis strategies for the language: any name, any condition, any saying, and soups of its words."""

import os
from collections.abc import Callable
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from attendance.model.conditions import (
    And,
    Condition,
    Constant,
    Crowd,
    Held,
    Member,
    Name,
    Not,
    Or,
    Quantifier,
    Represented,
    Selection,
    Tally,
)
from attendance.model.language import Spoken
from attendance.model.sayings import Attends, Declines, Link, Might, Saying, Sends, WaitsFor
from attendance.model.words import KEYWORDS, name_problem
from tests.sizes import examples_of

PLAIN = ("a", "b", "putin", "new-york", "_1", "Zoë", "Путин", "王毅", "attend", "prefers", "majority-leader", "x9")
ODD = ("Vladimir Putin", "1st", "not", "OF", "a.b", 'the "boss"', "it's", "back\\slash", "a, b", "#1", "(x)", "5%")


def examples(usual: int) -> settings:
    """So many random examples; ATTENDANCE_EXAMPLES or ATTENDANCE_THOROUGH set another number."""
    wanted = os.environ.get("ATTENDANCE_EXAMPLES") or (20_000 if os.environ.get("ATTENDANCE_THOROUGH") else usual)
    return examples_of(int(wanted))


# --- names ------------------------------------------------------------------------------------------


def any_names() -> st.SearchStrategy[str]:
    """Every name that may be: of any characters but those that are refused."""
    return st.text(min_size=1, max_size=12).filter(lambda name: name_problem(name) is None)


def names() -> st.SearchStrategy[str]:
    """Identifiers, names that need quotes, keywords, and any text at all."""
    return st.one_of(st.sampled_from(PLAIN), st.sampled_from(ODD), st.sampled_from(sorted(KEYWORDS)), any_names())


def places() -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.none(), names())


# --- conditions -------------------------------------------------------------------------------------


def conditions(named: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Condition]:
    """Conditions of every kind, three or four levels deep."""
    named = names() if named is None else named
    place = st.one_of(st.none(), st.none(), named)
    leaf = st.one_of(
        st.builds(Name, named, place),
        st.builds(Name, named, place),
        st.builds(Represented, named, place),
        st.builds(Held, named),
        st.builds(Constant, st.booleans()),
    )
    return st.recursive(leaf, lambda inner: _branches(inner, named, place), max_leaves=6)


def _branches(
    inner: st.SearchStrategy[Condition], named: st.SearchStrategy[str], place: st.SearchStrategy[str | None]
) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    selection = selections(inner, named, place)
    relation = st.sampled_from(("at least", "at most", "exactly"))
    return st.one_of(
        st.builds(Not, inner),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Tally, relation, st.integers(0, 30).map(Decimal), selection),
        st.builds(Tally, relation, numbers(), selection, named),
        st.builds(Tally, relation, shares(), selection, st.one_of(st.none(), named), st.just(True)),
        st.builds(Quantifier, st.sampled_from(("a majority", "all", "any", "none")), selection),
    )


def selections(
    inner: st.SearchStrategy[Condition], named: st.SearchStrategy[str], place: st.SearchStrategy[str | None]
) -> st.SearchStrategy[Selection]:
    """Whom a count is over: names, crowds and conditions, one or several."""
    crowd: st.SearchStrategy[Member] = st.builds(Crowd, st.sampled_from(("everyone", "others")), place)
    member = st.one_of(st.builds(Name, named, place), crowd, inner)
    return st.builds(Selection, st.lists(member, min_size=1, max_size=4).map(tuple), place)


def numbers() -> st.SearchStrategy[Decimal]:
    """Numbers from 0 up, of at most 30 characters."""
    return st.one_of(
        st.integers(0, 10**29).map(Decimal),
        st.decimals(0, 1000, places=3, allow_nan=False, allow_infinity=False),
        st.sampled_from(("0.1", "17.4", "1.50", "0.0000000000000000000000000001")).map(Decimal),
    )


def shares() -> st.SearchStrategy[Decimal]:
    return st.decimals(0, 100, places=1, allow_nan=False, allow_infinity=False)


# --- sayings ----------------------------------------------------------------------------------------


def sayings(condition: st.SearchStrategy[Condition] | None = None) -> st.SearchStrategy[Saying]:
    """Everything that can be said."""
    condition = conditions() if condition is None else condition
    delegates = st.lists(names(), min_size=1, max_size=3, unique=True).map(tuple)
    targets = st.lists(st.builds(Name, names(), places()), min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.sampled_from((Attends(), Declines(), Might())),
        st.builds(Attends, st.sampled_from(Link), condition),
        st.builds(Declines, st.sampled_from((Link.IF, Link.UNLESS)), condition),
        st.builds(Might, st.sampled_from((Link.IF, Link.ONLY_IF, Link.UNLESS)), condition),
        st.builds(Sends, delegates, st.one_of(st.none(), condition)),
        st.builds(WaitsFor, targets),
    )


def spoken() -> st.SearchStrategy[Spoken]:
    """Whole statements, subject first."""
    return st.builds(Spoken, names(), places(), sayings())


# --- soups ------------------------------------------------------------------------------------------

VOCABULARY = (
    *sorted(KEYWORDS),
    "a",
    "attend",
    "prefers",
    "..",
    "b",
    '"not"',
    "'x y'",
    "(",
    ")",
    ",",
    "%",
    "2",
    "55",
    "0.5",
    "101",
)


def soups() -> st.SearchStrategy[str]:
    """Words of the language in any order, most of which say nothing."""
    return st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join)


def near_misses(sentence: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Sentences with one word put in, taken out, changed or moved."""
    return st.tuples(sentence, st.integers(0, 40), st.sampled_from(VOCABULARY), st.integers(0, 3)).map(_damaged)


def _damaged(drawn: tuple[str, int, str, int]) -> str:
    sentence, at, word, way = drawn
    words = sentence.split(" ")
    at %= len(words)
    ways: tuple[Callable[[], list[str]], ...] = (
        lambda: [*words[:at], word, *words[at:]],
        lambda: [*words[:at], *words[at + 1 :]],
        lambda: [*words[:at], word, *words[at + 1 :]],
        lambda: [*words[at:], *words[:at]],
    )
    return " ".join(ways[way]())
