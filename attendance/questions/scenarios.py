"""Which scenarios are swept: all combinations, a range of them, a sample, or columns."""

from collections.abc import Iterable
from operator import index
from random import Random
from typing import Any

from attendance.engines.planes import plane_of
from attendance.engines.rows import Columns, Combinations, Rows
from attendance.errors import QuestionError
from attendance.formats.frames import cells_of, headings_of
from attendance.model.outcome import Key, Verdict
from attendance.model.values import parse_bool, shown
from attendance.questions.asking import Asked, several

MOST = 100_000_000
"""The most scenarios of a sample."""


def scenarios(
    asked: Asked, over: Iterable[Key] | Key | None, columns: Any, rows: range | None, sample: int | None, seed: int
) -> tuple[tuple[int, ...], Rows | None]:
    """What is varied, and in which scenarios; None for all combinations."""
    if (over is None) == (columns is None):
        raise QuestionError("say what is varied: either over=[...], names, or columns={...}, a column for each name")
    if columns is not None:
        if rows is not None or sample is not None:
            raise QuestionError("`columns` are rows already: `rows` and `sample` are for `over`")
        return _columns(asked, columns)
    names = several(() if over is None else over, "over")
    atoms = tuple(dict.fromkeys(atom for name in names for atom in asked.meant(name)))
    if rows is not None and sample is not None:
        raise QuestionError("either a range of `rows`, or a `sample`")
    if rows is not None:
        whole = 1 << len(atoms)
        if not isinstance(rows, range) or rows.step != 1 or not 0 <= rows.start <= rows.stop <= whole:
            raise QuestionError(
                f"`rows` is a range of numbers from 0 to {whole}, one after the other, not {shown(rows)}"
            )
        return atoms, Combinations(atoms, rows.start, len(rows))
    if sample is not None:
        number, begin = _whole(sample), _whole(seed)
        if number is None or not 0 < number <= MOST:
            raise QuestionError(f"a sample is a number of scenarios from 1 to {MOST:,}, not {shown(sample)}")
        if begin is None:
            raise QuestionError(f"a seed is a whole number, not {shown(seed)}")
        draw = Random(begin)
        return atoms, Columns({a: draw.getrandbits(number) for a in atoms}, number)
    return atoms, None


def _columns(asked: Asked, columns: Any) -> tuple[tuple[int, ...], Columns]:
    """Columns of truth values as planes."""
    names = headings_of(columns)
    if names is None:
        raise QuestionError(f"`columns` are a column for each name, or a dataframe, not {shown(columns)}")
    found: dict[int, int] = {}
    sizes: dict[str, int] = {}
    for name in names:
        atom = asked.atom(name)
        if atom in found or names.count(name) > 1:
            raise QuestionError(f"there are two columns of {asked.key(atom)}")
        cells = cells_of(columns[name])
        if cells is None:
            raise QuestionError(f"column {name} is a list of yes and no, not {shown(columns[name])}")
        found[atom] = plane_of(_is_yes(cell, str(name), row) for row, cell in enumerate(cells))
        sizes[str(name)] = len(cells)
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} has {size}" for name, size in sizes.items())
        raise QuestionError(f"the columns are not equally long: {told}")
    return tuple(found), Columns(found, next(iter(sizes.values()), 0))


def _is_yes(cell: Any, column: str, row: int) -> bool:
    value = cell.item() if hasattr(cell, "item") else cell  # as numpy has them
    try:
        if value in (Verdict.ATTENDS, Verdict.ABSENT):  # as another sweep tells it
            return bool(value == Verdict.ATTENDS)
        return bool(value) if isinstance(value, int) and value in (0, 1) else parse_bool(value)
    except ValueError as error:
        raise QuestionError(f"column {column}, row {row}: {error}") from None


def _whole(number: Any) -> int | None:
    """A whole number, numpy's too; None of what is none."""
    try:
        return None if isinstance(number, bool) else index(number)
    except TypeError:
        return None
