"""What deserves a second look in a case that is sound: nothing here is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from attendance.model.case import Case
from attendance.model.conditions import Condition, Crowd, Held, Name, Represented, Tally, placed_leaves
from attendance.model.draft import utc
from attendance.model.nesting import depths
from attendance.model.participants import Attendance
from attendance.model.positions import in_force
from attendance.model.roster import assumed_place, condition_of
from attendance.model.sayings import Sends, WaitsFor
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.model.words import fold


def warnings(case: Case) -> Iterator[str]:
    """Warnings on the names of a case and on who speaks of whom, each a sentence."""
    yield from _alike(case)
    yield from case.roster.mixed
    touched = _touched(case)
    yield from _untouched(case, touched)
    yield from _unused(case, touched)
    yield from _beside(case)


def _alike(case: Case) -> Iterator[str]:
    """Names of two kinds that a reader would take for one."""
    seen: dict[str, str] = {}
    for name in case.roster.kinds:
        first = seen.setdefault(fold(name), name)
        if first != name:
            kinds = case.roster.kinds
            yield (
                f"the {kinds[name]} {name!r} and the {kinds[first]} {first!r} "
                "differ only by case, space or Unicode form"
            )


# --- what nothing touches ---------------------------------------------------------------------------


def conditions(case: Case) -> Iterator[tuple[Condition, str]]:
    """Every condition of a case, with the gathering it is read at."""
    main = case.roster.main
    for gathering in case.gatherings:
        if gathering.held_if is not None:
            yield gathering.held_if, gathering.id
    for rule in case.rules:
        yield rule.rule, rule.at or main
    for statement in _statements(case):
        condition = condition_of(statement.says)
        if condition is not None:
            yield condition, statement.at or main
    for scenario in case.scenarios:
        yield from ((condition, main) for condition in scenario.given)


def _statements(case: Case) -> Iterator[Statement]:
    """Every statement, those that scenarios add too."""
    yield from case.statements
    for scenario in case.scenarios:
        yield from scenario.add


@dataclass
class _Touched:
    """What is read or spoken of: names of any kind, and weights."""

    case: Case
    names: set[str] = field(default_factory=set)
    weights: set[str] = field(default_factory=set)
    _crowds: set[str] = field(default_factory=set)

    def name(self, name: str) -> None:
        """A name is touched, with all members of a group."""
        if name not in self.names:
            self.names.add(name)
            if self.case.roster.kinds.get(name) == "group":
                for member in self.case.roster.direct_members(name):
                    self.name(member)

    def held(self, gathering: str) -> None:
        """A gathering is read; where it has no condition, so is everyone there."""
        self.name(gathering)
        if self.case.roster.gatherings[gathering].held_if is None:
            self.crowd(gathering)

    def crowd(self, gathering: str) -> None:
        """Everyone at a gathering is read."""
        self.name(gathering)
        if gathering not in self._crowds:
            self._crowds.add(gathering)
            self.names.update(self.case.counted[gathering])

    def condition(self, condition: Condition, at: str) -> None:
        """All that a condition reads."""
        for place, leaf in placed_leaves(condition, None):
            match leaf:
                case Crowd():
                    self.crowd(place or at)
                case Held(gathering):
                    self.held(gathering)
                case Name(name) if self.case.roster.kinds[name] == "gathering":
                    self.held(name)
                case Name(name) | Represented(name):
                    self.name(name)
                case _:
                    assert_never(leaf)
        self.weights.update(part.weight for part, _, _ in depths(condition) if isinstance(part, Tally) and part.weight)


def _touched(case: Case) -> _Touched:
    """What anything in the case reads or speaks of."""
    found = _Touched(case)
    for condition, at in conditions(case):
        found.condition(condition, at)
    for statement in _statements(case):
        found.name(statement.who)
        found.name(statement.speaker)
        match statement.says:
            case Sends(delegates):
                names: Iterable[str] = delegates
            case WaitsFor(targets):
                names = (target.name for target in targets)
            case _:
                names = ()
        for name in names:
            found.name(name)
    found.names.update(person for gathering in case.gatherings for person in gathering.invited or ())
    keys = [key for scenario in case.scenarios for key, _ in scenario.assume]
    for key in (*keys, *(str(e.about) for e in case.expect)):
        place = assumed_place(case.roster, key)
        if place is not None and case.roster.kinds.get(place.name) != "fact":  # to assume a fact is not to read it
            found.name(place.name)
    return found


def _untouched(case: Case, touched: _Touched) -> Iterator[str]:
    """People of whom nobody speaks and whom nothing reads."""
    people = [p for p in case.roster.participants if p not in touched.names]
    if people:
        yield f"nobody speaks of {_listed(people)}, and nothing hangs on their coming: speak of them, or leave them out"


def _unused(case: Case, touched: _Touched) -> Iterator[str]:
    """Groups, facts, gatherings and weights that nothing reads; a group that people name themselves is a label."""
    roster = case.roster
    groups = [g for g in roster.groups if g not in touched.names and (roster.groups[g].members or not roster.tagged[g])]
    facts = [f for f in roster.facts if f not in touched.names]
    gatherings = [g for g in roster.gatherings if g not in touched.names and g != roster.main and not case.counted[g]]
    weights = sorted(roster.weights - touched.weights)
    places = {rule.at for rule in case.rules}
    for what, names in (
        ("group", groups),
        ("fact", facts),
        ("gathering", [g for g in gatherings if g not in places]),
        ("weight", weights),
    ):
        if names:
            kind, them = (what, "it") if len(names) == 1 else (f"{what}s", "them")
            yield f"nothing reads the {kind} {_listed(names)}: use {them} in a condition, or leave {them} out"


def _listed(names: list[str]) -> str:
    """A few names, and how many more."""
    return ", ".join(names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"])


# --- what may have been replaced --------------------------------------------------------------------


def _beside(case: Case) -> Iterator[str]:
    """Older statements that stand beside a newer one on the same attendance, for another said it."""
    about: dict[Attendance, list[Statement]] = {}
    for statement in in_force(case, Scenario()):
        if statement.binds and statement.said is not None and not statement.also and not statement.supersedes:
            about.setdefault(Attendance(statement.who, statement.at or case.roster.main), []).append(statement)
    for attendance, statements in about.items():
        newest = max(statements, key=lambda s: _moment(case, s))
        for older in statements:
            if _moment(case, older) < _moment(case, newest) and older.speaker != newest.speaker:
                yield (
                    f"{older.id} (by {older.speaker}) and the newer {newest.id} (by {newest.speaker}) "
                    f"about {attendance} both stand: if the newer one replaces the other, "
                    f"say so with 'supersedes: [{older.id}]'; if not, with 'also: yes'"
                )


def _moment(case: Case, statement: Statement) -> float:
    moment = case.moment(statement)
    assert moment is not None, "asked of dated statements alone"
    return utc(moment).timestamp()
