"""`attendance show`: the case as the library understands it, or converted."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click

from attendance.faces.options import FILE, opened, scenario_of
from attendance.faces.screen import Grid, Heading, Piece, answer, deliver
from attendance.faces.words import about_gathering, day, truth
from attendance.formats.casefile import dumps
from attendance.model.case import Case
from attendance.model.participants import Gathering
from attendance.model.positions import in_force, said
from attendance.model.scenario import Scenario

EARLIEST = datetime.min.replace(tzinfo=UTC)


@click.command()
@FILE
@click.option("--to", "format", type=click.Choice(["yaml", "json", "toml"]), help="Print it as a case file instead.")
@click.option("--as-of", metavar="DATE", help="Mark what stood at the end of that day.")
def show(file: str, format: str | None, as_of: str | None) -> None:
    """The case as the library understands it, or converted.

    Example: attendance show seeds/istanbul-2025.yaml --to json
    """
    case = opened(file)
    if format is not None:
        text = dumps(case, format=format)  # type: ignore[arg-type]
        deliver(text)
        return
    scenario = scenario_of(case, {"as_of": as_of} if as_of else {})
    answer(False, None, lambda: case_view(case, scenario))


def case_view(case: Case, scenario: Scenario) -> Iterator[Piece]:
    """A case as it is told: gatherings, participants, groups, facts, rules, statements and scenarios."""
    yield Heading(case.title or "A case without a title")
    members = case.roster.members
    groups = case.roster.groups
    for title, rows in (
        ("Gatherings", [(g.id, about_gathering(g) + _conditions(g)) for g in case.gatherings]),
        ("Participants", [(p.id, p.name or "", ", ".join((*p.of, *p.tags))) for p in case.participants]),
        ("Groups", [(g, (groups[g].name or "") if g in groups else "", ", ".join(members[g])) for g in members]),
        ("Facts", [(f.id, f.name or "", truth(f.value)) for f in case.facts]),
        ("Rules", [(str(r.id), str(r.rule) + (f" (at {r.at})" if r.at else "")) for r in case.rules]),
    ):
        yield from _section(title, rows)
    yield from _section(f"Statements, times of {case.timezone}", _statements(case, scenario), long=2)
    yield from _section("Scenarios", [(str(s.id), s.name or "", str(s)) for s in case.scenarios])


def _section(title: str, rows: Sequence[tuple[str, ...]], long: int = -1) -> Iterator[Piece]:
    if rows:
        yield ""
        yield Heading(title)
        yield Grid(("",) * len(rows[0]), tuple(rows), long=long)


def _statements(case: Case, scenario: Scenario) -> list[tuple[str, ...]]:
    """The statements, undated ones first and then oldest first, and whether they still stand."""
    known = {s.id for s in said(case, scenario)}
    standing = {s.id for s in in_force(case, scenario)}
    return [
        (
            str(s.id),
            day(s),
            s.text + (f" (says {s.by})" if s.by else ""),
            s.source or "",
            "" if s.id in standing else "superseded" if s.id in known else "not yet said",
        )
        for s in sorted(case.statements, key=lambda s: case.moment(s) or EARLIEST)
    ]


def _conditions(gathering: Gathering) -> str:
    held = f"; held if {gathering.held_if}" if gathering.held_if is not None else ""
    return held + (f"; invited: {', '.join(gathering.invited) or 'nobody'}" if gathering.invited is not None else "")
