"""`attendance needs`: what it would take for a goal to hold."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

import click

from attendance.faces import completing
from attendance.faces.options import CSV, FILE, asking, numbered, opened, parts_of
from attendance.faces.screen import Heading, Piece, answer, remark
from attendance.faces.words import display, named
from attendance.formats.tables import Table
from attendance.model.case import Case
from attendance.model.outcome import Key
from attendance.model.participants import Attendance
from attendance.model.roster import assumed_place
from attendance.questions import requirements as question
from attendance.questions.requirements import Requirements
from attendance.questions.tables import RequirementRow

MANY = 20
"""Up to this many people or facts of a set are named; JSON has all."""


@click.command()
@FILE
@click.option(
    "--goal",
    metavar="CONDITION",
    shell_complete=completing.conditions,
    required=True,
    help="What is to hold, as in 'zelensky and not trump'.",
)
@click.option(
    "--over",
    metavar="NAME",
    shell_complete=completing.NAMES,
    multiple=True,
    help="Who and what may be assumed; all, if left out.",
)
@click.option(
    "--forbid", metavar="NAME", shell_complete=completing.NAMES, multiple=True, help="Who and what may not be assumed."
)
@click.option(
    "--mode", type=click.Choice(["every", "some"]), default="every", show_default=True, help="In which outcomes."
)
@click.option(
    "--cost",
    metavar="NAME=NUMBER",
    shell_complete=completing.valued,
    multiple=True,
    help="What it costs; 1, if left out. Cheapest first.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many sets to list.")
@asking
@CSV
def needs(file: str, goal: str, limit: int, **options: Any) -> None:
    """What it would take for a goal to hold.

    Every smallest set of people and facts which, if assumed, makes the goal hold: in every outcome,
    or in some. Exit status 1 where nothing does.

    Example: attendance needs seeds/istanbul-2025.yaml --goal zelensky
    """
    case, costs = opened(file), priced(options["cost"])
    found = question.requirements(
        case,
        goal,
        over=options["over"] or None,
        forbid=options["forbid"],
        mode=options["mode"],
        costs=costs or None,
        limit=limit if options["as_json"] else limit + 1,  # one more says whether there are more
        **parts_of(options),
    )
    told = found.to_dict() if options["as_json"] else None
    rows = [row for row in found.rows if row.set <= limit] if options["as_csv"] else []
    rows_told = Table(RequirementRow, tuple(rows))
    answer(
        options["as_json"],
        told,
        lambda: view(case, options["scenario"], found, limit, costs),
        table=options["as_csv"] and rows_told,
    )
    if options["as_csv"] and found.reason is not None:
        remark(found.reason)
    if options["as_csv"] and found.found.get(limit) is not None:
        remark(f"there are more sets than these {limit}: --limit N lists more")
    if not found.possible:
        sys.exit(1)


def priced(pairs: Sequence[str]) -> dict[Key, str]:
    """`putin=3` and the like. Raises QuestionError where one has no number, or two differ."""
    return dict(numbered("--cost", pairs, "say what it costs, as in --cost putin=3").items())


def view(
    case: Case, scenario: str | None, found: Requirements, limit: int, costs: Mapping[Key, str]
) -> Iterator[Piece]:
    """The sets, one a line, or why there is none."""
    made = "certain" if found.mode == "every" else "possible"
    yield headline(case, scenario, f"what would make “{found.goal}” {made}")
    sets = list(islice(found, limit + 1))
    if not sets:
        yield f"There is no way. {found.reason}"
    elif sets == [{}]:
        yield "It takes nothing: it is so already."
    else:
        prices = {thing(case, str(name)): Fraction(cost) for name, cost in costs.items()}
        told = [f"{taken(case, s)}{_price(case, s, prices)}" for s in sets[:limit]]
        alone = len(sets) == 1
        yield f"It takes that {told[0]}." if alone else "Each of these is enough:"
        yield from () if alone else (f"{i}. {line}" for i, line in enumerate(told, 1))
    if len(sets) > limit:
        yield "... and more"


def taken(case: Case, assumed: Mapping[str, bool]) -> str:
    """A set in words: who attends, who is absent, what holds and what does not."""
    told: dict[str, list[str]] = {}
    for name, value in assumed.items():
        about = thing(case, name)
        yes, no = ("holds", "does not hold") if isinstance(about, str) else ("attends", "is absent")
        told.setdefault(yes if value else no, []).append(called(case, about))
    return joined(f"{joined(names)} {what if len(names) == 1 else _PLURAL[what]}" for what, names in told.items())


_PLURAL = {"attends": "attend", "is absent": "are absent", "holds": "hold", "does not hold": "do not hold"}


def headline(case: Case, scenario: str | None, what: str) -> Heading:
    """What is asked, of which case, in which scenario."""
    return Heading(f"{case.title or 'The case'}{f' ({scenario})' if scenario else ''}: {what}")


def thing(case: Case, key: str) -> Attendance | str:
    """The attendance or the fact that a key of `assume` means."""
    place = assumed_place(case.roster, key)
    if place is None or place.name not in case.roster.participants:
        return key
    if place.at is not None:
        return Attendance(place.name, place.at)
    where = [gathering for gathering, people in case.counted.items() if place.name in people]
    main = case.roster.main
    return Attendance(place.name, main if main in where or not where else where[0])


def called(case: Case, about: Attendance | str) -> str:
    """The display name of a fact or of a participant, with the id, and the gathering where it is not the main one."""
    if isinstance(about, str):
        return named(case.roster.facts[about].name, about)
    if about.gathering == case.roster.main:
        return display(case, about)
    return named(case.roster.participants[about.participant].name, str(about))


def joined(parts: Iterable[str]) -> str:
    """A list in a sentence; of very many only the first."""
    parts = list(parts)
    if len(parts) > MANY:
        parts = [*parts[: MANY - 1], f"{len(parts) - MANY + 1} more"]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _price(case: Case, assumed: Mapping[str, bool], prices: Mapping[Attendance | str, Fraction]) -> str:
    """What a set costs altogether, where costs are given."""
    if not prices:
        return ""
    cost = sum((prices.get(thing(case, name), Fraction(1)) for name in assumed), Fraction(0))
    return f" (cost {int(cost) if cost.denominator == 1 else format(float(cost), '.6g')})"
