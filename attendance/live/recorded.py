"""The case that a journal's entries make, and statements as entries have them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from attendance.errors import CaseError, InputError, JournalError, Problem
from attendance.live.entries import Entry
from attendance.model.case import Case
from attendance.model.printing import print_number
from attendance.model.sayings import Said
from attendance.model.statements import Statement
from attendance.model.values import shown
from attendance.model.words import MAX_DIGITS, MAX_TEXT


def recorded(entries: Iterable[Entry]) -> Case:
    """The case of the newest "case" entry, with every statement that was not withdrawn, in order.

    Raises JournalError where the entries make no case; it names the entries that do not fit.
    """
    newest: Entry | None = None
    said: dict[str, Entry] = {}
    for entry in entries:
        match entry.kind:
            case "case":
                newest = entry
            case "say":
                said[str(entry.body.get("id", entry.number))] = entry
            case "withdraw":
                said.pop(str(entry.body.get("id")), None)
    if newest is None or not isinstance(newest.body.get("case"), Mapping):
        where = "no entry" if newest is None else f"entry {newest.number}: it does not"
        raise JournalError(f"{where} says which case this is: begin a new journal with the case file")
    return _case(newest, list(said.values()))


def _case(newest: Entry, said: list[Entry]) -> Case:
    about = {key: value for key, value in newest.body["case"].items() if key != "$schema" and value is not None}
    first = about.get("statements")
    first = first if isinstance(first, list) else []
    about["statements"] = [*first, *(dict(entry.body) for entry in said)]
    try:
        return Case.model_validate(about)
    except CaseError as error:
        told = [_placed(problem, newest, said, len(first)) for problem in error.problems]
        raise JournalError("the entries make no case:\n" + "\n".join(told)) from None


def _placed(problem: Problem, newest: Entry, said: list[Entry], first: int) -> str:
    """The problem with the number of the entry that it is in."""
    match problem.path:
        case ("statements", int(i), *rest) if i >= first:
            return f"entry {said[i - first].number}: {replace(problem, path=tuple(rest))}"
        case _:
            return f"entry {newest.number}: {problem}"


def plain(statement: Statement) -> dict[str, Any]:
    """A statement as an entry has it: as in a case file, every value as JSON has it.

    `statement(plain(s)) == s`. Raises InputError where what is said is too long to be read again.
    """
    found: dict[str, Any] = {}
    for key, field in Statement.model_fields.items():
        value = getattr(statement, key)
        if key in ("who", "says") or value != field.get_default():
            found[key] = _plain(value)
    return found


def statement(body: Mapping[str, Any]) -> Statement:
    """The statement that an entry's body makes. Raises CaseError."""
    return Statement.model_validate(dict(body))


def _plain(value: object) -> Any:
    match value:
        case Said():
            text = str(value)
            if len(text) > MAX_TEXT:
                raise InputError(f"a text of {len(text)} characters cannot be read again: {shown(text)}")
            return text
        case StrEnum():
            return str(value)
        case Fraction():
            return _number(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _number(value: Fraction) -> str:
    """A decimal where it is one exactly, else numerator and denominator."""
    power = next((k for k in range(MAX_DIGITS) if 10**k % value.denominator == 0), None)
    if power is None:
        return str(value)
    digits = str(value.numerator * 10**power // value.denominator)
    return print_number(Decimal((0, tuple(map(int, digits)), -power)))
