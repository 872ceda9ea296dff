"""Tables for other programs: columns as an Arrow stream, which dataframes take as it is; lines as CSV."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO, TextIOWrapper
from os import PathLike
from typing import IO

from attendance.errors import InputError, QuestionError
from attendance.formats.files import path_of, placed

Target = str | PathLike[str]
"""The path of a file that is to be written."""


def put_csv(lines: Iterable[Sequence[str]], stream: IO[str]) -> None:
    """Write lines of cells as CSV; what a spreadsheet would take for a formula gets a ' before it."""
    csv.writer(stream, lineterminator="\n").writerows([*map(_no_formula, line)] for line in lines)


def csv_text(lines: Iterable[Sequence[str]]) -> str:
    """Lines of cells as CSV."""
    stream = StringIO()
    put_csv(lines, stream)
    return stream.getvalue()


def write_csv(lines: Iterable[Sequence[str]], path: Target) -> None:
    """Write lines of cells to a file as CSV. Raises QuestionError where it cannot be, InputError."""
    file = path_of(path)
    try:
        with placed(file) as stream, TextIOWrapper(stream, encoding="utf-8", newline="") as text:
            put_csv(lines, text)
    except InputError as error:
        raise QuestionError(str(error)) from None


def arrow_stream(columns: Mapping[str, Sequence[bool | str | None]], requested: object = None) -> object:
    """The columns, all equally long, as the capsule that `__arrow_c_stream__` is to give.

    Columns of bool stay that; all others are text, None a null. Raises QuestionError without nanoarrow.
    """
    try:
        import nanoarrow as na
    except ImportError:
        raise QuestionError("Arrow tables need nanoarrow: pip install 'attendance[arrow]'") from None
    kinds = {name: na.bool_() if _is_bool(column) else na.string() for name, column in columns.items()}
    table = na.c_array_from_buffers(
        na.struct(kinds),
        length=len(next(iter(columns.values()), ())),
        buffers=[None],
        children=[na.c_array([*map(_plain, column)], kinds[name]) for name, column in columns.items()],
    )
    stream: object = na.c_array_stream(table).__arrow_c_stream__(requested)
    return stream


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _is_bool(column: Sequence[object]) -> bool:
    return bool(column) and all(isinstance(value, bool) for value in column)


def _plain(value: bool | str | None) -> bool | str | None:
    return str(value) if isinstance(value, str) else value
