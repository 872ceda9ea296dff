"""Which statements are in force, and the position that they make of each attendance."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from attendance.model.case import Case
from attendance.model.conditions import Condition, Name
from attendance.model.draft import utc
from attendance.model.participants import Attendance
from attendance.model.sayings import Inclination, Might, Reading, Sends, WaitsFor, bounds, delegate_bound
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement, number_statements


class Contribution(NamedTuple):
    """The bounds that one statement puts on one attendance."""

    statement: Statement
    lower: Condition | None = None
    upper: Condition | None = None


class Position(NamedTuple):
    """All statements in force about one attendance, and its inclination between their bounds."""

    contributions: tuple[Contribution, ...] = ()
    inclination: Inclination = Inclination.OPEN


Talk = tuple[str, str, str, bool]
"""One speaker about one attendance: what a newer statement supersedes."""
LITERAL, OPEN = Reading.LITERAL, Inclination.OPEN
INCLINED, DISINCLINED = Inclination.INCLINED, Inclination.DISINCLINED
_EVER = datetime.min.replace(tzinfo=UTC)


def said(case: Case, scenario: Scenario) -> tuple[Statement, ...]:
    """The statements that the scenario leaves said: as of its time, by whom it believes, with what it adds."""
    kept: Sequence[Statement] = case.statements
    if scenario.as_of is not None:
        until = utc(case.until(scenario.as_of))
        kept = [s for s in kept if (moment := case.moment(s)) is None or utc(moment) <= until]
    if scenario.withdraw or scenario.disbelieve or scenario.believe is not None:
        kept = [s for s in kept if s.id not in scenario.withdraw and _believed(s, scenario)]
    added = number_statements(scenario.add, before=case.statements) if scenario.add else ()
    return (*kept, *added)


def in_force(case: Case, scenario: Scenario) -> tuple[Statement, ...]:
    """The statements that nothing newer supersedes, in the order of the file; `waits for` too."""
    statements = said(case, scenario)
    ended = {name for statement in statements for name in statement.supersedes}
    groups: dict[Talk, list[tuple[datetime, Statement]]] = {}
    for statement in statements:
        if statement.said is not None:
            groups.setdefault(talk_of(case, statement), []).append((age(case, statement), statement))
    for group in groups.values():
        if len(group) > 1:
            ended.update(superseded(group))
    return tuple(s for s in statements if s.id not in ended) if ended else statements


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
    leaning: dict[Attendance, list[Statement]] = {}
    for statement in statements:
        says = statement.says
        if isinstance(says, WaitsFor):  # it does not bind
            continue
        attendance = Attendance(statement.who, statement.at or main)
        contribution = Contribution(statement, *bounds(says, reading))
        if attendance in about:
            about[attendance].append(contribution)
        else:
            about[attendance] = [contribution]
        if leans(statement):
            leaning.setdefault(attendance, []).append(statement)
        if isinstance(says, Sends):
            lower = delegate_bound(says, Name(statement.who))
            for delegate in says.delegates:
                their = Attendance(delegate, attendance.gathering)
                about.setdefault(their, []).append(Contribution(statement, lower=lower))
    found: dict[Attendance, Position] = {}
    for attendance, parts in about.items():
        below = any(part.lower is not None for part in parts)
        above = any(part.upper is not None for part in parts)
        found[attendance] = Position(
            tuple(parts), inclination(case, below, above, leaning.get(attendance, ()), reading)
        )
    return found


def alone(case: Case, statements: Iterable[Statement]) -> tuple[dict[str, dict[str, Statement]], list[Statement]]:
    """The statements about whose attendance there is no other, by gathering and participant; and all others."""
    main = case.roster.main
    found: dict[str, dict[str, Statement]] = {g: {} for g in case.roster.gatherings}
    several: set[Attendance] = set()
    rest: list[Statement] = []
    for statement in statements:
        who, at, says = statement.who, statement.at or main, statement.says
        if isinstance(says, Sends | WaitsFor):
            rest.append(statement)
            several.update(touched(case, statement))
        elif who in found[at]:
            several.add(Attendance(who, at))
        else:
            found[at][who] = statement
    if several:
        for who, at in several:
            found[at].pop(who, None)
        rest = [s for s in statements if found[s.at or main].get(s.who) is not s]
    return found, rest


def leans(statement: Statement) -> bool:
    """Whether what is said has a word on what they do between their bounds."""
    return statement.inclination is not None or isinstance(statement.says, Might)


def inclination(case: Case, lower: bool, upper: bool, own: Sequence[Statement], reading: Reading) -> Inclination:
    """What somebody does between their bounds, by the first rule that says so.

    To the letter: either. Else the newest explicit inclination; else either, if they might attend;
    else attend if they only bounded when, stay away if they only bounded when not. `own` are those
    of their statements that lean; `lower` and `upper` say on which sides they are bounded.
    """
    if reading is LITERAL:
        return OPEN
    if own:
        explicit = [s for s in own if s.inclination is not None]
        if not explicit:  # they might
            return OPEN
        newest = max(enumerate(explicit), key=lambda item: (age(case, item[1]), item[0]))[1]
        return newest.inclination or OPEN
    if lower == upper:
        return OPEN
    return INCLINED if upper else DISINCLINED


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
