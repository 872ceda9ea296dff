"""Rows of scenarios as planes of what is varied: all combinations, some of them in order, or columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from attendance.engines.planes import pattern


@dataclass(frozen=True, slots=True)
class Combinations:
    """Every combination of values, counted up: the last atom runs fastest, and all are false in row 0.

    `first` is where a range of them begins, and `size` how many it has.
    """

    atoms: tuple[int, ...]
    first: int
    size: int

    def planes(self, start: int, width: int) -> dict[int, int]:
        """The planes of so many rows, from that one on."""
        last = len(self.atoms) - 1
        return {atom: digit(last - at, self.first + start, width) for at, atom in enumerate(self.atoms)}


@dataclass(frozen=True)
class Columns:
    """Rows one by one: a plane of all rows for each atom."""

    columns: Mapping[int, int]
    size: int

    @property
    def atoms(self) -> tuple[int, ...]:
        """What is varied."""
        return tuple(self.columns)

    def planes(self, start: int, width: int) -> dict[int, int]:
        """The planes of so many rows, from that one on."""
        if start == 0 and width == self.size:
            return dict(self.columns)
        first, last = start // 8, (start + width + 7) // 8
        found = {atom: int.from_bytes(marks[first:last], "little") for atom, marks in self._marks.items()}
        if start % 8 == width % 8 == 0:
            return found
        full = (1 << width) - 1
        return {atom: plane >> start % 8 & full for atom, plane in found.items()}

    @cached_property
    def _marks(self) -> dict[int, bytes]:
        """The planes with eight rows a byte: a piece is cut out of them without going through the rest."""
        return {atom: plane.to_bytes(self.size // 8 + 1, "little") for atom, plane in self.columns.items()}


Rows = Combinations | Columns


def combinations(atoms: tuple[int, ...]) -> Combinations:
    """Every combination of those atoms' values."""
    return Combinations(atoms, 0, 1 << len(atoms))


def digit(place: int, start: int, width: int) -> int:
    """The binary digit of that place in so many numbers, counted up from the start, as a plane."""
    run, full = 1 << place, (1 << width) - 1
    offset = start & 2 * run - 1
    if run < width:
        return pattern(place, (offset + width - 1).bit_length()) >> offset & full
    if offset < run:  # ones begin at `run`
        return full ^ (1 << min(width, run - offset)) - 1
    return (1 << min(width, 2 * run - offset)) - 1
