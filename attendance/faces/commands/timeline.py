"""`attendance timeline`: the case replayed, moment by moment."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from attendance.faces.commands.why import reasons
from attendance.faces.options import CSV, FILE, asking, opened, parts_of, scenario_of
from attendance.faces.screen import Grid, Heading, Piece, answer
from attendance.faces.words import display, few, where
from attendance.model.case import Case
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.model.values import when
from attendance.questions import timeline as question
from attendance.questions.timeline import Entry, Timeline

MANY = 20
"""Up to this many changes of a moment are shown; JSON has all."""


@click.command()
@FILE
@click.option("--brief", is_flag=True, help="Leave the reasons out; JSON has them all the same.")
@asking
@CSV
def timeline(file: str, brief: bool, **options: Any) -> None:
    """What each moment's statements changed, and why.

    Example: attendance timeline seeds/istanbul-2025.yaml --brief
    """
    case, parts, as_json = opened(file), parts_of(options), options["as_json"]
    found = question.timeline(case, reasons=as_json or not brief, **parts)
    scenario = scenario_of(case, parts)
    answer(
        as_json,
        found.to_dict() if as_json else None,
        lambda: timeline_view(case, scenario, found, brief),
        table=options["as_csv"] and found,
    )


def timeline_view(case: Case, scenario: Scenario, found: Timeline, brief: bool) -> Iterator[Piece]:
    """Each moment with what was said and whose verdict changed; one that changed nothing in a line."""
    title = case.title or "Moment by moment"
    yield Heading(f"{title} ({scenario.id})" if scenario.id else title)
    yield from ([scenario.name] if scenario.name else [])
    yield from ([supposed] if (supposed := str(scenario)) else [])
    if not found:
        yield "Nothing was said."
    spoken = True
    for entry in found:
        turned = bool(entry.changes or entry.gatherings)
        if turned or spoken:
            yield ""
        yield from entry_view(case, entry, brief)
        spoken = turned


def entry_view(case: Case, entry: Entry, brief: bool) -> Iterator[Piece]:
    """A moment: what was said, whose verdict changed from what to what, why, and what is held."""
    if not entry.changes and not entry.gatherings:
        yield f"{moment(entry)}: {few(map(words, entry.statements))}: nothing changes"
        return
    yield Heading(moment(entry))
    yield Grid(("", ""), tuple((f"  {_quoted(s)}", s.source or "") for s in entry.statements), long=0)
    for change in entry.changes[:MANY]:
        who = f"{display(case, change.attendance)}{where(case, change.attendance)}"
        yield f"{who}: {change.before} -> {change.after}"
        if not brief:
            yield from (f"  {line}" for line in reasons(change.why))
    if len(entry.changes) > MANY:
        yield f"... and {len(entry.changes) - MANY} more"
    for name, before, after in entry.gatherings:
        yield f"{case.roster.gatherings[name].name or name}: {before} -> {after}"


def moment(entry: Entry) -> str:
    """When it was: the day alone where everything was said on a day."""
    if entry.moment is None:
        return "Undated or added" if any(s.said is not None for s in entry.statements) else "Undated"
    days = not any(isinstance(s.said, datetime) for s in entry.statements)
    return when(entry.moment.date() if days else entry.moment)


def words(statement: Statement) -> str:
    """A statement in quotes, with its source."""
    return _quoted(statement) + (f" ({statement.source})" if statement.source else "")


def _quoted(statement: Statement) -> str:
    return f"“{statement.text}”" + (f" (says {statement.by})" if statement.by else "")
