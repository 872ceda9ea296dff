"""`attendance outcomes`: who could be there together."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from attendance.errors import QuestionError
from attendance.faces.options import CSV, FILE, asking, opened, parts_of
from attendance.faces.screen import Heading, Piece, answer, remark
from attendance.model.outcome import Outcome
from attendance.questions import outcomes as question
from attendance.questions.tables import table

VAST = 10**15
"""From this number on only its first digits are shown; JSON has all."""


@click.command()
@FILE
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="How many to list.")
@click.option("--order", type=click.Choice(["fewest", "most"]), help="Those with fewest, or most, attending first.")
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@asking
@CSV
def outcomes(file: str, limit: int, order: str | None, only_count: bool, **options: Any) -> None:
    """Every outcome: who could be there together.

    In an outcome nobody breaks their word, and nobody would change their mind.

    Example: attendance outcomes seeds/istanbul-2025.yaml --scenario mutual-loop
    """
    if only_count and options["as_csv"]:
        raise QuestionError("--count is one number, and no table: leave --csv out")
    case, parts = opened(file), parts_of(options)
    number = question.count(case, **parts)
    listed = [] if only_count else list(question.outcomes(case, limit=limit, order=order, **parts))  # type: ignore[arg-type]
    found = {"count": number, "outcomes": [o.to_dict() for o in listed]}
    sys.set_int_max_str_digits(0)  # many silent people make a long number
    answer(options["as_json"], found, lambda: outcomes_view(number, listed), table=options["as_csv"] and table(listed))
    if options["as_csv"] and len(listed) < number:
        remark(f"these are {len(listed):,} of {_counted(number)} outcomes: --limit N lists more")


def outcomes_view(number: int, found: Sequence[Outcome]) -> Iterator[Piece]:
    """Outcomes a line each, under their number."""
    yield Heading("1 outcome" if number == 1 else f"{_counted(number)} outcomes")
    yield from (f"{i}. {outcome}" for i, outcome in enumerate(found, 1))
    if 0 < len(found) < number:
        yield f"... and {_counted(number - len(found))} more"
    if number == 0:
        yield "The statements cannot all be kept: `attendance resolve` says which ones clash."


def _counted(number: int) -> str:
    if number < VAST:
        return f"{number:,}"
    digits = str(number)
    return f"about {digits[0]}.{digits[1:3]} * 10^{len(digits) - 1}"
