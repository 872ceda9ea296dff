"""`attendance pivots`: on whom a goal turns."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import click

from attendance.errors import QuestionError
from attendance.faces import completing
from attendance.faces.commands.needs import called, headline, joined
from attendance.faces.options import CSV, FILE, asking, opened, parts_of
from attendance.faces.screen import Grid, Heading, Piece, answer
from attendance.model.case import Case
from attendance.questions import pivots as question
from attendance.questions.pivots import Pivot, Pivots

MANY = 100
"""Up to this many players are shown; JSON has all."""
COUNTED = 20
"""Of up to this many players it is said how many sets bring the goal about."""


@click.command()
@FILE
@click.option(
    "--goal",
    metavar="CONDITION",
    shell_complete=completing.conditions,
    required=True,
    help="What is to hold, as in 'talks is held'.",
)
@click.option(
    "--over",
    metavar="NAME",
    shell_complete=completing.NAMES,
    multiple=True,
    help="Who and what can turn it; whoever is free, if left out.",
)
@click.option("--minimal", metavar="N", type=click.IntRange(min=1), help="List so many of the smallest sets too.")
@asking
@CSV
def pivots(file: str, goal: str, minimal: int | None, **options: Any) -> None:
    """On whom a goal turns: power, vetoes, dictators.

    A set of players brings the goal about if it holds when these attend and the other players do
    not. Banzhaf is how often a player makes the difference; Shapley-Shubik, how often in a random order.

    Example: attendance pivots seeds/istanbul-2025.yaml --goal zelensky --over putin --over trump
    """
    if minimal is not None and options["as_json"]:
        raise QuestionError("--json prints the powers alone: leave --minimal out")
    case = opened(file)
    found = question.pivots(case, goal, over=options["over"] or None, **parts_of(options))

    def view() -> Iterator[Piece]:
        yield from power_view(case, found)
        yield from minimal_view(case, found, minimal, options["time_limit"]) if minimal is not None else ()

    answer(options["as_json"], found.to_dict(), view, table=options["as_csv"] and found)


def power_view(case: Case, found: Pivots) -> Iterator[Piece]:
    """The players with their power, the most powerful first."""
    yield headline(case, found.scenario, f"on whom “{found.goal}” turns")
    yield _winning(found)
    ranked = sorted(found.items(), key=lambda item: (-abs(item[1].shapley), -abs(item[1].banzhaf)))
    if ranked:
        yield ""
        columns = [_column(ranked, kind) for kind in ("banzhaf", "share", "shapley")]
        names = [called(case, found.names[name]) for name, _ in ranked[:MANY]]
        marks = ["dictator" if p.dictator else "veto" if p.veto else "" for _, p in ranked[:MANY]]
        heads = [head.rjust(len(column[0])) for head, column in zip(_HEADS, columns, strict=True)]
        marked = [("", marks)] if any(marks) else []
        yield Grid(
            ("", *heads, *(head for head, _ in marked)),
            tuple(zip(names, *columns, *(column for _, column in marked), strict=True)),
        )
    if len(ranked) > MANY:
        yield f"... and {len(ranked) - MANY} more"
    yield from (f"warning: {warning}" for warning in found.warnings)


_HEADS = ("Banzhaf", "share", "Shapley-Shubik")


def minimal_view(case: Case, found: Pivots, most: int, time_limit: float | None) -> Iterator[Piece]:
    """The smallest sets that bring the goal about, a line each."""
    sets = list(islice(found.minimal_winning(time_limit=time_limit), most + 1))
    yield ""
    yield Heading("The smallest sets that bring it about" if sets else "No set brings it about")
    for number, names in enumerate(sets[:most], 1):
        yield f"{number}. {joined(called(case, found.names[name]) for name in names) or 'nobody'}"
    if len(sets) > most:
        yield "... and more"


def _winning(found: Pivots) -> str:
    """How many of the sets of players bring the goal about, in a sentence."""
    players, every = len(found), 1 << len(found)
    if not players:
        holds = "holds" if found.winning else "does not hold"
        return f"It {holds}, and nobody is free to turn it: say whom to look at with --over."
    if found.winning in (0, every):
        return "It holds whatever the players do." if found.winning else "Nothing that the players do brings it about."
    share, several = percent(Fraction(found.winning, every)), "" if players == 1 else "s"
    if players <= COUNTED:
        return f"{found.winning:,} of {every:,} sets of the {players} player{several} bring it about ({share})."
    return f"{share} of all sets of the {players} player{several} bring it about."


def _column(ranked: list[tuple[str, Pivot]], kind: str) -> list[str]:
    """The percentages of an index, one below the other, as wide as its head."""
    told = [percent(getattr(pivot, kind)) for _, pivot in ranked[:MANY]]
    wide = max(map(len, [*told, _HEADS[("banzhaf", "share", "shapley").index(kind)]]))
    return [text.rjust(wide) for text in told]


def percent(share: Fraction) -> str:
    """A share with two decimals; what is nearly nothing is not called nothing."""
    text = f"{float(100 * share):.2f}%"
    if share and text.strip("-") == "0.00%":
        return "<0.01%" if share > 0 else ">-0.01%"
    return text
