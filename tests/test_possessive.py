"""Patterns that never go back: on every Python the same, also where CPython's own possessive groups are wrong."""

import re
from pathlib import Path

import pytest

from attendance.model.words import possessive

PACKAGE = Path(__file__).parent.parent / "attendance"
TAKEN = [
    (r"[^\0 \t\n:]|:(?![\0 \t\n])", "+", "title: x", "title"),
    (r" ++(?!#)[a-z]+", "*", " a b #c", " a b"),
    (r" *+(?:#[^\n\0]*+)?\n", "*", "  # a\n   b", "  # a\n"),
    (r"\.[0-9]++", "?", "..7", ""),
]


@pytest.mark.parametrize(("group", "times", "text", "taken"), TAKEN)
def test_what_is_taken_ends_where_the_group_last_fitted(group, times, text, taken):
    assert re.match(possessive(group, times), text)[0] == taken


def test_nothing_that_was_taken_is_given_back():
    assert re.match(possessive("a|ab") + "c", "aabc") is None
    assert re.match(possessive("ab|a") + "c", "aabc")[0] == "aabc"


def test_no_other_pattern_repeats_a_group_possessively():
    written = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    found = [path.name for path, text in written.items() if re.search(r"\)(?:[*+?]|\{[\d,]+\})\+", text)]
    assert found == []
