"""Answers as what is printed: one view an answer, in words for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from attendance.faces.screen import Grid, Heading, Piece
from attendance.model.case import Case
from attendance.model.outcome import Outcome
from attendance.model.participants import Attendance, Gathering
from attendance.model.positions import in_force, said
from attendance.model.roster import attendance_of
from attendance.model.sayings import Reading, Sends
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.questions.check import Report
from attendance.questions.compare import Comparison
from attendance.questions.resolve import Conflict, Held, Reason, Resolution
from attendance.questions.why import Explanation

MANY = 20
"""Up to this many repairs of a conflict are shown; JSON has all."""
VAST = 10**15
"""From this number on only its first digits are shown; JSON has all."""
EARLIEST = datetime.min.replace(tzinfo=UTC)


# --- resolve --------------------------------------------------------------------------------------


def resolution_view(case: Case, scenario: Scenario, found: Resolution) -> Iterator[Piece]:
    """The verdicts gathering by gathering, with what was said, and the conflicts."""
    title = found.case or "Who attends"
    yield Heading(f"{title} ({found.scenario})" if found.scenario else title)
    yield from ([scenario.name] if scenario.name else [])
    yield from ([supposed] if (supposed := supposition(scenario)) else [])
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
        yield from (f"{_fact(case, fact)}: {_truth(value)}" for fact, value in found.facts.items())
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
    words = {str(s.id): (s.text, _day(s), s.source or "") for s in in_force(case, scenario)}
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


# --- the other questions --------------------------------------------------------------------------


def explanation_view(found: Explanation) -> Iterator[Piece]:
    """An explanation, its headline first."""
    yield Heading(found.headline)
    yield from _reasons(found)


def _reasons(found: Explanation) -> Iterator[str]:
    yield from (f"{i}. {step.text}" for i, step in enumerate(found.steps, 1))
    yield from found.notes


def outcomes_view(number: int, found: Sequence[Outcome]) -> Iterator[Piece]:
    """Outcomes a line each, under their number."""
    yield Heading("1 outcome" if number == 1 else f"{_counted(number)} outcomes")
    yield from (f"{i}. {outcome}" for i, outcome in enumerate(found, 1))
    if 0 < len(found) < number:
        yield f"... and {_counted(number - len(found))} more"
    if number == 0:
        yield "The statements cannot all be kept: `attendance resolve` says which ones clash."


def _counted(number: int) -> str:
    if number < VAST:
        return f"{number:,}"
    digits = str(number)
    return f"about {digits[0]}.{digits[1:3]} * 10^{len(digits) - 1}"


def comparison_view(case: Case, found: Comparison) -> Iterator[Piece]:
    """What differs, with the reason for what is so now."""
    before, after = (r.scenario or "as it stands" for r in (found.before, found.after))
    yield Heading(f"{case.title or 'The case'}: {before} -> {after}")
    if not found.changes and not found.gatherings:
        yield "Nothing differs."
    for change in found.changes:
        yield ""
        yield f"{display(case, change.attendance)}{_where(case, change.attendance)}: {change}"
        if change.why is not None:
            yield from (f"  {line}" for line in _reasons(change.why))
    for name, was, now in found.gatherings:
        yield ""
        yield f"{case.roster.gatherings[name].name or name}: {was} -> {now}"


def report_view(file: str, found: Report) -> Iterator[Piece]:
    """What a check found."""
    yield f"{file}: {found.tried - len(found.failures)} of {found.tried} expected answers came"
    yield from (f"  {failure}" for failure in found.failures)
    yield from (f"  warning: {warning}" for warning in found.warnings)


# --- the case -------------------------------------------------------------------------------------


def case_view(case: Case, scenario: Scenario) -> Iterator[Piece]:
    """A case as it is told: gatherings, participants, groups, facts, rules, statements and scenarios."""
    yield Heading(case.title or "A case without a title")
    members = case.roster.members
    groups = case.roster.groups
    for title, rows in (
        ("Gatherings", [(g.id, about_gathering(g) + _conditions(g)) for g in case.gatherings]),
        ("Participants", [(p.id, p.name or "", ", ".join((*p.of, *p.tags))) for p in case.participants]),
        ("Groups", [(g, (groups[g].name or "") if g in groups else "", ", ".join(members[g])) for g in members]),
        ("Facts", [(f.id, f.name or "", _truth(f.value)) for f in case.facts]),
        ("Rules", [(str(r.id), str(r.rule) + (f" (at {r.at})" if r.at else "")) for r in case.rules]),
    ):
        yield from _section(title, rows)
    yield from _section(f"Statements, times of {case.timezone}", _statements(case, scenario), long=2)
    yield from _section("Scenarios", [(str(s.id), s.name or "", supposition(s)) for s in case.scenarios])


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
            _day(s),
            s.text + (f" (says {s.by})" if s.by else ""),
            s.source or "",
            "" if s.id in standing else "superseded" if s.id in known else "not yet said",
        )
        for s in sorted(case.statements, key=lambda s: case.moment(s) or EARLIEST)
    ]


def _conditions(gathering: Gathering) -> str:
    held = f"; held if {gathering.held_if}" if gathering.held_if is not None else ""
    return held + (f"; invited: {', '.join(gathering.invited) or 'nobody'}" if gathering.invited is not None else "")


# --- words ----------------------------------------------------------------------------------------


def display(case: Case, attendance: Attendance) -> str:
    """A participant's display name, with the id where it is another."""
    return _named(case.roster.participants[attendance.participant].name, attendance.participant)


def about_gathering(gathering: Gathering) -> str:
    """A gathering's name, when and where."""
    about = [gathering.name or gathering.id]
    about += [_when(gathering.start)] if gathering.start else []
    about += [gathering.place] if gathering.place else []
    return ", ".join(about)


def supposition(scenario: Scenario) -> str:
    """What a scenario supposes, in a line; empty if it supposes nothing."""
    told = {
        "assumed": [f"{key} = {_truth(value)}" for key, value in scenario.assume],
        "given": [f"“{condition}”" for condition in scenario.given],
        "without": scenario.withdraw,
        "added": [f"“{statement.text}”" for statement in scenario.add],
        "believed only": scenario.believe or (),
        "not believed": scenario.disbelieve,
    }
    parts = [f"{kind}: {', '.join(names)}" for kind, names in told.items() if names]
    parts += [f"as of {_when(scenario.as_of)}"] if scenario.as_of is not None else []
    parts += ["to the letter"] if scenario.reading is Reading.LITERAL else []
    parts += ["nobody comes on a circle of promises alone"] if scenario.founded else []
    return "; ".join(parts)


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
    names = _few(n.participant if isinstance(n, Attendance) and n.gathering == there else str(n) for n in cause.on)
    return f" ({cause}: {names})" if cause.cause in (Reason.FACT, Reason.DEPENDS) else f" ({cause})"


def _few(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"])


def _named(name: str | None, id_: str) -> str:
    return f"{name} ({id_})" if name and name != id_ else id_


def _fact(case: Case, fact: str) -> str:
    return _named(case.roster.facts[fact].name, fact)


def _truth(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"


def _where(case: Case, attendance: Attendance) -> str:
    if len(case.gatherings) == 1:
        return ""
    gathering = case.roster.gatherings[attendance.gathering]
    return f", {gathering.name or gathering.id}"


def _when(moment: date | datetime) -> str:
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day} {moment:%H:%M}" if isinstance(moment, datetime) else day


def _day(statement: Statement) -> str:
    match statement.said:
        case None:
            return ""
        case datetime() as moment:
            return moment.isoformat(" ", "minutes")
        case day:
            return day.isoformat()
