"""Tables for other programs: rows as CSV that carries no formula, and as an Arrow stream, which dataframes take.

A spreadsheet runs a cell that begins with = + - or @. An apostrophe before it makes it text; `csv_plain` takes
the apostrophe off again. Numbers of our own stay numbers.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from io import StringIO, TextIOWrapper
from itertools import islice
from os import PathLike
from typing import IO, Any, Generic, TypeVar, assert_never, get_args, get_type_hints
from unicodedata import category

from attendance.errors import InputError, QuestionError, shown
from attendance.formats.files import path_of, placed
from attendance.markup.diagram import TONES
from attendance.markup.html import Html, badge, element, section
from attendance.markup.html import table as html_table

SHOWN = 100
"""A notebook shows so many rows."""
Target = str | PathLike[str]
"""The path of a file that is to be written."""
Cell = str | bool | int | float | date | None
"""What stands in a table; a moment is a date too."""
R = TypeVar("R")

FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212")
"""What a formula begins with: the four signs, as they are, full-width and small, and the minus of mathematics."""
_PIECES = re.compile(r"(?<=[;\t\r\n])")  # after what parts cells too, for spreadsheets that take no comma for it
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Table(Generic[R]):
    """Rows of one type, a frozen dataclass of plain fields: `pandas.DataFrame(table.rows)`."""

    row: type[R]
    rows: tuple[R, ...]

    @property
    def table(self) -> "Table[R]":
        """Itself, as every answer with rows has a table."""
        return self

    def to_csv(self, path: Target | None = None) -> str | None:
        """The rows as CSV under their names, written to that file; without one, the text. Raises QuestionError."""
        if path is None:
            return csv_text(self.lines)
        write_csv(self.lines, path)
        return None

    @property
    def lines(self) -> Iterable[Sequence[Cell]]:
        """The rows under the names of their fields."""
        names = [*kinds_of(self.row)]
        yield names
        yield from ([getattr(row, name) for name in names] for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return True

    def _repr_html_(self) -> Html:
        """The first rows, as notebooks show them."""
        names, *rows = map(tuple, islice(self.lines, SHOWN + 1))
        more = len(self) - len(rows)
        cells = ([_seen(cell) for cell in row] for row in rows)
        return section(html_table([*map(str, names)], cells), element("p", f"and {more:,} more") if more > 0 else None)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows for whoever reads Arrow, their moments in UTC. Needs nanoarrow."""
        kinds = kinds_of(self.row)
        columns = {name: [getattr(row, name) for row in self.rows] for name in kinds}
        return arrow_stream(columns, requested_schema, kinds)


