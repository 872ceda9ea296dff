"""Which scenarios are swept: all combinations, a range of them, a sample, or columns."""

from collections.abc import Iterable
from random import Random
from typing import Any

from attendance.engines.rows import Columns, Combinations, Rows
from attendance.errors import QuestionError
from attendance.model.outcome import Key
from attendance.model.values import parse_bool, shown
from attendance.questions.asking import Asked, several


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
    atoms = tuple(dict.fromkeys(asked.atoms([key])[0] for key in several(over or (), "over")))
    if rows is not None and sample is not None:
        raise QuestionError("either a range of `rows`, or a `sample`")
    if rows is not None:
        whole = 1 << len(atoms)
        if not isinstance(rows, range) or rows.step != 1 or not 0 <= rows.start <= rows.stop <= whole:
            raise QuestionError(f"`rows` is a range of numbers from 0 to {whole}, not {shown(rows)}")
        return atoms, Combinations(atoms, rows.start, len(rows))
    if sample is not None:
        if not isinstance(sample, int) or isinstance(sample, bool) or sample < 1:
            raise QuestionError(f"a sample is a number of scenarios above 0, not {shown(sample)}")
        draw = Random(seed)
        return atoms, Columns({a: draw.getrandbits(sample) for a in atoms}, sample)
    return atoms, None


def _columns(asked: Asked, columns: Any) -> tuple[tuple[int, ...], Columns]:
    """Columns of truth values as planes."""
    names = [*getattr(columns, "columns", columns)]
    found: dict[int, int] = {}
    sizes: dict[str, int] = {}
    for name in names:
        atom = asked.atoms([name])[0]
        if atom in found:
            raise QuestionError(f"there are two columns of {asked.key(atom)}")
        digits = "".join(_digit(value, str(name), row) for row, value in enumerate(columns[name]))
        found[atom], sizes[str(name)] = int(digits[::-1] or "0", 2), len(digits)
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} has {size}" for name, size in sizes.items())
        raise QuestionError(f"the columns are not equally long: {told}")
    return tuple(found), Columns(found, next(iter(sizes.values()), 0))


def _digit(value: Any, column: str, row: int) -> str:
    plain = value.item() if hasattr(value, "item") else value  # as numpy has them
    try:
        return "1" if parse_bool(bool(plain) if plain in (0, 1) else plain) else "0"
    except (ValueError, TypeError) as error:
        raise QuestionError(f"column {column}, row {row}: {error}") from None
