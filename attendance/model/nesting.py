"""How conditions are nested: their parts without recursion, so that no tree built by hand is too deep to handle."""

from collections.abc import Iterator, Sequence
from typing import Any

from attendance.model.conditions import (
    And,
    Condition,
    Constant,
    Crowd,
    Held,
    Name,
    Not,
    Or,
    Quantifier,
    Represented,
    Selection,
    Tally,
)

MAX_DEPTH = 100
MAX_PARTS = 1_000_000
TOO_DEEP = f"conditions can be nested {MAX_DEPTH} deep at most"

Part = Condition | Crowd | Selection
_PARTS = (Constant, Name, Represented, Held, Not, And, Or, Tally, Quantifier, Crowd, Selection)


def children(part: Part) -> Sequence[Part]:
    """What stands directly in a part of a condition; the selection of a count is a part too."""
    match part:
        case Tally(of=selection) | Quantifier(of=selection):
            return (selection,)
        case Selection(items=items):
            return items
        case Not(of):
            return (of,)
        case And(of) | Or(of):
            return of
        case _:
            return ()


def misfit(condition: Condition) -> str | None:
    """Why a condition cannot be used, if it cannot: too deep, too large, or with something else in it."""
    for seen, (part, brackets, nots) in enumerate(depths(condition), 1):
        if not isinstance(part, _PARTS):
            return f"expected a condition, not {type(part).__name__}"
        if brackets > MAX_DEPTH or nots > MAX_DEPTH:
            return TOO_DEEP
        if seen > MAX_PARTS:
            return f"a condition has at most {MAX_PARTS:,} parts"
    return None


def depths(condition: Condition) -> Iterator[tuple[Part, int, int]]:
    """Every part, with the number of brackets and of `not` around it, as its text has them."""
    rest: list[tuple[Part, int, int]] = [(condition, 0, 0)]
    while rest:
        part, brackets, nots = rest.pop()
        nots += isinstance(part, Not)
        yield part, brackets, nots
        rest += [(inner, brackets + _brackets(part, inner), nots) for inner in children(part)]


def _brackets(around: Part, inner: Part) -> int:
    """How many brackets stand around a part that do not stand around what it is in."""
    match around, inner:
        case (Not(), And() | Or()) | (And(), Or()):
            return 1
        case (Selection(), Crowd()) | (Selection((Name(),), None), _):
            return 0
        case Selection(), And() | Or():
            return 2
        case Selection(), _:
            return 1
        case _:
            return 0


def row(condition: Condition) -> Iterator[object]:
    """The condition as a row, each branch before what is in it: what equality and pickle go by."""
    rest: list[Part] = [condition]
    while rest:
        part = rest.pop()
        inner = children(part)
        match part:
            case Tally(relation, quota, _, weight, percent):
                yield Tally, relation, quota, weight, percent
            case Quantifier(quantity):
                yield Quantifier, quantity
            case Selection(at=at):
                yield Selection, at, len(inner)
            case Not() | And() | Or():
                yield type(part), len(inner)
            case leaf:
                yield leaf
        rest.extend(reversed(inner))


def from_row(parts: Sequence[Any]) -> Any:
    """The condition that the row was made of."""
    built: list[Any] = []
    for part in reversed(parts):
        match part:
            case kind, relation, quota, weight, percent:
                built.append(kind(relation, quota, built.pop(), weight, percent))
            case kind, at, size:
                built.append(kind(tuple(built.pop() for _ in range(size)), at))
            case (kind, of) if kind is Quantifier:
                built.append(Quantifier(of, built.pop()))
            case (kind, _) if kind is Not:
                built.append(Not(built.pop()))
            case kind, size:
                built.append(kind(tuple(built.pop() for _ in range(size))))
            case leaf:
                built.append(leaf)
    return built.pop()
