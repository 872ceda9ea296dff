"""Small draws, each from options with the simplest first, so that whatever fails shrinks to what is simple."""

from collections.abc import Sequence
from functools import cache
from typing import TypeGuard, TypeVar

from hypothesis import strategies as st

from attendance.errors import QuestionError, shown

Draw = st.DrawFn
T = TypeVar("T")


def refuse_others(option: str, value: object, least: int = 0) -> None:
    """Raises QuestionError for an option that is no whole number, or less than it may be."""
    if not is_number(value) or value < least:
        raise QuestionError(f"{option!r} is a number from {least} up, not {shown(value)}")


def is_number(value: object) -> TypeGuard[int]:
    """Whether it is a whole number from 0 up."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@cache
def below(size: int) -> st.SearchStrategy[int]:
    """Whole numbers from 0 up, so many of them."""
    return st.integers(0, size - 1)


def pick(draw: Draw, options: Sequence[T]) -> T:
    """One of the options; the first is the simplest."""
    return options[draw(below(len(options)))]


def one_in(draw: Draw, times: int) -> bool:
    """True once in so many draws; False is simpler."""
    return draw(below(times)) == times - 1


def some(draw: Draw, options: Sequence[T], most: int, *, least: int = 0) -> tuple[T, ...]:
    """A few different options in any order; fewer are simpler."""
    found: dict[T, None] = {}
    while options and len(found) < most and (len(found) < least or draw(below(3))):
        rest = [o for o in options if o not in found]
        if not rest:
            break
        found[pick(draw, rest)] = None
    return tuple(found)
