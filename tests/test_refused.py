"""Statements that are not of the language, in tests/refused.txt: each is told exactly so.

A block there is `> ` and the statement (with Python's escapes), and under it what is said.
"""

from pathlib import Path

import pytest

import attendance as at
from attendance.model.language import parse_statement

BLOCKS = Path(__file__).with_name("refused.txt").read_text(encoding="utf-8").removeprefix("> ").split("\n\n> ")
REFUSED = [block.rstrip("\n").split("\n", 1) for block in BLOCKS]


@pytest.mark.parametrize(("text", "told"), REFUSED, ids=[text[:60] for text, _ in REFUSED])
def test_it_is_told(text: str, told: str) -> None:
    with pytest.raises(at.LanguageError) as caught:
        parse_statement(text.encode("ascii").decode("unicode_escape"))
    assert told == str(caught.value)
    assert caught.value.start < caught.value.end
    assert caught.value.hint != ""


def test_each_is_there_once() -> None:
    assert len(REFUSED) == len({told for _, told in REFUSED}) > 120
