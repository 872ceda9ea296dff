"""Trees back to text: what is printed parses to the same tree."""

from decimal import Decimal
from typing import assert_never

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
from attendance.model.sayings import Attends, Declines, Link, Might, Saying, Sends, WaitsFor
from attendance.model.words import quote


def print_condition(condition: Condition) -> str:
    """The condition as text of the language."""
    match condition:
        case Constant(value):
            return "always" if value else "never"
        case Name(name, at):
            return quote(name) + _at(at)
        case Represented(group, at):
            return f"{quote(group)}{_at(at)} is represented"
        case Held(gathering):
            return f"{quote(gathering)} is held"
        case Not(of):
            return f"not {_within(of, And | Or)}"
        case And(of):
            return " and ".join(_within(c, Or) for c in of)
        case Or(of):
            return " or ".join(map(print_condition, of))
        case Tally(relation, quota, of, None, percent):
            return f"{relation} {print_number(quota)}{'%' * percent} of {_selection(of)}"
        case Tally(relation, quota, of, str(weight), percent):
            return f"{quote(weight)} of {_selection(of)} {relation} {print_number(quota)}{'%' * percent}"
        case Quantifier(quantity, of):
            return f"{quantity} of {_selection(of)}"
        case _:
            raise TypeError(f"not a condition: {condition!r}")


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
            return f"sends {', '.join(map(quote, delegates))}" + _linked(
                None if condition is None else Link.IF, condition
            )
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


def _within(condition: Condition, looser: object) -> str:
    text = print_condition(condition)
    return f"({text})" if isinstance(condition, looser) else text  # type: ignore[arg-type]


def _selection(of: Selection) -> str:
    match of:
        case Selection((Name() | Crowd() as one,), None):
            return _member(one)
        case Selection(items, at):
            return f"({', '.join(map(_member, items))}){_at(at)}"


def _member(member: Member) -> str:
    match member:
        case Crowd(word, at):
            return word + _at(at)
        case Condition():
            return _within(member, And | Or)
