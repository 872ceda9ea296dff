"""Answers as what is printed: one view an answer, in words for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from attendance.faces.screen import Grid, Heading, Piece
from attendance.model.case import Case
from attendance.model.outcome import Outcome
from attendance.model.participants import Attendance, Gathering
from attendance.model.positions import in_force
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.questions.check import Report
from attendance.questions.compare import Comparison
from attendance.questions.resolve import Cause, Resolution
from attendance.questions.why import Explanation


def resolution_view(case: Case, scenario: Scenario, found: Resolution) -> Iterator[Piece]:
    """The verdicts gathering by gathering, with what was said, and the conflicts."""
    title = found.case or "Who attends"
    yield Heading(f"{title} ({found.scenario})" if found.scenario else title)
    said = _said(case, scenario)
    for gathering in case.gatherings:
        yield ""
        yield gathering_line(gathering, found)
        rows = [
            (display(case, a), str(verdict) + _cause(found, a), "; ".join(said.get(a, ("says nothing",))))
            for a, verdict in found.verdicts.items()
            if a.gathering == gathering.id
        ]
        yield Grid(("", "", ""), tuple(rows)) if rows else "  nobody is counted here"
    for fact, value in found.facts.items():
        name = case.roster.facts[fact].name or fact
        yield f"{name}: {'unknown' if value is None else 'yes' if value else 'no'}"
    yield from conflict_lines(case, scenario, found)
    for warning in found.warnings:
        yield f"warning: {warning}"


def gathering_line(gathering: Gathering, found: Resolution) -> str:
    """A gathering in a line: its name, when and where, whether it is held, and how many come."""
    answer = found.gatherings[gathering.id]
    least, most = answer.turnout
    about = [gathering.name or gathering.id]
    about += [_when(gathering.start)] if gathering.start else []
    about += [gathering.place] if gathering.place else []
    number = str(least) if least == most else f"{least} to {most}"
    held = "whether it is held is undetermined" if answer.held == "undetermined" else str(answer.held)
    return f"{', '.join(about)}: {held}; {number} attend"


def conflict_lines(case: Case, scenario: Scenario, found: Resolution) -> Iterator[str]:
    """What cannot stand together, and what could be set aside."""
    words = {str(s.id): s.text for s in in_force(case, scenario)}
    words.update((str(r.id), f"rule: {r.rule}") for r in case.rules)
    for conflict in found.conflicts:
        yield ""
        yield f"These statements cannot all be kept (about {', '.join(conflict.participants) or 'nobody'}):"
        for clash in conflict.clashes:
            yield "  together impossible: " + " | ".join(f"{name}: {words[name]}" for name in clash)
        yield "  it takes setting aside " + ", or ".join(" and ".join(r) for r in conflict.repairs)
        if not conflict.complete:
            yield "  (there are more such sets than are listed)"


def scenarios_view(case: Case, columns: Mapping[str, Resolution | str]) -> Iterator[Piece]:
    """All scenarios side by side: a row each, a column for every attendance and gathering."""
    yield Heading(case.title or "All scenarios")
    yield ""
    resolved = [r for r in columns.values() if isinstance(r, Resolution)]
    people = list(dict.fromkeys(a for r in resolved for a in r.verdicts))
    several = len(case.gatherings) > 1
    names = [
        f"{a.participant} at {a.gathering}" if several and a.gathering != case.roster.main else a.participant
        for a in people
    ]
    held = [f"{g.id} held" if several else "held" for g in case.gatherings]
    rows = [
        (label or "(as it stands)", *cells)
        for label, r in columns.items()
        for cells in [
            _cells(r, people, case) if isinstance(r, Resolution) else [r] + [""] * (len(names) + len(held) - 1)
        ]
    ]
    grid = [("scenario", *names, *held), *rows]
    if len(grid[0]) > len(grid):
        grid = [tuple(line) for line in zip(*grid, strict=True)]
    yield Grid(grid[0], tuple(grid[1:]))
    if any(cell.startswith("?") for row in rows for cell in row):
        yield ""
        yield "? is undetermined, and why"


def _cells(found: Resolution, people: Sequence[Attendance], case: Case) -> list[str]:
    cells = []
    for a in people:
        verdict = found.verdicts.get(a)
        cause = found.causes.get(a)
        cells.append("" if verdict is None else f"? {cause}" if cause else str(verdict))
    held = (str(found.gatherings[g.id].held) for g in case.gatherings)
    return cells + ["?" if h == "undetermined" else h for h in held]


def explanation_view(found: Explanation) -> Iterator[Piece]:
    """An explanation, its headline first."""
    headline, *rest = found.text().split("\n")
    yield Heading(headline)
    yield from rest


def outcomes_view(case: Case, number: int | None, found: Sequence[Outcome]) -> Iterator[Piece]:
    """Outcomes a line each, under their number."""
    if number is not None:
        yield Heading("1 outcome" if number == 1 else f"{number:,} outcomes")
    for i, outcome in enumerate(found, 1):
        yield f"{i}. {outcome}"
    if number is not None and len(found) < number:
        yield f"... and {number - len(found):,} more"
    if number == 0:
        yield "The statements cannot all be kept: `attendance resolve` says which ones clash."


def comparison_view(case: Case, found: Comparison) -> Iterator[Piece]:
    """What differs, with the reason for what is so now."""
    before, after = (r.scenario or "as it stands" for r in (found.before, found.after))
    yield Heading(f"{case.title or 'The case'}: {before} > {after}")
    if not found.changes and not found.gatherings:
        yield "Nothing differs."
    for change in found.changes:
        was = _verdict(change.before, change.cause_before)
        now = _verdict(change.after, change.cause_after)
        yield ""
        yield f"{display(case, change.attendance)}{_where(case, change.attendance)}: {was} > {now}"
        if change.why is not None:
            yield from (f"  {line}" for line in change.why.text().split("\n")[1:])
    for name, was_held, now_held in found.gatherings:
        yield ""
        gathering = case.roster.gatherings[name]
        turnout = [f"{a}" if a == b else f"{a} to {b}" for a, b in (was_held.turnout, now_held.turnout)]
        yield f"{gathering.name or name}: {was_held.held}, {turnout[0]} attend > {now_held.held}, {turnout[1]} attend"


def report_view(file: str, found: Report) -> Iterator[Piece]:
    """What a check found."""
    yield f"{file}: {found.tried - len(found.failures)} of {found.tried} expected answers came"
    for failure in found.failures:
        yield f"  {failure}"
    for warning in found.warnings:
        yield f"  warning: {warning}"


def case_view(case: Case, scenario: Scenario) -> Iterator[Piece]:
    """A case as it is told: gatherings, participants, and statements, oldest first."""
    yield Heading(case.title or "A case without a title")
    for gathering in case.gatherings:
        about = [gathering.name or gathering.id]
        about += [_when(gathering.start)] if gathering.start else []
        about += [gathering.place] if gathering.place else []
        condition = f", held if {gathering.held_if}" if gathering.held_if is not None else ""
        yield f"{gathering.id}: {', '.join(about)}{condition}"
    yield ""
    groups = {p.id: ", ".join((*p.of, *p.tags)) for p in case.participants}
    yield Grid(("", "", ""), tuple((p.id, p.name or "", groups[p.id]) for p in case.participants))
    for title, lines in (("Facts", list(_facts(case))), ("Rules", [f"{r.id}: {r.rule}" for r in case.rules])):
        if lines:
            yield ""
            yield Heading(title)
            yield from lines
    yield ""
    yield Heading("Statements")
    standing = {s.id for s in in_force(case, scenario)}
    ordered = sorted(case.statements, key=lambda s: (m is not None, m) if (m := case.moment(s)) else (False, 0))
    rows = tuple(
        (str(s.id), _day(s), s.text, s.source or "", "" if s.id in standing else "superseded") for s in ordered
    )
    yield Grid(("", "", "", "", ""), rows) if rows else "none"
    if case.scenarios:
        yield ""
        yield Heading("Scenarios")
        yield ", ".join(str(s.id) for s in case.scenarios)


# --- words ----------------------------------------------------------------------------------------


def display(case: Case, attendance: Attendance) -> str:
    """A participant's display name, with the id where it is another."""
    name = case.roster.participants[attendance.participant].name
    return f"{name} ({attendance.participant})" if name and name != attendance.participant else attendance.participant


