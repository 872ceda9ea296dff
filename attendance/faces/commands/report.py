"""`attendance report`: the what-if page, one HTML file."""

import sys
from pathlib import Path
from typing import Any

import click

from attendance.errors import QuestionError, visible
from attendance.faces.options import FILE, asking, opened, parts_of, without
from attendance.faces.page import page
from attendance.faces.screen import deliver
from attendance.markup import graphviz

SUFFIXES = (".html", ".htm")
"""What a page may be called."""


@click.command()
@FILE
@click.option(
    "-o", "--output", metavar="FILE", help="Write the page there; standard output if left out, but no terminal."
)
@click.option(
    "--reasons",
    metavar="N",
    type=click.IntRange(min=0),
    help="Explain up to so many verdicts; as many as the size of the case allows, if left out.",
)
@asking
def report(file: str, output: str | None, reasons: int | None, **options: Any) -> None:
    """One web page: verdicts, reasons, timeline, scenarios, and switches to ask what if.

    The page is one HTML file that asks nothing of the network. It is about the case as it stands, or in a --scenario;
    on it, anybody can be switched to come or to stay away, and any fact to be true or false.

    Example: attendance report seeds/istanbul-2025.yaml -o page.html
    """
    _refuse(output)
    text = page(opened(file), file="FILE" if file == "-" else file, reasons=reasons, **parts_of(options))
    if not graphviz.available():
        click.echo("attendance: a page without a picture; for one: pip install 'attendance[graph]'", err=True)
    deliver(text, output)


def _refuse(output: str | None) -> None:
    """Raises QuestionError where a page would go to a terminal unasked, or into a file of another kind."""
    if output is None and sys.stdout.isatty():
        raise QuestionError("a page is not for a terminal: say where to, as in -o page.html")
    if output is not None and output != "-" and Path(output).suffix.lower() not in SUFFIXES:
        raise QuestionError(f"{visible(output)}: a page is HTML: name it .html or .htm")


without(report, "as_json")  # the page has no other form
