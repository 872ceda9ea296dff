"""`attendance compare`: what differs between two scenarios."""

from collections.abc import Iterator
from typing import Any

import click

from attendance.errors import QuestionError
from attendance.faces import completing
from attendance.faces.commands.why import reasons
from attendance.faces.options import CSV, FILE, asking, opened, parts_of
from attendance.faces.screen import Heading, Piece, answer
from attendance.faces.words import display, where
from attendance.model.case import Case
from attendance.questions import compare as question
from attendance.questions.compare import Comparison


@click.command()
@FILE
@click.argument("before", shell_complete=completing.SCENARIOS)
@click.argument("after", shell_complete=completing.SCENARIOS)
@asking
@CSV
def compare(file: str, before: str, after: str, **options: Any) -> None:
    """What differs between two scenarios, and why.

    BEFORE and AFTER are scenarios of the file; '' is the case as it stands.

    Example: attendance compare seeds/istanbul-2025.yaml '' putin-comes
    """
    case, parts = opened(file), parts_of(options)
    if parts.pop("scenario") is not None:
        raise QuestionError("compare takes two scenarios as arguments: leave --scenario out")
    found = question.compare(case, before, after, reasons=True, **parts)
    answer(options["as_json"], found.to_dict(), lambda: comparison_view(case, found), table=options["as_csv"] and found)


def comparison_view(case: Case, found: Comparison) -> Iterator[Piece]:
    """What differs, with the reason for what is so now."""
    before, after = (r.scenario or "as it stands" for r in (found.before, found.after))
    yield Heading(f"{case.title or 'The case'}: {before} -> {after}")
    if not found.changes and not found.gatherings:
        yield "Nothing differs."
    for change in found.changes:
        yield ""
        yield f"{display(case, change.attendance)}{where(case, change.attendance)}: {change}"
        assert change.why is not None, "every scenario of a file counts the same people"
        yield from (f"  {line}" for line in reasons(change.why))
    for name, was, now in found.gatherings:
        yield ""
        yield f"{case.roster.gatherings[name].name or name}: {was} -> {now}"
