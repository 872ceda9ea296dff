"""What is printed: plain text that is complete in a pipe, and colour and tables on a terminal."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TextIO, assert_never
from unicodedata import category, east_asian_width

from attendance.faces.progress import clear

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from attendance.formats.tables import Cell, Tabular
    from attendance.formats.tables import Table as Told

    Rows = Tabular[Any] | Told[Any] | Literal[False]

STYLES = {"attends": "green", "held": "green", "absent": "red", "not held": "red"}
GAP = 2
"""Columns between two columns of a table."""
UNBOUNDED = 100_000
"""Columns of a screen that is none: nothing is folded."""
ROOM = 16
"""A column that is to be wrapped alone has at least this many columns."""
ONE_LINE = str.maketrans({"\n": " ", "\r": " ", "\t": " "})


@dataclass(frozen=True)
class Grid:
    """A table: a head, of empty texts for none, and rows of text.

    The columns `answers` hold verdicts; where the screen is narrow, the column `long` is wrapped.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    answers: frozenset[int] = frozenset()
    long: int = -1

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The rows, under the head if there is one."""
        return (self.head, *self.rows) if any(self.head) else self.rows

    @property
    def widths(self) -> list[int]:
        """The columns that each column of the table takes in a terminal."""
        return [max(map(width, column)) for column in zip(*self.lines, strict=True)]

    def columns(self, kept: Iterable[int]) -> "Grid":
        """The table with those columns only, in that order."""
        kept = list(kept)
        return Grid(
            tuple(self.head[i] for i in kept),
            tuple(tuple(row[i] for i in kept) for row in self.rows),
            frozenset(new for new, old in enumerate(kept) if old in self.answers),
        )


@dataclass(frozen=True)
class Heading:
    """A line that begins something."""

    text: str


Piece = Grid | Heading | str


@dataclass
class Screen:
    """Collects what is to be said and says it at once, so that an error leaves nothing half said."""

    pieces: list[Piece] = field(default_factory=list)

    def say(self, *pieces: Piece) -> None:
        """Have these said, when all is shown."""
        self.pieces += map(_in_line, pieces)

    def show(self) -> None:
        """Print everything: with colours on a terminal that has rich, as plain text elsewhere."""
        if not (styled() and _show_rich(self.pieces)):
            for piece in self.pieces:
                sys.stdout.write(plain(piece) + "\n")


def styled() -> bool:
    """Whether the answer has colours and is fitted to a screen: on a terminal, or where that is forced.

    NO_COLOR forbids colours in a pipe whatever else is said; on a terminal it leaves bold type.
    """
    if os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or (_forced() and not _colourless())


def _forced() -> bool:
    return any(os.environ.get(name, "") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))


def _colourless() -> bool:
    return bool(os.environ.get("NO_COLOR")) or (os.environ.get("CLICOLOR") == "0" and not _forced())


def plain(piece: Piece) -> str:
    """A piece as text without colours."""
    match piece:
        case Heading(text):
            return text
        case str():
            return piece
        case Grid() as grid:
            gap = " " * GAP
            drawn = [gap.join(map(padded, line, grid.widths)).rstrip() for line in grid.lines]
            if any(grid.head):
                drawn.insert(1, gap.join("-" * w for w in grid.widths))
            return "\n".join(drawn)
        case _:
            assert_never(piece)


def width(text: str) -> int:
    """The columns that text takes in a terminal."""
    return sum(0 if category(c) in ("Mn", "Me", "Cf") else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def style_of(cell: str) -> str:
    """The colour of a verdict; an undetermined one may be told by `?` alone."""
    if cell.startswith(("?", "undetermined")):
        return "yellow"
    return STYLES.get(cell, "")


def folded(grid: Grid, columns: int) -> Iterator[Grid]:
    """A table in parts that fit on a screen: its first column in each, then as many as there is room for."""
    first, *rest = grid.widths
    part, taken = [0], first
    for i, needed in enumerate(rest, 1):
        if len(part) > 1 and taken + GAP + needed > columns:
            yield grid.columns(part)
            part, taken = [0], first
        part.append(i)
        taken += GAP + needed
    yield grid.columns(part)


def breaks(widths: Sequence[int], columns: int | None) -> list[tuple[int, int]]:
    """Where a line of cells that wide is broken to fit on a screen, if it is one; what follows is indented."""
    cuts, start, taken = [], 0, 0
    for i, needed in enumerate(widths):
        if columns is not None and i > start and taken + needed > columns:
            cuts.append((start, i))
            start, taken = i, GAP
        taken += needed + GAP
    return [*cuts, (start, len(widths))]


def _in_line(piece: Piece) -> Piece:
    """A piece whose texts are a line each, whatever a name has in it."""
    match piece:
        case Heading(text):
            return Heading(text.translate(ONE_LINE))
        case str():
            return piece.translate(ONE_LINE)
        case Grid(head, rows, answers, long):
            lines = [tuple(cell.translate(ONE_LINE) for cell in line) for line in (head, *rows)]
            return Grid(lines[0], tuple(lines[1:]), answers, long)
        case _:
            assert_never(piece)


def padded(text: str, columns: int) -> str:
    """Text with blanks up to that many columns."""
    return text + " " * (columns - width(text))


# --- on a terminal --------------------------------------------------------------------------------


def _show_rich(pieces: Iterable[Piece]) -> bool:
    """Print with rich; False where it is not installed."""
    try:
        from rich.console import Console
        from rich.text import Text
    except ImportError:
        return False
    wide = None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal() else UNBOUNDED
    console = Console(
        highlight=False, markup=False, emoji=False, force_terminal=True, no_color=_colourless(), width=wide
    )
    for piece in pieces:
        match piece:
            case Heading(text):
                console.print(Text(text, style="bold", overflow="fold"))
            case str():
                _print_line(console, piece)
            case Grid() as grid:
                parts = folded(grid, console.width) if any(grid.head) else (grid,)
                for number, part in enumerate(parts):
                    if number:
                        console.print()
                    console.print(_table(part, console.width))
            case _:
                assert_never(piece)
    return True


def _print_line(console: "Console", line: str) -> None:
    """A line; what does not fit goes below its beginning, after its indent or its number."""
    from rich.text import Text

    indent = len(re.match(r" *(?:\d+\. )?", line)[0])  # type: ignore[index]
    lines = Text(line[indent:], overflow="fold").wrap(console, max(ROOM, console.width - indent))
    for number, text in enumerate(lines or [Text()]):
        console.print(Text(" " * indent if number else line[:indent]) + text)


def _table(grid: Grid, columns: int) -> "Table":
    """A table in which only the long column is wrapped, if there is room for the others."""
    from rich.table import Table
    from rich.text import Text

    long = grid.long % len(grid.head)
    others = sum(w + GAP for i, w in enumerate(grid.widths) if i != long)
    alone = any(grid.head) or columns - others >= ROOM
    table = Table(show_header=any(grid.head), header_style="bold", box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for i, cell in enumerate(grid.head):
        table.add_column(Text(cell), overflow="fold", no_wrap=alone and i != long)
    for row in grid.rows:
        table.add_row(*(Text(cell, style=style_of(cell) if i in grid.answers else "") for i, cell in enumerate(row)))
    return table


# --- standard output ------------------------------------------------------------------------------


def answer(as_json: bool, found: object, view: Callable[[], Any], table: "Rows" = False) -> None:
    """Print an answer as JSON, as the rows of a table where one is given, or the pieces of its view."""
    if table is not False:
        print_csv(table.table.lines)
        for beside in (*getattr(table, "warnings", ()), *filter(None, [getattr(table, "reason", None)])):
            remark(beside)
        return
    if as_json:
        ascii_only = not sys.stdout.encoding.lower().startswith("utf")
        put(lambda: sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=ascii_only) + "\n"))
        return
    screen = Screen()
    screen.say(*view())
    put(screen.show)


def print_csv(lines: "Iterable[Sequence[Cell]]") -> None:
    """Print lines of cells as CSV: in UTF-8, whatever the terminal is."""
    from attendance.formats.tables import csv_text

    put(lambda: [sys.stdout.buffer.write(csv_text([line]).encode()) for line in lines])


def put(write: Callable[[], object]) -> None:
    """Have something written; where nobody reads it any more, end quietly."""
    clear()
    with unread():
        write()
        sys.stdout.flush()


def deliver(content: str | bytes, output: str | None = None) -> None:
    """Write a document to that file; to standard output where none is named, or `-`. It is UTF-8, whatever that is."""
    if output is not None and output != "-":
        from attendance.formats.files import save

        save(output, content)
        return
    put(lambda: sys.stdout.buffer.write(content.encode() if isinstance(content, str) else content))


def remark(text: str) -> None:
    """Say something beside the answer, on standard error."""
    complain(lambda: sys.stderr.write(f"attendance: {text}\n"))


@contextmanager
def unread() -> Iterator[None]:
    """Where nobody reads what is printed any more, end quietly."""
    try:
        yield
    except BrokenPipeError:
        drop_output()
        sys.exit(0)


def complain(say: Callable[[], object]) -> None:
    """Have something said on standard error, if anybody hears it."""
    if sys.stderr is None:  # it was closed, and nothing of this is for standard output
        return
    try:
        say()
    except OSError:
        drop_output(sys.stderr)


def drop_output(stream: TextIO | None = None) -> None:
    """Let what is still to be written go nowhere, so that the end of the program does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())
