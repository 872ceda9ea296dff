"""`attendance chance`: how likely it is."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import click

from attendance.errors import QuestionError
from attendance.faces import completing
from attendance.faces.commands.needs import called, headline, thing
from attendance.faces.options import CSV, FILE, asking, numbered, opened, parts_of
from attendance.faces.screen import Grid, Piece, answer
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.questions import probability as question
from attendance.questions.interval import Interval, Marginals, Sensitivity

ENDS = ("in every outcome", "in some outcome")
"""What the two ends of an interval are called."""


@click.command()
@FILE
@click.option(
    "--goal",
    metavar="CONDITION",
    shell_complete=completing.conditions,
    help="What is to hold; without it, everybody's coming.",
)
@click.option(
    "--probability",
    metavar="NAME=P",
    shell_complete=completing.valued,
    multiple=True,
    help="Of a fact, an open choice, or a statement's being kept.",
)
@click.option(
    "--no-outcome",
    type=click.Choice(["undetermined", "excluded"]),
    default="undetermined",
    show_default=True,
    help="What worlds in which statements clash count as.",
)
@click.option("--sample", metavar="N", type=click.IntRange(min=0), help="Draw so many worlds; 0: exact or nothing.")
@click.option("--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True, help="Of the sample.")
@click.option("--sensitivity", is_flag=True, help="Whose probability moves the goal most.")
@asking
@CSV
def chance(file: str, goal: str | None, sensitivity: bool, **options: Any) -> None:
    """How likely it is that somebody comes, or that a goal holds.

    Facts, open choices and statements have the probabilities of the file, or of the call. The answer is an
    interval: how likely it holds in every outcome, and in some. Exact, or a sample that says so.

    Example: attendance chance seeds/mutual-promises.yaml --goal ann --founded
    """
    if sensitivity and (goal is None or options["sample"]):
        raise QuestionError("--sensitivity is exact, and of one goal: give a --goal, and no --sample")
    if goal is not None and options["as_csv"] and not sensitivity:
        raise QuestionError("the chance of one goal is no table: leave --goal out, or ask for --sensitivity")
    likely = numbered("--probability", options["probability"], "say how likely, as in --probability ceasefire=0.3")
    case, parts = opened(file), parts_of(options)
    parts |= {"probabilities": likely, "no_outcome": options["no_outcome"]}
    if sensitivity:
        assert goal is not None
        slopes = question.sensitivity(case, goal, **parts)
        answer(
            options["as_json"],
            slopes.to_dict(),
            lambda: sensitivity_view(case, slopes),
            table=options["as_csv"] and slopes,
        )
        return
    parts |= {"sample": options["sample"], "seed": options["seed"]}
    if goal is None:
        everybody = question.marginals(case, **parts)
        answer(
            options["as_json"],
            everybody.to_dict(),
            lambda: marginals_view(case, everybody),
            table=options["as_csv"] and everybody,
        )
    else:
        found = question.probability(case, goal, **parts)
        answer(options["as_json"], found.to_dict(), lambda: goal_view(case, found))


def goal_view(case: Case, found: Interval) -> Iterator[Piece]:
    """One goal's interval in sentences."""
    yield headline(case, found.scenario, f"how likely is “{found.goal}”")
    if found.lower == found.upper:
        yield share(found.lower)
    else:
        yield f"between {share(found.lower)} (in every outcome) and {share(found.upper)} (in some outcome)"
    if found.sample is not None:
        low, high = (share(Fraction(end)) for end in (found.sample.lower[0], found.sample.upper[1]))
        sure = f"with {found.sample.confidence:.0%} confidence from {low} to {high}"
        yield f"sampled: {found.sample.size:,} worlds, seed {found.sample.seed}; {sure}"
    yield from _remarks(found.inconsistent, found.evidence, found.warnings)


def marginals_view(case: Case, found: Marginals) -> Iterator[Piece]:
    """Everybody's interval, a line each."""
    yield headline(case, found.scenario, "how likely each comes")
    yield ""
    yield _ends([called(case, a) for a in found], [(share(i.lower), share(i.upper)) for i in found.values()])
    sampled = next((i.sample for i in found.values() if i.sample is not None), None)
    if sampled is not None:
        yield ""
        yield f"sampled: {sampled.size:,} worlds, seed {sampled.seed}; --goal tells how sure each is"
    yield from _remarks(found.inconsistent, found.evidence, found.warnings)


def sensitivity_view(case: Case, found: Sensitivity) -> Iterator[Piece]:
    """The slopes, the steepest first, below the interval."""
    yield from goal_view(case, found.interval)
    yield ""
    if not found:
        yield "Nothing is left to chance."
        return
    yield "How much each end rises for every point that a probability rises, the steepest first:"
    yield ""
    yield _ends([left_to(case, name) for name in found], [(slope(low), slope(high)) for low, high in found.values()])


def _ends(names: Sequence[str], ends: Sequence[tuple[str, str]]) -> Grid:
    """Both ends of each, one below the other under what they are called."""
    widths = [max(map(len, column)) for column in zip(ENDS, *ends, strict=True)]
    heads, *rows = ([text.rjust(width) for text, width in zip(row, widths, strict=True)] for row in (ENDS, *ends))
    return Grid(("", *heads), tuple((name, *row) for name, row in zip(names, rows, strict=True)))


def left_to(case: Case, name: str) -> str:
    """What is left to chance under that name: a fact, somebody's choice, or a statement."""
    roster = case.roster
    about = thing(case, name)
    if name in roster.facts or isinstance(about, Attendance):
        return called(case, about)
    return f"{name}, kept"


def share(of: Fraction) -> str:
    """A probability in percent, with four decimals at most; what is not certain is not called so."""
    text = rounded(100 * of)
    if of not in (0, 1) and text in ("0", "100"):
        return "<0.0001%" if text == "0" else ">99.9999%"
    return f"{text}%"


def rounded(of: Fraction) -> str:
    """A number with four decimals at most."""
    text = f"{float(of):.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def slope(of: Fraction) -> str:
    """A slope with its sign, and four decimals at most."""
    text = rounded(of)
    return text if text.startswith("-") else f"+{text}"


def _remarks(inconsistent: Fraction, evidence: Fraction | None, warnings: Sequence[str]) -> Iterator[str]:
    """What else is to be known."""
    if evidence is not None:
        yield f"What is given can be so in {share(evidence)} of all worlds; only these count."
    if inconsistent:
        yield f"In {share(inconsistent)} of all worlds statements clash, and there is no outcome."
    yield from (f"warning: {warning}" for warning in warnings)
