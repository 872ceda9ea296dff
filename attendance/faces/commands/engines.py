"""`attendance engines`: the engines there are, and which one answers for what in a case."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import click

from attendance.engines import ENGINES, Row
from attendance.faces import completing
from attendance.faces.commands.needs import headline, joined
from attendance.faces.options import asking, opened, parts_of
from attendance.faces.screen import Grid, Piece, answer
from attendance.model.case import Case
from attendance.questions.engines import Choice, engine_choices


@click.command()
@click.argument("file", required=False, shell_complete=completing.case_files)
@asking
def engines(file: str | None, **options: Any) -> None:
    """The engines there are; with a FILE, which one answers for what, and why.

    Example: attendance engines seeds/bali-2022.yaml
    """
    as_json = options["as_json"]
    if file is None:
        rows = [
            {"name": row.name, "offers": row.offers, "needs": row.needs, "installed": installed(row)} for row in ENGINES
        ]
        head = ("engine", "installed", "offers", "needs")
        answer(as_json, rows, lambda: (Grid(head, tuple(map(_line, ENGINES)), long=2),))
        return
    case, parts = opened(file), parts_of(options)
    found = engine_choices(case, **parts)
    answer(as_json, [choice.to_dict() for choice in found], lambda: view(case, parts.get("scenario"), found))


def installed(row: Row) -> bool:
    """Whether what an engine needs is there; it is not loaded for that."""
    return row.module is None or find_spec(row.module) is not None


def _line(row: Row) -> tuple[str, str, str, str]:
    return row.name, "yes" if installed(row) else "no", row.offers, row.needs


def view(case: Case, scenario: str | None, found: tuple[Choice, ...]) -> Iterator[Piece]:
    """For each engine whom it answered for, and why."""
    yield headline(case, scenario, "who is answered for by which engine")
    rows = tuple((choice.engine, joined(choice.names), choice.reason) for choice in found)
    yield Grid(("engine", "for", "why"), rows, long=1)