def _facts(case: Case) -> Iterator[str]:
    for fact in case.facts:
        value = "unknown" if fact.value is None else "yes" if fact.value else "no"
        yield f"{fact.id}: {value}" + (f" ({fact.name})" if fact.name else "")


def _said(case: Case, scenario: Scenario) -> dict[Attendance, list[str]]:
    """What is in force about each attendance, in its own words."""
    said: dict[Attendance, list[str]] = {}
    assumed = {key for key, _ in scenario.assume}
    for statement in in_force(case, scenario):
        attendance = Attendance(statement.who, statement.at or case.roster.main)
        words = str(statement.says) + (f" (says {statement.by})" if statement.by else "")
        if assumed & {statement.who, str(attendance)} and statement.binds:
            words = f"assumed, whatever was said ({words})"
        said.setdefault(attendance, []).append(words)
    return said


def _cause(found: Resolution, attendance: Attendance) -> str:
    cause = found.causes.get(attendance)
    if cause is None:
        return ""
    names = _few(str(n.participant) if isinstance(n, Attendance) else n for n in cause.on)
    return f" ({cause}: {names})" if names and cause.cause in ("fact", "depends") else f" ({cause})"


def _few(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"])


def _verdict(verdict: object, cause: Cause | None) -> str:
    return "not counted" if verdict is None else f"{verdict} ({cause})" if cause else str(verdict)


def _where(case: Case, attendance: Attendance) -> str:
    if len(case.gatherings) == 1:
        return ""
    gathering = case.roster.gatherings[attendance.gathering]
    return f", {gathering.name or gathering.id}"


def _when(moment: date | datetime) -> str:
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day} {moment:%H:%M}" if isinstance(moment, datetime) else day


def _day(statement: Statement) -> str:
    return "" if statement.said is None else statement.said.isoformat()
