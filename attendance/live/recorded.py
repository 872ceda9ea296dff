"""The case that a journal's entries make, and statements as entries have them."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from attendance.errors import CaseError, InputError, JournalError, Problem
from attendance.live.entries import Entry
from attendance.model.case import Case
from attendance.model.printing import print_number
from attendance.model.references import References
from attendance.model.sayings import Said
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement, number_statements
from attendance.model.values import Value, shown
from attendance.model.words import MAX_DIGITS, MAX_TEXT

V = TypeVar("V", bound=Value)


def recorded(entries: Iterable[Entry]) -> Case:
    """The case of the "case" entry, with every statement that was said and not withdrawn, in order.

    Raises JournalError where the entries make no case; it names the entry that does not fit.
    """
    entries = list(entries)
    cases = [entry for entry in entries if entry.kind == "case"]
    if not cases:
        raise JournalError("no entry says which case this is: begin a new journal with the case file")
    if len(cases) > 1:
        raise JournalError(f"entry {cases[1].number} is a second case: entry {cases[0].number} is one already")
    base = _made(cases[0], Case, cases[0].body.get("case"))
    made = told(base, entries)
    try:
        return base if made is base else Case(**{key: getattr(made, key) for key in Case.model_fields})
    except CaseError as error:
        raise JournalError(f"the entries make no case: {error}") from None


def told(base: Case, entries: Iterable[Entry]) -> Case:
    """The case with all that the entries say, and without what they withdraw. Raises JournalError."""
    said, withdrawn, named = list(base.statements), dict[str, None](), list[tuple[int, str, object]]()
    for entry in entries:
        match entry.kind:
            case "say":
                said.append(statement := _made(entry, Statement, entry.body))
                named += ((entry.number, "ends", name) for name in statement.supersedes)
            case "withdraw":
                named.append((entry.number, "withdraws", entry.body.get("id")))
                withdrawn[str(entry.body.get("id"))] = None
            case "case" | "tick":
                pass
            case kind:
                message = f"entry {entry.number} is of a kind that is not known here, {shown(kind)}"
                raise JournalError(f"{message}: use a newer version of attendance")
    ids = {str(s.id) for s in said}
    for number, does, name in named:
        if not isinstance(name, str) or name not in ids:
            what = "something without an id" if name is None else shown(name)
            raise JournalError(f"entry {number} {does} {what}, which nobody said")
    return settled(base, said, withdrawn)


def unfitting(base: Case, entry: Entry) -> str:
    """Why an entry is none about the case."""
    try:
        body = {key: value for key, value in entry.body.items() if key != "supersedes"}
        made = told(base, [Entry(entry.number, entry.kind, body)])
        Case(**{key: getattr(made, key) for key in Case.model_fields})
    except (CaseError, JournalError) as error:
        return str(error)
    return "it does not fit the entries before it"


def _made(entry: Entry, kind: type[V], body: object) -> V:
    """What an entry holds, as a value."""
    try:
        if not isinstance(body, Mapping):
            raise CaseError([Problem("expected keys and values")])
        return kind.model_validate({key: v for key, v in body.items() if key != "$schema" and v is not None})
    except CaseError as error:
        raise JournalError(f"entry {entry.number} makes no {kind.__name__.lower()}: {error}") from None


def settled(base: Case, said: Sequence[Statement], withdrawn: Container[object]) -> Case:
    """The case with all that was said and not withdrawn; nothing in it names a statement or source that is not there.

    Once anything was said or withdrawn, the answers that the case expected are those to another case.
    """
    statements = [s for s in said if s.id not in withdrawn]
    if tuple(statements) == base.statements:
        return base
    ids = {str(s.id) for s in statements}
    taken = {str(s.id) for s in said} | {str(r.id) for r in base.rules}
    added = {s.id: _numbered(s.add, statements, said, taken) for s in base.scenarios}
    sources = {s.source for s in (*statements, *(s for several in added.values() for s in several))}
    scenarios = tuple(
        s.model_copy(
            update={
                "add": tuple(_without(a, ids | {str(other.id) for other in added[s.id]}) for a in added[s.id]),
                "withdraw": tuple(name for name in s.withdraw if name in taken and name not in withdrawn),
                "believe": None if s.believe is None else tuple(name for name in s.believe if name in sources),
                "disbelieve": tuple(name for name in s.disbelieve if name in sources),
            }
        )
        for s in base.scenarios
    )
    made = base.standing([_without(s, ids) for s in statements], scenarios=scenarios, expect=())
    references = References(made.draft, made.roster)
    return made.standing(made.statements, scenarios=tuple(_possible(references, s) for s in made.scenarios))


def _possible(references: References, scenario: Scenario) -> Scenario:
    """A scenario that assumes nothing of whom nobody invites any more."""
    gone = {problem.path[-1] for problem in references.assumed((), scenario)}
    return scenario.model_copy(update={"assume": tuple(pair for pair in scenario.assume if pair[0] not in gone)})


def _numbered(
    added: Sequence[Statement], kept: Sequence[Statement], said: Sequence[Statement], taken: Container[str]
) -> tuple[Statement, ...]:
    """What a scenario adds; with ids of its own where those that it would be given are, or were, another's."""
    if not any(s.id in taken for s in number_statements(added, before=kept)):
        return tuple(added)
    numbered = number_statements(added, before=said)
    return tuple(s if s.id not in taken else s.model_copy(update={"id": f"{s.id}.added"}) for s in numbered)


def _without(statement: Statement, ids: Container[str]) -> Statement:
    """A statement that ends only those that are there."""
    kept = tuple(name for name in statement.supersedes if name in ids)
    return statement if kept == statement.supersedes else statement.model_copy(update={"supersedes": kept})


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
