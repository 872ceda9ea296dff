"""`attendance deadlocks`: who waits for whom in a circle, and whose commitment would open it."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from attendance.faces.commands.needs import called, headline, joined
from attendance.faces.options import CSV, FILE, asking, opened, parts_of
from attendance.faces.screen import Grid, Piece, answer
from attendance.faces.words import few
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.questions import deadlocks as question
from attendance.questions.deadlocks import Deadlock, Deadlocks

MANY = 20
"""Up to this many people of a circle or an order, and ways to open a circle, are shown; JSON has all."""

FEW = 3
"""Up to this many people, or ways to open a circle, are told in a sentence."""


@click.command()
@FILE
@asking
@CSV
def deadlocks(file: str, **options: Any) -> None:
    """Who waits for whom in a circle, and whose word would open it.

    Somebody waits for another who stands in their conditions while both are undetermined, or whom
    they said to wait for. Where nobody waits in a circle: an order in which they could speak.

    Example: attendance deadlocks seeds/istanbul-2025.yaml --scenario mutual-loop
    """
    case = opened(file)
    found = question.deadlocks(case, **parts_of(options))
    told = found.to_dict() if options["as_json"] else None
    answer(options["as_json"], told, lambda: view(case, options["scenario"], found), table=options["as_csv"] and found)


def view(case: Case, scenario: str | None, found: Deadlocks) -> Iterator[Piece]:
    """Each circle with what opens it, or else an order in which all could speak."""
    yield headline(case, scenario, "who waits for whom")
    for circle in found.deadlocks:
        yield ""
        yield from circle_view(case, circle)
    if not found.deadlocks:
        yield from order_view(case, found)


def circle_view(case: Case, circle: Deadlock) -> Iterator[Piece]:
    """Those in a circle, for whom each waits, and whose commitment opens it."""
    size = len(circle.attendances)
    these = joined(called(case, a) for a in circle.attendances) if size <= FEW else f"These {size}"
    yield f"{these} wait for each other:"
    inside = set(circle.nodes)
    rows = []
    for x in circle.nodes[:MANY]:
        others = [circle.waiting.attendances[y] for y in circle.waiting.of(x) if y in inside]
        rows.append((f"  {called(case, circle.waiting.attendances[x])}", f"waits for {_names(case, others)}"))
    yield Grid(("", ""), tuple(rows))
    yield from _rest(len(circle.nodes))
    yield from _opened(case, circle)


def _opened(case: Case, circle: Deadlock) -> Iterator[str]:
    """The fewest whose commitment opens a circle."""
    alone = any(len(opening) == 1 for opening in circle.openings)
    ways = [joined(called(case, a) for a in opening) for opening in circle.openings[:MANY]]
    if not ways:
        yield "No commitment of theirs opens it without a conflict."
    elif circle.openings == ((),):
        yield "What each of them does is certain already, so anyone may speak first."
    elif len(ways) == 1 and len(circle.openings[0]) == len(circle.attendances):
        yield "It opens only if all of them commit to come."
    elif len(circle.openings) <= FEW:
        either, commit = (" or ", "commits") if alone else (", or ", "commit")
        yield f"It opens if {either.join(ways)} {commit} to come."
    else:
        yield f"It opens if {'one of these commits' if alone else 'all those of one line commit'} to come:"
        yield from (f"  {way}" for way in ways)
        if not circle.complete:
            yield "... and more"
        else:
            yield from _rest(len(circle.openings))


def order_view(case: Case, found: Deadlocks) -> Iterator[Piece]:
    """An order in which those who wait, and those waited for, could speak."""
    people = found.waiting.attendances
    place = {attendance: x for x, attendance in enumerate(people)}
    order = [place[a] for entry in found.order for a in entry]
    waits = {x: found.waiting.of(x) for x in order if found.waiting.reads[x]}
    involved = {x for x, others in waits.items() if others}.union(*waits.values())
    if not involved:
        yield "Nobody waits for anybody whose coming is open."
        return
    yield "Nobody whose coming is open waits in a circle. They could speak in this order:"
    spoken = [x for x in order if x in involved]
    for number, x in enumerate(spoken[:MANY], 1):
        others = [people[y] for y in waits.get(x, ())]
        yield f"{number}. {called(case, people[x])}" + (f", after {_names(case, others)}" if others else "")
    yield from _rest(len(spoken))
    if len(involved) < len(people):
        yield "The others wait for nobody whose coming is open, and nobody waits for them."


def _rest(number: int) -> Iterator[str]:
    if number > MANY:
        yield f"... and {number - MANY} more"


def _names(case: Case, others: Sequence[Attendance]) -> str:
    """Names in a list, without the ids; of many only the first."""
    return few(case.roster.participants[a.participant].name or a.participant for a in others)
