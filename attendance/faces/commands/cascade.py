"""`attendance cascade`: how a crowd gathers, round by round."""

from collections.abc import Iterable, Iterator
from typing import Any

import click

from attendance.faces import completing
from attendance.faces.commands.always import MANY, outcome_view, person
from attendance.faces.options import CSV, FILE, asking, opened, parts_of, without
from attendance.faces.screen import Heading, Piece, answer
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.questions import cascade as question
from attendance.questions.cascade import Cascade, Round
from attendance.questions.speech import listed


@click.command()
@FILE
@click.option(
    "--start",
    metavar="NAME",
    shell_complete=completing.NAMES,
    multiple=True,
    help="Somebody who is there at the start, or a fact that holds.",
)
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="How many rounds to show.")
@asking
@CSV
def cascade(file: str, start: tuple[str, ...], limit: int, **options: Any) -> None:
    """Who moves, round by round, until nobody does.

    In a round everybody looks at who is there, and all who want to join or leave do so at once. At the
    start there is nobody, unless named. Rules and what is given are not applied.

    Example: attendance cascade seeds/istanbul-2025.yaml --start putin
    """
    case, parts = opened(file), parts_of(options)
    found = question.cascade(case, start=start, **parts)
    answer(
        options["as_json"], found.to_dict(), lambda: cascade_view(case, found, limit), table=options["as_csv"] and found
    )


without(cascade, "engine")  # it is gone through round by round, by no engine


def cascade_view(case: Case, found: Cascade, limit: int) -> Iterator[Piece]:
    """The start, the rounds, and who is there in the end, or the circle."""
    title = found.case or "Round by round"
    yield Heading(f"{title} ({found.scenario})" if found.scenario else title)
    there = _people(case, (a for a, value in found.start.attendances.items() if value))
    facts = [f"“{case.roster.facts[f].name or f}” holds" for f, value in found.start.facts.items() if value]
    yield f"At the start: {there}" + (f"; {listed(facts, MANY)}" if facts else "")
    yield from (round_line(case, moved) for moved in found.rounds[:limit])
    if limit < len(found):
        yield f"... and {len(found) - limit} more"
    yield ""
    if found.settled is not None:
        yield f"Nobody moves any more after {_rounds(len(found))}." if len(found) else "Nobody moves."
        yield from outcome_view(case, found.settled)
    else:
        yield from circle_view(case, found)


def round_line(case: Case, moved: Round) -> str:
    """A round: who joins and who leaves, and how many are there then."""
    told = [
        f"{listed((person(case, a) for a in people), MANY)} {verb}{'s' if len(people) == 1 else ''}"
        for people, verb in ((moved.joined, "join"), (moved.left, "leave"))
        if people
    ]
    return f"{moved.number}. {'; '.join(told)} ({moved.attending} there)"


def circle_view(case: Case, found: Cascade) -> Iterator[str]:
    """To which round the last one leads back, and the states in between."""
    assert found.recurs is not None
    size = len(found) - found.recurs
    before = f"after round {found.recurs}" if found.recurs else "at the start"
    yield f"They go in a circle: after round {len(found)} all is as it was {before}."
    if size > MANY:
        yield f"The circle has {size} states."
        return
    for number, state in enumerate(found.cycle, found.recurs):
        there = (a for a, value in state.attendances.items() if value)
        yield f"- {f'after round {number}' if number else 'at the start'}: {_people(case, there)}"


def _people(case: Case, people: Iterable[Attendance]) -> str:
    return listed((person(case, a) for a in people), MANY) or "nobody"


def _rounds(number: int) -> str:
    return "1 round" if number == 1 else f"{number} rounds"
