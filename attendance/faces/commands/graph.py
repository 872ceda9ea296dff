"""`attendance graph`: who depends on whom, and other answers, as pictures."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from attendance.errors import QuestionError, visible
from attendance.faces import completing
from attendance.faces.options import FILE, asking, opened, parts_of
from attendance.faces.screen import answer, deliver
from attendance.markup.pictured import Pictured
from attendance.questions import graph as question
from attendance.questions import timeline as replay
from attendance.questions import why as reason

FORMATS = ("mermaid", "dot", "svg", "png", "words")
SUFFIXES = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg", ".png": "png"}
"""The format of a file, by its suffix."""
FORMATS_OF: Mapping[str, Callable[[Pictured], str | bytes]] = {
    "mermaid": Pictured.mermaid,
    "dot": Pictured.dot,
    "svg": Pictured.svg,
    "png": Pictured.png,
    "words": lambda found: f"{found}\n",
}


@click.command()
@FILE
@click.option(
    "--why", metavar="WHO", shell_complete=completing.PEOPLE, help="Draw the reasons for somebody's verdict instead."
)
@click.option("--timeline", is_flag=True, help="Draw the case moment by moment instead.")
@click.option("--format", type=click.Choice(FORMATS), help="Mermaid text, unless the file's suffix says otherwise.")
@click.option("-o", "--output", metavar="FILE", help="Write the picture there: .mmd, .dot, .svg or .png.")
@asking
def graph(file: str, why: str | None, timeline: bool, format: str | None, output: str | None, **options: Any) -> None:
    """Who depends on whom, as a picture.

    An arrow goes from whoever is named in a condition to whom it is about: + for, - against. Circles are drawn bold.

    Example: attendance graph seeds/istanbul-2025.yaml --format words
    """
    if why is not None and timeline:
        raise QuestionError("--why and --timeline are two pictures: ask for one")
    kind = _format(format, output)
    case, parts = opened(file), parts_of(options)
    found: Any
    if why is not None:
        found = reason.why(case, why, **parts)
    else:
        found = replay.timeline(case, **parts) if timeline else question.graph(case, **parts)
    if options["as_json"]:
        answer(True, found.to_dict(), lambda: ())
        return
    drawn = FORMATS_OF[kind](found)
    deliver(drawn, output)


def _format(format: str | None, output: str | None) -> str:
    """What is to be drawn. Raises QuestionError where nobody said, or a PNG would go to a terminal."""
    if output is None or output == "-":
        if format == "png" and sys.stdout.isatty():
            raise QuestionError("a PNG is not for a terminal: say where to, as in -o picture.png")
        return format or "mermaid"
    found = format or SUFFIXES.get(Path(output).suffix.lower())
    if found is None:
        raise QuestionError(f"{visible(output)}: name it .mmd, .dot, .svg or .png, or say the --format")
    return found
