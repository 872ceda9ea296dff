"""`attendance invite`: whom to invite, so that every guest comes."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from attendance.errors import QuestionError
from attendance.faces import completing
from attendance.faces.commands.needs import called, headline, priced
from attendance.faces.options import CSV, FILE, asking, opened, parts_of
from attendance.faces.screen import Piece, answer
from attendance.model.case import Case
from attendance.questions import invitations as question
from attendance.questions.invitations import Exclusion, Invitation, exactly
from attendance.questions.speech import listed

MANY = 100
"""Up to this many guests are listed; JSON has all."""


@click.command()
@FILE
@click.option(
    "--stability",
    type=click.Choice(["none", "addition", "replacement"]),
    default="none",
    show_default=True,
    help="Who must not regret to be left out.",
)
@click.option(
    "--goal",
    metavar="CONDITION",
    shell_complete=completing.conditions,
    help="What is to hold besides, as in 'talks is held'.",
)
@click.option("--must", metavar="NAME", shell_complete=completing.NAMES, multiple=True, help="Who is to be invited.")
@click.option(
    "--forbid", metavar="NAME", shell_complete=completing.NAMES, multiple=True, help="Who is not to be invited."
)
@click.option(
    "--capacity", metavar="N", type=click.IntRange(min=0), help="At most so many, at all gatherings together."
)
@click.option("--fewest", metavar="N", type=click.IntRange(min=0), help="At least so many are invited.")
@click.option(
    "--weight",
    metavar="NAME",
    shell_complete=completing.WEIGHTS,
    help="The heaviest, by that weight, and not the largest.",
)
@click.option(
    "--cost",
    metavar="NAME=NUMBER",
    shell_complete=completing.valued,
    multiple=True,
    help="What it costs; 1, if left out. The cheapest.",
)
@click.option(
    "--why-not", metavar="NAME", shell_complete=completing.NAMES, multiple=True, help="Why somebody is not invited."
)
@asking
@CSV
def invite(file: str, stability: Any, why_not: tuple[str, ...], **options: Any) -> None:
    """Whom to invite, so that every guest comes.

    The largest invitation in which everybody's conditions hold when just those invited come. With
    --stability addition, nobody is left out who would come too; with replacement, nobody who would
    come in the place of a guest. Exit status 1 where there is none, with the reason.

    Example: attendance invite seeds/istanbul-2025.yaml --stability addition
    """
    if why_not and options["as_csv"]:
        raise QuestionError("--why-not is answered in a sentence: leave --csv out")
    if len(why_not) > 1:
        raise QuestionError("--why-not is asked of one at a time")
    case, costs = opened(file), priced(options["cost"])
    asked = {name: options[name] for name in ("goal", "must", "forbid", "capacity", "fewest", "weight")}
    found = question.invitations(case, stability=stability, costs=costs or None, **asked, **parts_of(options))
    about = found.why_not(why_not[0], time_limit=options["time_limit"]) if why_not else None
    told = found.to_dict() if about is None else about.to_dict()
    answer(
        options["as_json"],
        told,
        lambda: view(case, options["scenario"], found, about),
        table=options["as_csv"] and found,
    )
    if not (found if about is None else about.invited):
        sys.exit(1)


def view(case: Case, scenario: str | None, found: Invitation, about: Exclusion | None) -> Iterator[Piece]:
    """The guests, one a line, or why there is none; or why somebody is not among them."""
    sort = "" if found.stability == "none" else f", stable by {found.stability}"
    yield headline(case, scenario, f"whom to invite{sort}")
    if about is not None:
        yield from _told(about.text, about.reasons, about.unknown)
    elif found.reason is not None:
        yield from _told(found.reason, found.reasons, found.unknown)
    else:
        yield _summed(found)
        yield from (called(case, guest) for guest in found.attendances[:MANY])
        if found.size > MANY:
            yield f"... and {found.size - MANY} more"


def _told(text: str, reasons: Sequence[str], unknown: Sequence[str]) -> Iterator[str]:
    """Why there is none: several reasons a line each, and what could be supposed."""
    if len(reasons) > 1:
        yield f"{text.partition(':')[0]}. These cannot all be met:"
        yield from (f"- {reason}" for reason in reasons)
    else:
        yield text.partition(" Unknown: ")[0]
    if unknown:
        yield f"Unknown is {listed(unknown, len(unknown))}: suppose it, with --assume."


def _summed(found: Invitation) -> str:
    """How many are invited, and what they weigh or cost."""
    if not found.size:
        return "Nobody: the largest invitation is empty." if found.measure == "number" else "Nobody."
    people = "1 guest" if found.size == 1 else f"{found.size:,} guests"
    match found.measure:
        case "number":
            return f"{people}:"
        case "cost":
            return f"{people}, at a cost of {exactly(found.value)}:"
        case weight:
            return f"{people}, with {exactly(found.value)} {weight}:"
