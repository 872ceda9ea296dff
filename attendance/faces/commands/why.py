"""`attendance why`: the reasons for a verdict."""

from collections.abc import Iterator
from typing import Any

import click

from attendance.faces import completing
from attendance.faces.options import FILE, asking, opened, parts_of
from attendance.faces.screen import Heading, Piece, answer
from attendance.questions import why as question
from attendance.questions.why import Explanation
from attendance.questions.why_not import why_not


@click.command()
@FILE
@click.argument("who", shell_complete=completing.PEOPLE)
@click.option("--not", "is_not", is_flag=True, help="What keeps them away, and what would bring them.")
@asking
def why(file: str, who: str, is_not: bool, **options: Any) -> None:
    """Why somebody attends, is absent, or is undetermined.

    WHO is a participant, or 'zelensky at ankara'.

    Example: attendance why seeds/istanbul-2025.yaml zelensky
    """
    ask = why_not if is_not else question.why
    found = ask(opened(file), who, **parts_of(options))
    answer(options["as_json"], found.to_dict(), lambda: explanation_view(found))


def explanation_view(found: Explanation) -> Iterator[Piece]:
    """An explanation, its headline first."""
    yield Heading(found.headline)
    yield from reasons(found)


def reasons(found: Explanation) -> Iterator[str]:
    """Its steps, numbered, and its notes."""
    yield from (f"{i}. {step.text}" for i, step in enumerate(found.steps, 1))
    yield from found.notes
