"""`attendance resolve`: the verdicts, with what was said, and what clashes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from attendance.errors import ImpossibleScenario, QuestionError
from attendance.faces.options import CSV, FILE, asking, opened, parts_of, scenario_of
from attendance.faces.progress import tell
from attendance.faces.screen import Grid, Heading, Piece, answer
from attendance.faces.words import about_gathering, day, display, few, named, truth
from attendance.formats.tables import Table
from attendance.model.case import Case
from attendance.model.participants import Attendance, Gathering
from attendance.model.positions import in_force
from attendance.model.roster import attendance_of
from attendance.model.sayings import Sends
from attendance.model.scenario import Scenario
from attendance.questions import resolve as question
from attendance.questions.resolve import Conflict, Held, Reason, Resolution
from attendance.questions.tables import VerdictRow

MANY = 20
"""Up to this many repairs of a conflict are shown; JSON has all."""


@click.command()
@FILE
@click.option("--scenarios", is_flag=True, help="All scenarios of the file side by side.")
@asking
@CSV
def resolve(file: str, scenarios: bool, **options: Any) -> None:
    """Who attends, is absent, or is undetermined, and what clashes.

    Example: attendance resolve seeds/istanbul-2025.yaml --assume putin=yes
    """
    case, parts = opened(file), parts_of(options)
    if scenarios:
        if parts.pop("scenario") is not None:
            raise QuestionError("--scenarios shows all of them: leave --scenario out")
        found = side_by_side(case, parts)
        told = {k: r if isinstance(r, str) else r.to_dict() for k, r in found.items()}
        rows = options["as_csv"] and scenarios_table(case, found)
        answer(options["as_json"], told, lambda: scenarios_view(case, found), table=rows)
        return
    resolution = question.resolve(case, **parts)
    scenario = scenario_of(case, parts)
    answer(
        options["as_json"],
        resolution.to_dict(),
        lambda: resolution_view(case, scenario, resolution),
        table=options["as_csv"] and resolution,
    )


def side_by_side(case: "Case", parts: dict[str, Any]) -> dict[str, "Resolution | str"]:
    """The resolution of the case as it stands and of every scenario, or why there is none."""
    found: dict[str, Resolution | str] = {}
    names = ("", *(str(s.id) for s in case.scenarios))
    for done, name in enumerate(names):
        tell(done, len(names))
        try:
            found[name] = question.resolve(case, scenario=name, **parts)
        except ImpossibleScenario:
            found[name] = "impossible"
    return found


def scenarios_table(case: Case, found: Mapping[str, Resolution | str]) -> Table[VerdictRow]:
    """All verdicts of all scenarios in rows; those of an impossible one say so."""
    rows: list[VerdictRow] = []
    for name, answered in found.items():
        if isinstance(answered, Resolution):
            rows += answered.rows
        else:
            rows += (VerdictRow(name, g, p, answered, None) for g, people in case.counted.items() for p in people)
    return Table(VerdictRow, tuple(rows))


def resolution_view(case: Case, scenario: Scenario, found: Resolution) -> Iterator[Piece]:
    """The verdicts gathering by gathering, with what was said, and the conflicts."""
    title = found.case or "Who attends"
    yield Heading(f"{title} ({found.scenario})" if found.scenario else title)
    yield from ([scenario.name] if scenario.name else [])
    yield from ([supposed] if (supposed := str(scenario)) else [])
    words = _said(case, scenario, found)
    for gathering in case.gatherings:
        yield ""
        yield gathering_line(gathering, found)
        rows = tuple(
            (display(case, a), str(verdict) + _cause(found, a), "; ".join(words.get(a, ("says nothing",))))
            for a, verdict in found.verdicts.items()
            if a.gathering == gathering.id
        )
        yield Grid(("", "", ""), rows, answers=frozenset({1})) if rows else "nobody is counted here"
    if found.facts:
        yield ""
        yield from (
            f"{named(case.roster.facts[fact].name, fact)}: {truth(value)}" for fact, value in found.facts.items()
        )
    for conflict in found.conflicts:
        yield from conflict_lines(case, scenario, conflict)
    if found.warnings:
        yield ""
        yield from (f"warning: {warning}" for warning in found.warnings)


def gathering_line(gathering: Gathering, found: Resolution) -> str:
    """A gathering in a line: its name, when and where, whether it is held, and how many come."""
    answer = found.gatherings[gathering.id]
    held = "whether it is held is undetermined" if answer.held is Held.UNDETERMINED else str(answer.held)
    return f"{about_gathering(gathering)}: {held}; {answer.coming}"


def conflict_lines(case: Case, scenario: Scenario, conflict: Conflict) -> Iterator[Piece]:
    """What cannot stand together, and what could be set aside."""
    words = {str(s.id): (s.text, day(s), s.source or "") for s in in_force(case, scenario)}
    words.update((str(r.id), (f"rule: {r.rule}", "", "")) for r in case.rules)
    about = f" (about {', '.join(conflict.participants)})" if conflict.participants else ""
    for number, clash in enumerate(conflict.clashes):
        yield ""
        yield f"Nor can these{about}:" if number else f"These cannot all be kept{about}:"
        yield Grid(("",) * 4, tuple((f"  {name}", *words[name]) for name in clash), long=1)
    told = [" and ".join(ids) for ids in conflict.repairs]
    more = [f"one of {len(told) - MANY} other sets"] if len(told) > MANY else []
    yield f"It takes setting aside {', or '.join(told[:MANY] + more)}."
    if not conflict.complete:
        yield "There are more such sets than are listed."


def scenarios_view(case: Case, columns: Mapping[str, Resolution | str]) -> Iterator[Piece]:
    """All scenarios side by side, gathering by gathering: a row each, or a column each where they are few."""
    yield Heading(case.title or "All scenarios")
    resolved = [r for r in columns.values() if isinstance(r, Resolution)]
    people = {
        g.id: dict.fromkeys(a for r in resolved for a in r.verdicts if a.gathering == g.id) for g in case.gatherings
    }
    across = max(map(len, people.values())) + 2 > len(columns) + 1
    undetermined = False
    for gathering in case.gatherings:
        rows = [
            ("scenario", *(a.participant for a in people[gathering.id]), "held"),
            *((label or "(as it stands)", *_cells(r, people[gathering.id], gathering)) for label, r in columns.items()),
        ]
        undetermined = undetermined or any(cell.startswith("?") for row in rows[1:] for cell in row[1:])
        head, *rest = zip(*rows, strict=True) if across else rows
        yield ""
        yield from ([about_gathering(gathering)] if len(case.gatherings) > 1 else [])
        yield Grid(head, tuple(rest), answers=frozenset(range(1, len(head))))
    if undetermined:
        yield ""
        yield "? is undetermined, and why"


def _cells(found: Resolution | str, people: Iterable[Attendance], gathering: Gathering) -> Iterator[str]:
    """The cells of a scenario: its verdicts, and whether the gathering is held."""
    if isinstance(found, str):
        yield from (found for _ in people)
        yield found
        return
    for a in people:
        verdict, cause = found.verdicts.get(a), found.causes.get(a)
        yield "" if verdict is None else f"? {cause}" if cause else str(verdict)
    held = found.gatherings[gathering.id].held
    yield "?" if held is Held.UNDETERMINED else str(held)


def _said(case: Case, scenario: Scenario, found: Resolution) -> dict[Attendance, list[str]]:
    """What is in force about each attendance, in its own words, and what is assumed of it."""
    people = {g.id: tuple(a.participant for a in found.verdicts if a.gathering == g.id) for g in case.gatherings}
    assumed = {attendance_of(case.roster, people, key) for key, _ in scenario.assume}
    words: dict[Attendance, list[str]] = {a: ["assumed"] for a in assumed if a is not None}
    for statement in in_force(case, scenario):
        gathering = statement.at or case.roster.main
        about = Attendance(statement.who, gathering)
        by = f" (says {statement.by})" if statement.by else ""
        aside = "set aside: " if about in assumed and statement.binds else ""
        words.setdefault(about, []).append(f"{aside}{statement.says}{by}")
        if isinstance(statement.says, Sends):
            for delegate in statement.says.delegates:
                words.setdefault(Attendance(delegate, gathering), []).append(f"{statement.text}{by}")
    return words


def _cause(found: Resolution, attendance: Attendance) -> str:
    cause = found.causes.get(attendance)
    if cause is None:
        return ""
    there = attendance.gathering
    names = few(n.participant if isinstance(n, Attendance) and n.gathering == there else str(n) for n in cause.on)
    return f" ({cause}: {names})" if cause.cause in (Reason.FACT, Reason.DEPENDS) else f" ({cause})"