class Tabular(ABC, Generic[R]):
    """An answer that is a table: whoever has a `table` has its rows, as CSV and as Arrow data."""

    @property
    @abstractmethod
    def table(self) -> Table[R]:
        """The answer as a table."""

    @property
    def rows(self) -> tuple[R, ...]:
        """The answer as rows: frozen dataclasses of plain fields, as dataframes take them."""
        return self.table.rows

    def to_csv(self, path: Target | None = None) -> str | None:
        """The rows as CSV under their names, written to that file; without one, the text. Raises QuestionError."""
        return self.table.to_csv(path)

    def _repr_html_(self) -> Html:
        """The first rows, as notebooks show them."""
        return self.table._repr_html_()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows for whoever reads Arrow, as `pyarrow.table(answer)` does. Needs nanoarrow."""
        return self.table.__arrow_c_stream__(requested_schema)


def kinds_of(row: Any) -> dict[str, type]:
    """The fields of a type of rows, with the type of each; None may stand in any."""
    hints = get_type_hints(row)
    several = {f.name: get_args(hints[f.name]) or (hints[f.name],) for f in fields(row)}
    return {name: next(t for t in types if t is not type(None)) for name, types in several.items()}


def _seen(cell: Cell) -> Html | str:
    """A cell in a notebook: a verdict in its colour, what is empty as nothing."""
    match cell:
        case str() if tone := TONES.get(cell):
            return badge(cell, tone)
        case bool():
            return "yes" if cell else "no"
        case None:
            return ""
        case _:
            return str(cell)


# --- CSV ------------------------------------------------------------------------------------------


def put_csv(lines: Iterable[Sequence[Cell]], stream: IO[str]) -> None:
    """Write lines of cells as CSV."""
    for line in lines:
        stream.write((",".join(map(_written, line)) if list(line) != [""] else '""') + "\n")


def csv_text(lines: Iterable[Sequence[Cell]]) -> str:
    """Lines of cells as CSV."""
    stream = StringIO()
    put_csv(lines, stream)
    return stream.getvalue()


def write_csv(lines: Iterable[Sequence[Cell]], path: Target) -> None:
    """Write lines of cells to a file as CSV. Raises QuestionError where it cannot be, InputError."""
    file = path_of(path)
    try:
        with placed(file) as stream, TextIOWrapper(stream, encoding="utf-8", newline="") as text:
            put_csv(lines, text)
    except InputError as error:
        raise QuestionError(str(error)) from None


def csv_plain(cell: str) -> str:
    """The text that a cell of our CSV stands for: without the apostrophe that keeps it from being a formula.

    >>> csv_plain("'=1+1")
    '=1+1'
    """
    if not isinstance(cell, str):
        raise QuestionError(f"a cell of CSV is text, not {shown(cell)}")
    return "".join(p[1:] if p[:1] == "'" and _risky(p[1:]) else p for p in _PIECES.split(cell))


@lru_cache(maxsize=4096, typed=True)
def _written(cell: Cell) -> str:
    """A cell as it is written."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return repr(cell)
        case date():
            return cell.isoformat()
        case str():
            text = "".join(f"'{p}" if _risky(p) else p for p in _PIECES.split(cell))
            return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",;\t\r\n]|^\s|\s$', text) else text
        case _:
            assert_never(cell)


def _risky(text: str) -> bool:
    """Whether a spreadsheet may take this for a formula: it strips blanks and what nobody sees, and an apostrophe."""
    if text.lstrip("'")[:1] in ("\t", "\r", "\n"):
        return True
    first = next((c for c in text if c != "'" and category(c)[0] not in "ZCM"), "")
    return first in FORMULA


# --- Arrow ----------------------------------------------------------------------------------------


def arrow_stream(
    columns: Mapping[str, Sequence[Any]], requested: object = None, kinds: Mapping[str, type] | None = None
) -> object:
    """The columns, all equally long, as the capsule that `__arrow_c_stream__` is to give.

    Columns have these types; unless given, those of bool stay that, and all others are text. None is a null.
    Raises QuestionError without nanoarrow.
    """
    try:
        import nanoarrow as na
    except ImportError:
        raise QuestionError("Arrow tables need nanoarrow: pip install 'attendance[arrow]'") from None
    kinds = kinds or {name: bool if _is_bool(column) else str for name, column in columns.items()}
    of = {
        bool: na.bool_(),
        int: na.int64(),
        float: na.float64(),
        date: na.date32(),
        datetime: na.timestamp("us", timezone="UTC"),
        str: na.string(),
    }
    table = na.c_array_from_buffers(
        na.struct({name: of[kinds[name]] for name in columns}),
        length=len(next(iter(columns.values()), ())),
        buffers=[None],
        children=[na.c_array([*map(_plain, column)], of[kinds[name]]) for name, column in columns.items()],
    )
    stream: object = na.c_array_stream(table).__arrow_c_stream__(requested)
    return stream


def _is_bool(column: Sequence[object]) -> bool:
    return bool(column) and all(isinstance(value, bool) for value in column)


def _plain(value: Cell) -> Cell:
    """A value as Arrow stores it: days and microseconds are numbers."""
    match value:
        case str():
            return str(value)
        case datetime():
            return (value - _EPOCH) // timedelta(microseconds=1)
        case date():
            return value.toordinal() - _EPOCH.toordinal()
        case _:
            return value
