"""`attendance report`: the what-if page, one HTML file."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from attendance.errors import QuestionError, visible
from attendance.faces.options import FILE, asking, opened, parts_of, without
from attendance.faces.page import page
from attendance.faces.screen import put
from attendance.markup import graphviz


@click.command()
@FILE
@click.option("-o", "--output", metavar="FILE", default="-", help="Write it to this file; standard output if left out.")
@click.option(
    "--reasons",
    metavar="N",
    type=click.IntRange(min=0),
    help="Explain up to so many verdicts; left out, as many as the size of the case allows.",
)
@asking
def report(file: str, output: str, reasons: int | None, **options: Any) -> None:
    """One web page: verdicts, reasons, timeline, scenarios, and switches to ask what if.

    The page is one HTML file that asks nothing of the network. It is of the case as it stands, or of a --scenario.

    Example: attendance report seeds/istanbul-2025.yaml -o page.html
    """
    text = page(opened(file), file="FILE" if file == "-" else file, reasons=reasons, **parts_of(options))
    if not graphviz.available():
        click.echo("attendance: no picture without Graphviz: pip install 'attendance[graph]'", err=True)
    if output == "-":
        put(lambda: sys.stdout.buffer.write(text.encode()))  # a page is UTF-8, whatever the terminal is
    else:
        written(Path(output), text)


without(report, "as_json")  # the page has no other form


def written(file: Path, text: str) -> None:
    """Write a file: beside, and then moved into place. Raises QuestionError where that cannot be."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(file)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)
        raise QuestionError(f"cannot write {visible(str(file))}: {getattr(error, 'strerror', None) or error}") from None
