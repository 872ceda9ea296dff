"""Which statements are in force, and the position that they make of each attendance."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from attendance.model.case import Case
from attendance.model.conditions import Condition, Name
from attendance.model.draft import utc
from attendance.model.participants import Attendance
from attendance.model.sayings import Inclination, Might, Reading, Sends, WaitsFor, bounds, delegate_bound
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement, number_statements


@dataclass(frozen=True, slots=True)
class Contribution:
    """The bounds that one statement puts on one attendance."""

    statement: Statement
    lower: Condition | None = None
    upper: Condition | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """All statements in force about one attendance, and its inclination between their bounds."""

    contributions: tuple[Contribution, ...] = ()
    inclination: Inclination = Inclination.OPEN


Talk = tuple[str, str, str, bool]
"""One speaker about one attendance: what a newer statement supersedes."""
_EVER = datetime.min.replace(tzinfo=UTC)


def said(case: Case, scenario: Scenario) -> tuple[Statement, ...]:
    """The statements that the scenario leaves said: as of its time, by whom it believes, with what it adds."""
    until = None if scenario.as_of is None else utc(case.until(scenario.as_of))
    kept = []
    for statement in case.statements:
        moment = case.moment(statement)
        hidden = until is not None and moment is not None and utc(moment) > until
        if not hidden and _believed(statement, scenario) and statement.id not in scenario.withdraw:
            kept.append(statement)
    return (*kept, *number_statements(scenario.add, before=case.statements))


def in_force(case: Case, scenario: Scenario) -> tuple[Statement, ...]:
    """The statements that nothing newer supersedes, in the order of the file; `waits for` too."""
    statements = said(case, scenario)
    ended = {name for statement in statements for name in statement.supersedes}
    groups: dict[Talk, list[tuple[datetime, Statement]]] = {}
    for statement in statements:
        moment = case.moment(statement)
        if moment is not None:
            groups.setdefault(talk_of(case, statement), []).append((utc(moment), statement))
    for group in groups.values():
        ended.update(superseded(group))
    return tuple(s for s in statements if s.id not in ended)


def replayed(
    case: Case, scenario: Scenario
) -> Iterator[tuple[datetime | None, tuple[Statement, ...], tuple[Statement, ...]]]:
    """Each moment at which something was said, oldest first: what was said, and what was then in force.

    First, at None, comes what is undated, and what the scenario adds: that stands as of every moment.
    """
    statements = said(case, scenario)
    moments: dict[datetime | None, list[Statement]] = {}
    added = {s.id for s in statements[len(statements) - len(scenario.add) :]}
    for statement in statements:
        moment = None if statement.id in added else case.moment(statement)
        moments.setdefault(None if moment is None else utc(moment), []).append(statement)
    spoken: set[str | None] = set()
    named: set[str] = set()
    ended: dict[Talk, set[str]] = {}
    groups: dict[Talk, list[tuple[datetime, Statement]]] = {}
    for moment, new in sorted(moments.items(), key=lambda item: (item[0] is not None, item[0] or _EVER)):
        spoken.update(s.id for s in new)
        named.update(name for s in new for name in s.supersedes)
        for statement in new:
            if statement.said is not None:
                groups.setdefault(talk_of(case, statement), []).append((age(case, statement), statement))
        for talk in {talk_of(case, s) for s in new} & set(groups):
            ended[talk] = superseded(groups[talk])
        gone = named.union(*ended.values())
        yield moment, tuple(new), tuple(s for s in statements if s.id in spoken and s.id not in gone)


def touched(case: Case, statement: Statement) -> tuple[Attendance, ...]:
    """The attendances whose positions a statement is part of: its own, and those of whom it sends."""
    if not statement.binds:
        return ()
    gathering = statement.at or case.roster.main
    sent = statement.says.delegates if isinstance(statement.says, Sends) else ()
    return tuple(Attendance(who, gathering) for who in (statement.who, *sent))


def positions(case: Case, statements: Iterable[Statement], reading: Reading) -> dict[Attendance, Position]:
    """The position of every attendance that a statement in force is about."""
    main = case.roster.main
    about: dict[Attendance, list[Contribution]] = {}
    own: dict[Attendance, list[Statement]] = {}
    for statement in statements:
        if not statement.binds:
            continue
        attendance = Attendance(statement.who, statement.at or main)
        found = bounds(statement.says, reading)
        about.setdefault(attendance, []).append(Contribution(statement, found.lower, found.upper))
        own.setdefault(attendance, []).append(statement)
        if isinstance(statement.says, Sends):
            lower = delegate_bound(statement.says, Name(statement.who))
            for delegate in statement.says.delegates:
                their = Attendance(delegate, attendance.gathering)
                about.setdefault(their, []).append(Contribution(statement, lower=lower))
    return {
        attendance: Position(tuple(parts), inclination(case, parts, own.get(attendance, ()), reading))
        for attendance, parts in about.items()
    }


def inclination(case: Case, parts: Sequence[Contribution], own: Sequence[Statement], reading: Reading) -> Inclination:
    """What somebody does between their bounds, by the first rule that says so.

    To the letter: either. Else the newest explicit inclination; else either, if they might attend;
    else attend if they only bounded when, stay away if they only bounded when not.
    """
    if reading is Reading.LITERAL:
        return Inclination.OPEN
    explicit = [s for s in own if s.inclination is not None]
    if explicit:
        newest = max(enumerate(explicit), key=lambda item: (age(case, item[1]), item[0]))[1]
        return newest.inclination or Inclination.OPEN
    if any(isinstance(s.says, Might) for s in own):
        return Inclination.OPEN
    lower = any(p.lower is not None for p in parts)
    upper = any(p.upper is not None for p in parts)
    if lower == upper:
        return Inclination.OPEN
    return Inclination.INCLINED if upper else Inclination.DISINCLINED


def waits(case: Case, statements: Iterable[Statement]) -> list[tuple[Attendance, Statement]]:
    """Who waits for others, by the statements in force that say so."""
    main = case.roster.main
    return [(Attendance(s.who, s.at or main), s) for s in statements if isinstance(s.says, WaitsFor)]


def talk_of(case: Case, statement: Statement) -> Talk:
    """Who speaks about which attendance, and whether it binds."""
    return statement.speaker, statement.who, statement.at or case.roster.main, statement.binds


def age(case: Case, statement: Statement) -> datetime:
    """A key that sorts older statements first, undated ones before all."""
    moment = case.moment(statement)
    return _EVER if moment is None else utc(moment)


def _believed(statement: Statement, scenario: Scenario) -> bool:
    if statement.source is None:
        return True
    if statement.source in scenario.disbelieve:
        return False
    return scenario.believe is None or statement.source in scenario.believe


def superseded(group: Sequence[tuple[datetime, Statement]]) -> set[str]:
    """The ids of one speaker's dated statements about one attendance that newer ones end.

    The newest moment stands; the next older one stands beside it if all of the newest say `also`.
    """
    moments: dict[datetime, list[Statement]] = {}
    for moment, statement in group:
        moments.setdefault(moment, []).append(statement)
    ended: set[str] = set()
    ending = False
    for _, statements in sorted(moments.items(), reverse=True):
        if ending:
            ended.update(str(s.id) for s in statements)
        ending = ending or not all(s.also for s in statements)
    return ended
