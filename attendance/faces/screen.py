"""What is printed: plain text that is complete in a pipe, and colour and tables on a terminal."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from unicodedata import combining, east_asian_width

STYLES = {"attends": "green", "held": "green", "absent": "red", "not held": "red", "undetermined": "yellow"}


@dataclass(frozen=True)
class Grid:
    """A table: a title, a head, and rows of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


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
        self.pieces += pieces

    def show(self) -> None:
        """Print everything: with colours on a terminal that has rich, as plain text elsewhere."""
        if not (sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and _show_rich(self.pieces)):
            for piece in self.pieces:
                sys.stdout.write(plain(piece) + "\n")
        sys.stdout.flush()


def plain(piece: Piece) -> str:
    """A piece as text without colours."""
    match piece:
        case Heading(text):
            return text
        case str():
            return piece
        case Grid(head, rows, title):
            lines = [head, *rows] if any(head) else list(rows)
            widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
            drawn = [
                "  ".join(_padded(cell, w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
            ]
            if any(head):
                drawn.insert(1, "  ".join("-" * w for w in widths))
            return "\n".join([*([title] if title else []), *drawn])


def width(text: str) -> int:
    """The columns that text takes in a terminal."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def style_of(cell: str) -> str:
    """The colour of a verdict, of text that begins with one; undetermined ones are told by `?` too."""
    if cell.startswith("?"):
        return "yellow"
    found = (style for word, style in STYLES.items() if cell == word or cell.startswith((f"{word} (", f"{word}:")))
    return next(found, "")


def _show_rich(pieces: Iterable[Piece]) -> bool:
    """Print with rich; False where it is not installed."""
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        return False
    console = Console(highlight=False, soft_wrap=False)

    def row(cells: Sequence[str]) -> list[Text]:
        return [Text(cell, style=style_of(cell)) for cell in cells]

    for piece in pieces:
        match piece:
            case Heading(text):
                console.print(Text(text, style="bold"))
            case str():
                console.print(Text(piece))
            case Grid(head, rows, title):
                table = Table(
                    title=Text(title) if title else None,
                    title_justify="left",
                    show_header=any(head),
                    header_style="bold",
                    box=None,
                    pad_edge=False,
                    padding=(0, 3, 0, 0),
                )
                for cell in head:
                    table.add_column(Text(cell))
                for cells in rows:
                    table.add_row(*row(cells))
                console.print(table)
    return True
