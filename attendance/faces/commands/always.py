"""`attendance always`: whether something holds in every outcome; and what `ever` and `cascade` say alike."""

import sys
from collections.abc import Iterator
from typing import Any

import click

from attendance.faces import completing
from attendance.faces.options import FILE, asking, opened, parts_of
from attendance.faces.screen import Heading, Piece, answer
from attendance.faces.words import named, truth
from attendance.model.case import Case
from attendance.model.outcome import Outcome
from attendance.model.participants import Attendance
from attendance.model.positions import said
from attendance.model.roster import assumed_place
from attendance.questions import prove as question
from attendance.questions.prove import Example, Proof
from attendance.questions.speech import listed

MANY = 20
"""Up to this many names are listed; JSON has all."""
VAST = 40
"""If more is varied than this, the number of scenarios is told as a power."""

OVER = click.option(
    "--over",
    metavar="NAME",
    shell_complete=completing.NAMES,
    multiple=True,
    help="Vary this: somebody comes or not, a fact holds or not.",
)


@click.command()
@FILE
@click.argument("condition", shell_complete=completing.conditions)
@OVER
@asking
def always(file: str, condition: str, over: tuple[str, ...], **options: Any) -> None:
    """Whether something holds in every outcome, whatever varies.

    The exit status is 1 if it does not; then an outcome is told in which it fails.

    Example: attendance always seeds/istanbul-2025.yaml medinsky --over putin
    """
    case = opened(file)
    tell(case, question.always(case, condition, over=over, **parts_of(options)), options["as_json"])


def tell(case: Case, found: Proof, as_json: bool) -> None:
    """Print a proof or an example, and end with status 1 if the answer is no."""
    sys.set_int_max_str_digits(0)  # many names varied make a long number
    answer(as_json, found.to_dict(), lambda: proof_view(case, found))
    if not found:
        sys.exit(1)


def proof_view(case: Case, found: Proof) -> Iterator[Piece]:
    """The answer as a sentence, and the example that shows it."""
    number = found.scenarios.bit_length() - 1
    several = f"{found.scenarios:,}" if number <= VAST else f"2^{number}"
    one, all_ = (f" of one of {several} scenarios", f" of {several} scenarios") if number else ("", "")
    match found.question, found.proved:
        case "always", True:
            yield Heading(f"Always: “{found.property}” holds in every outcome{all_}.")
        case "always", False:
            yield Heading(f"Not always: “{found.property}” does not hold in this outcome{one}:")
        case "ever", True:
            yield Heading(f"Possible: “{found.property}” holds in this outcome{one}:")
        case _:
            yield Heading(f"Never: “{found.property}” holds in no outcome{all_}.")
    if (example := found.counterexample or found.witness) is not None:
        yield from example_view(case, example)


def example_view(case: Case, example: Example) -> Iterator[str]:
    """The scenario of an outcome, who attends in it, and what is set aside."""
    supposed = [_supposed(case, key, value) for key, value in example.assume.items()]
    if supposed:
        yield f"Supposed: {listed(supposed, MANY)}."
    if example.repair:
        words = {str(s.id): s.text for s in said(case, example.scenario)}
        words.update((str(r.id), f"the rule {r.rule}") for r in case.rules)
        told = listed((f"“{words[name]}” ({name})" for name in example.repair), MANY)
        yield f"Not everything can be kept. Set aside: {told}."
    yield from outcome_view(case, example.outcome)


def _supposed(case: Case, key: str, value: bool) -> str:
    """What is assumed of somebody, or of a fact, in words."""
    place = assumed_place(case.roster, key)
    assert place is not None, "the answer names what the case has"
    if place.name in case.roster.facts:
        return f"“{case.roster.facts[place.name].name or place.name}” {'holds' if value else 'does not hold'}"
    about = Attendance(place.name, place.at or case.roster.main)
    return f"{person(case, about)} {'attends' if value else 'is absent'}"


def outcome_view(case: Case, outcome: Outcome) -> Iterator[str]:
    """Who attends which gathering, and what is so of the facts."""
    several = len(case.gatherings) > 1
    for gathering in case.gatherings:
        there = [a.participant for a, value in outcome.attendances.items() if value and a.gathering == gathering.id]
        told = listed((case.roster.participants[p].name or p for p in there), MANY) or (
            "nobody" if several else "Nobody"
        )
        told += " attend" if len(there) > 1 else " attends"
        yield f"{gathering.name or gathering.id}: {told}" if several else f"{told}."
    facts = [f"{named(case.roster.facts[f].name, f)}: {truth(value)}" for f, value in outcome.facts.items()]
    yield from facts[:MANY]
    if len(facts) > MANY:
        yield f"... and {len(facts) - MANY} more"


def person(case: Case, attendance: Attendance) -> str:
    """A display name, and at which gathering, where it is not the main one."""
    name = case.roster.participants[attendance.participant].name or attendance.participant
    if attendance.gathering == case.roster.main:
        return name
    gathering = case.roster.gatherings[attendance.gathering]
    return f"{name} ({gathering.name or gathering.id})"
