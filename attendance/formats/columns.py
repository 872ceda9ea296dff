"""A case from columns: lists, or a dataframe of any library, with each distinct text parsed only once.

Whoever has a hundred thousand statements has them in columns, and need not make a value of each by hand.
Cells are read column by column; a row is put to validation only where one of its cells could not be read,
so that mistakes are told in the same words as everywhere.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from attendance.errors import CaseError, InputError, Problem, did_you_mean
from attendance.formats.frames import cells_of, headings_of
from attendance.model.bulk import collector_paused
from attendance.model.case import Case, Parts
from attendance.model.checking import problems
from attendance.model.conditions import Condition, Name, leaves
from attendance.model.draft import Draft, Path
from attendance.model.participants import Participant
from attendance.model.roster import named_in
from attendance.model.statements import Statement, number_rules, number_statements
from attendance.model.values import Value, shown

_CACHED = (str, date)  # exactly these: equal ones mean the same
_REQUIRED = {"statements": ("who", "says"), "participants": ("id",)}
_IN_COLUMNS = (("statements",), ("participants",))
_NAMING = ("id", "source", "of", "tags")
"""Columns that declare names: what a broken row has in them is not called unknown elsewhere."""


def from_columns(
    statements: Any,
    participants: Any = None,
    *,
    title: str = "",
    timezone: str = "UTC",
    gatherings: Any = (),
    groups: Any = None,
    facts: Any = (),
    rules: Any = (),
) -> Case:
    """The case whose statements, and participants if they are given, stand in columns.

    Columns are a mapping of keys to lists, or a dataframe; an empty cell (None, NaN) is left out.
    Without `participants` every name that is nothing else is one. Raises CaseError with all problems
    at once, each with its row, from 0, and its column.
    """
    others = {"title": title, "timezone": timezone, "gatherings": gatherings, "groups": groups, "facts": facts}
    others["rules"] = rules
    with collector_paused():
        found: list[Problem] = []
        parts = _parts(found, others)
        said = _Table("statements", Statement, statements, found)
        people = None if participants is None else _Table("participants", Participant, participants, found)
        draft = _draft(parts, said, people)
        if said.whole and (people is None or people.whole) and all(p.path[:1] in _IN_COLUMNS for p in found):
            found += problems(draft)
        if found:
            raise CaseError(found)
        return Case.checked(draft, parts.title)


def _draft(parts: Parts, said: "_Table", people: "_Table | None") -> Draft:
    numbered = number_statements([s for _, s in said.rows])
    return Draft(
        gatherings=[(("gatherings", g.id), g) for g in parts.gatherings],
        participants=people.rows if people else [(("participants", p.id), p) for p in _used(numbered, parts)],
        groups=[(("groups", g.id), g) for g in parts.groups],
        facts=[(("facts", f.id), f) for f in parts.facts],
        rules=[(("rules", i), r) for i, r in enumerate(number_rules(parts.rules))],
        statements=[(path, s) for (path, _), s in zip(said.rows, numbered, strict=True)],
        timezone=parts.timezone,
        broken=frozenset(said.broken | (people.broken if people else set())),
    )


def _parts(found: list[Problem], given: dict[str, Any]) -> Parts:
    """What is not in columns, each on its own; without what is wrong, which is noted."""
    try:
        return Parts(**given)
    except CaseError as error:
        found += error.problems
        wrong = {p.path[0] for p in error.problems if p.path}
        return Parts(**{key: value for key, value in given.items() if key not in wrong})


def _used(statements: Iterable[Statement], parts: Parts) -> list[Participant]:
    """Every name used that is nothing else, in the order of its first use."""
    other = {value.id for values in (parts.gatherings, parts.groups, parts.facts) for value in values}
    names = dict.fromkeys(name for s in statements for name, _ in named_in(s, ""))
    names.update(dict.fromkeys(_named(parts)))
    return [Participant.trusted({"id": name}) for name in names if name not in other]


def _named(parts: Parts) -> Iterator[str]:
    """Every name in rules, in what gatherings need and whom they invite, and in groups."""
    for rule in parts.rules:
        yield from _names(rule.rule)
    for gathering in parts.gatherings:
        yield from gathering.invited or ()
        yield from _names(gathering.held_if)
    for group in parts.groups:
        yield from group.members


def _names(condition: Condition | None) -> list[str]:
    return [] if condition is None else [leaf.name for leaf in leaves(condition) if isinstance(leaf, Name)]


class _Table:
    """The values that the rows of some columns make, each with its path."""

    def __init__(self, section: str, model: type[Value], table: Any, found: list[Problem]) -> None:
        self.section, self.model, self.found = section, model, found
        self.rows: list[tuple[Path, Any]] = []
        self.broken: set[str] = set()
        self.columns = dict(self._columns(table))
        self.whole = self._complete()  # whether these are columns, so that what is not in them is unknown
        if self.whole:
            self._read()

    # --- columns

    def _columns(self, table: Any) -> Iterator[tuple[str, list[Any]]]:
        """Each column with its cells; those that are none are noted."""
        known = list(self.model.model_fields)
        headings = headings_of(table)
        if headings is None:
            message = f"{self.section} are columns, as in {{{_REQUIRED[self.section][0]!r}: [...]}}, or a dataframe"
            raise InputError(f"{message}, not {shown(table)}")
        for name in dict.fromkeys(headings):
            if name not in known:
                hint = did_you_mean(str(name), known) or f"known are: {', '.join(known)}"
                self._wrong(f"unknown column {shown(name)}", str(name), hint)
            elif headings.count(name) > 1:
                self._wrong(f"the column {name!r} is there twice", name)
            elif (cells := cells_of(table[name])) is None:
                self._wrong(f"the column {name!r} is a list of cells, not {shown(table[name])}", name)
            else:
                yield name, cells

    def _complete(self) -> bool:
        """Whether the columns are all there and equally long; what is wrong with them is noted."""
        sizes = {name: len(cells) for name, cells in self.columns.items()}
        first = next(iter(sizes), "")
        for name, size in sizes.items():
            if size != sizes[first]:
                self._wrong(f"the column {name!r} has {_rows(size)}, and {first!r} has {_rows(sizes[first])}", name)
        told = {str(p.path[1]) for p in self.found if p.path[:1] == (self.section,) and len(p.path) == 2}
        for name in _REQUIRED[self.section]:
            if name not in sizes and name not in told:
                self.found.append(Problem(f"the column {name!r} is missing", (self.section,)))
        return not any(p.path[:1] == (self.section,) and len(p.path) < 3 for p in self.found)

    def _wrong(self, message: str, column: str, hint: str | None = None) -> None:
        self.found.append(Problem(message, (self.section, column), hint=hint))

    # --- rows

    def _read(self) -> None:
        unread: set[int] = set()
        read = {name: _parsed(cells, self.model.parsers[name], unread) for name, cells in self.columns.items()}
        required = _REQUIRED[self.section]
        for row, cells in enumerate(zip(*read.values(), strict=True)):
            fields = {name: cell for name, cell in zip(read, cells, strict=True) if cell is not None}
            if row not in unread and all(name in fields for name in required):
                self.rows.append(((self.section, row), self.model.trusted(fields)))
            else:
                self._validated(row)

    def _validated(self, row: int) -> None:
        """Has a row judged in which something could not be read."""
        data = {name: cell for name, cells in self.columns.items() if (cell := _cell(cells[row])) is not None}
        try:
            self.rows.append(((self.section, row), self.model.model_validate(data)))
        except CaseError as error:
            self.found += (replace(p, path=(self.section, row, *p.path)) for p in error.problems)
            for name in _NAMING:
                named = data.get(name)
                self.broken.update(n for n in (named if isinstance(named, list) else [named]) if isinstance(n, str))


def _parsed(cells: list[Any], parse: Callable[[Any], Any], unread: set[int]) -> list[Any]:
    """What each cell says, None for an empty one; the rows of those that cannot be read are noted."""
    known: dict[object, Any] = {}
    found: list[Any] = []
    for row, raw in enumerate(cells):
        cell = raw if type(raw) is str else _cell(raw)
        cached = type(cell) in _CACHED
        value = known.get(cell) if cached else None
        if value is None and cell is not None:
            try:
                value = parse(cell)
            except ValueError:
                unread.add(row)
            if cached:
                known[cell] = value
        found.append(value)
    return found


def _cell(cell: Any) -> Any:
    """A cell in Python's own types, None if it is empty: libraries have their own for texts, times and nothing."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(cell, float):
        return None if cell != cell else float(cell)
    if isinstance(cell, Decimal):
        return None if cell.is_nan() else cell
    if isinstance(cell, str):
        return str.__str__(cell)
    for convert in ("to_pydatetime", "tolist", "to_list"):
        if callable(own := getattr(cell, convert, None)):
            return _cell(own())
    if isinstance(cell, set | frozenset):
        return sorted(map(_cell, cell), key=str)
    return [_cell(item) for item in cell] if isinstance(cell, list | tuple) else cell


def _rows(size: int) -> str:
    return "1 row" if size == 1 else f"{size} rows"
