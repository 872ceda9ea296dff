"""Trees back to text: what is printed parses to the same tree."""

from decimal import Decimal
from typing import assert_never

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
from attendance.model.nesting import Part
from attendance.model.sayings import Attends, Declines, Link, Might, Saying, Sends, WaitsFor
from attendance.model.words import quote

Piece = str | Part


def print_condition(condition: Condition) -> str:
    """The condition as text of the language."""
    text: list[str] = []
    rest: list[Piece] = [condition]
    while rest:  # no recursion, so that it does not matter how deep the caller is
        piece = rest.pop()
        if isinstance(piece, str):
            text.append(piece)
        else:
            rest += reversed(_pieces(piece))
    return "".join(text)


def _pieces(part: Part) -> list[Piece]:
    """A part as text and the parts in it."""
    match part:
        case Constant(value):
            return ["always" if value else "never"]
        case Name(name, at):
            return [quote(name) + _at(at)]
        case Represented(group, at):
            return [f"{quote(group)}{_at(at)} is represented"]
        case Held(gathering):
            return [f"{quote(gathering)} is held"]
        case Crowd(word, at):
            return [word + _at(at)]
        case Not(of):
            return ["not ", *_within(of, And | Or)]
        case And(of):
            return _joined(" and ", [_within(c, Or) for c in of])
        case Or(of):
            return _joined(" or ", [[c] for c in of])
        case Tally(relation, quota, of, None, percent):
            return [f"{relation} {print_number(quota)}{'%' * percent} of ", of]
        case Tally(relation, quota, of, str(weight), percent):
            return [f"{quote(weight)} of ", of, f" {relation} {print_number(quota)}{'%' * percent}"]
        case Quantifier(quantity, of):
            return [f"{quantity} of ", of]
        case Selection((Name() | Crowd() as one,), None):
            return [one]
        case Selection(items, at):
            return ["(", *_joined(", ", [_within(item, And | Or) for item in items]), f"){_at(at)}"]
        case _:
            assert_never(part)  # type: ignore[arg-type]


def print_saying(saying: Saying) -> str:
    """What was said, without its speaker."""
    match saying:
        case Attends(link, condition):
            return "attends" + _linked(link, condition)
        case Declines(link, condition):
            return "declines" + _linked(link, condition)
        case Might(link, condition):
            return "might attend" + _linked(link, condition)
        case Sends(delegates, condition):
            return f"sends {', '.join(map(quote, delegates))}" + _linked(Link.IF, condition)
        case WaitsFor(targets):
            return f"waits for {', '.join(map(str, targets))}"
        case _:
            assert_never(saying)


def print_number(number: Decimal) -> str:
    """A decimal without exponent or needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _linked(link: Link | None, condition: Condition | None) -> str:
    return "" if condition is None else f" {link} {condition}"


def _at(at: str | None) -> str:
    return f" at {quote(at)}" if at is not None else ""


def _within(part: Part, looser: object) -> list[Piece]:
    return ["(", part, ")"] if isinstance(part, looser) else [part]  # type: ignore[arg-type]


def _joined(mark: str, groups: list[list[Piece]]) -> list[Piece]:
    return [piece for i, group in enumerate(groups) for piece in ([mark, *group] if i else group)]
