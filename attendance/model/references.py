"""What a case speaks of: every name in every statement, rule and scenario is known and stands where it may."""

import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import assert_never

from attendance.errors import FEW, Guesses, Problem, round_trip
from attendance.model.conditions import (
    Condition,
    Crowd,
    Held,
    Name,
    Represented,
    Tally,
    leaves,
)
from attendance.model.draft import Draft, Path, instant, problem, utc, zone
from attendance.model.expectation import Expectation
from attendance.model.nesting import MAX_DEPTH, TOO_DEEP, Part, children
from attendance.model.participants import Attendance, Gathering
from attendance.model.quorums import Quorums
from attendance.model.roster import Counted, Kind, Roster, assumed_place, attendance_of, condition_of, counted
from attendance.model.sayings import Sends, WaitsFor
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.model.values import shown
from attendance.model.words import quote


@dataclass(frozen=True)
class Reference:
    """Where a condition stands: its path, and whether `others` means somebody."""

    path: Path
    about: bool = False


class References:
    """Every reference of a draft, checked against its roster."""

    def __init__(self, draft: Draft, roster: Roster, of_call: Sequence[Scenario] = ()) -> None:
        self.draft, self.roster, self.of_call = draft, roster, of_call
        self.main = roster.main
        self.guesses, self.quorums = Guesses(), Quorums(roster.gatherings)
        self._named: dict[tuple[Kind, ...], list[str]] = {}
        self.counted: Counted = counted(
            roster,
            [s for _, s in draft.statements],
            [r for _, r in draft.rules],
            [*(s for _, s in draft.scenarios), *of_call],
        )

    def all(self) -> list[Problem]:
        """Every problem, section by section."""
        found = [*self.gatherings(), *self.rules(), *self.statements(), *self.supersession()]
        for path, scenario in self.draft.scenarios:
            found += self.scenario(path, scenario)
        return [*found, *self.expectations()]

    def expectations(self) -> Iterator[Problem]:
        """What is wrong with expected answers."""
        scenarios = dict.fromkeys(str(s.id) for _, s in self.draft.scenarios)
        seen: set[tuple[str, str | Name | Attendance]] = set()
        for path, expected in self.draft.expect:
            name = expected.scenario
            about = self.meant(expected.about)
            if (name, about) in seen:
                yield problem("this answer is expected twice", path, about_key=True)
            if not name or name in scenarios or name in self.draft.broken:
                yield from self.expectation(path, expected)
            elif all(name != other for other, _ in seen):
                hint = self.guesses.near("scenario", name, scenarios)
                yield problem(f"unknown scenario {name!r}", path[:2], hint=hint, about_key=True)
            seen.add((name, about))

    def meant(self, key: str) -> Attendance | Name | str:
        """The same for all spellings of a name: whom it means, or else the name, or a key that is none."""
        place = assumed_place(self.roster, key)
        return attendance_of(self.roster, self.counted, key) or (key if place is None else place)

    def expectation(self, path: Path, expected: Expectation) -> Iterator[Problem]:
        """What is wrong with one: nobody is counted so, or it is no answer for what it is about."""
        about, verdict = expected.about, expected.verdict
        place = assumed_place(self.roster, about)
        kinds: tuple[Kind, ...] = ("participant", "gathering")
        if place is not None and place.at is None and place.name in self.roster.gatherings:
            if verdict not in ("held", "not held", "undetermined"):
                yield problem(f"a gathering is held, not held or undetermined, not {verdict}", path)
        elif place is None:
            yield self.nameless(about, path, kinds)
        elif attendance_of(self.roster, self.counted, about) is None:
            found = list(self.known(place.name, kinds, path))
            if place.at is not None:
                found += self.known(place.at, ("gathering",), path)
                found = found or [problem(f"{place.name!r} is not counted at {place.at!r}", path)]
            yield from (replace(p, about_key=True) for p in found or self.assumable(place, path))
        elif verdict in ("held", "not held"):
            yield problem(f"a participant attends or is absent, not {verdict}", path)

    def gatherings(self) -> Iterator[Problem]:
        """What is wrong with invitations and `held_if`."""
        for path, gathering in self.draft.gatherings:
            for person in gathering.invited or ():
                yield from self.known(person, ("participant",), (*path, "invited"))
            if gathering.held_if is not None:
                where = Reference((*path, "held_if"))
                yield from self.condition(gathering.held_if, where)
            yield from self.times(path, gathering)
        yield from self.quorums.chains({g.id: path for path, g in self.draft.gatherings})

    def times(self, path: Path, gathering: Gathering) -> Iterator[Problem]:
        """A gathering that ends before it starts."""
        within = zone(self.draft.timezone)
        if gathering.start is None or gathering.end is None or within is None:
            return
        start, end = instant(gathering.start, within), instant(gathering.end, within)
        if utc(end) < utc(start):
            yield problem(f"{gathering.id} ends before it starts", (*path, "end"))

    def rules(self) -> Iterator[Problem]:
        """What is wrong with rules."""
        for path, rule in self.draft.rules:
            if rule.at is not None:
                yield from self.known(rule.at, ("gathering",), (*path, "at"))
            yield from self.condition(rule.rule, Reference((*path, "rule")))

    def statements(self) -> Iterator[Problem]:
        """What is wrong with statements, each on its own."""
        for path, statement in self.draft.statements:
            yield from self.statement(path, statement)

    def statement(self, path: Path, statement: Statement) -> Iterator[Problem]:
        """What is wrong with one statement."""
        at = statement.at or self.main
        if statement.at is not None:
            yield from self.known(statement.at, ("gathering",), (*path, "at"))
        yield from self.person(statement.who, at, (*path, "who"))
        says = (*path, "says")
        if isinstance(statement.says, Sends):
            for delegate in statement.says.delegates:
                if delegate == statement.who:
                    yield problem(
                        f"{delegate!r} cannot be sent in their own place", says, statement.says, word=delegate
                    )
                else:
                    yield from self.person(delegate, at, says, statement)
        if isinstance(statement.says, WaitsFor):
            for target in statement.says.targets:
                yield from self.known(target.name, ("participant", "group", "fact"), says, statement.says)
                if target.at is not None:
                    yield from self.known(target.at, ("gathering",), says, statement.says)
        condition = condition_of(statement.says)
        if condition is not None:
            yield from self.condition(condition, Reference(says, about=True), statement.says)

    def person(self, name: str, at: str, path: Path, statement: Statement | None = None) -> Iterator[Problem]:
        """Of whom something may be said: a participant, counted at the gathering."""
        said = statement.says if statement else None
        if self.roster.kinds.get(name) == "group":
            yield problem(
                f"{name!r} is a group, and a group says nothing itself",
                path,
                said,
                hint="say it of its members",
                word=name,
            )
            return
        unknown = list(self.known(name, ("participant",), path, said))
        yield from unknown
        if not unknown and at in self.roster.gatherings and name not in self.draft.broken:
            invited = self.roster.gatherings[at].invited
            if invited is not None and name not in invited:
                yield problem(
                    f"{name!r} is not invited to {at!r}",
                    path,
                    said,
                    hint=f"add {name} to invited, or leave this out",
                    word=name,
                )

    def supersession(self) -> Iterator[Problem]:
        """Unknown ids in `supersedes`, and circles."""
        ids = {str(s.id): path for path, s in self.draft.statements}
        for path, statement in self.draft.statements:
            for other in statement.supersedes:
                yield from self.statement_id(other, ids, (*path, "supersedes"))
        yield from _circle(self.draft.statements)

    def statement_id(self, name: str, known: Iterable[str], path: Path) -> Iterator[Problem]:
        """A problem where no statement has that id."""
        uncounted = self.draft.broken and re.fullmatch(r".*\.\d+", name)  # what could not be read has no number
        if name not in known and name not in self.draft.broken and not uncounted:
            hint = self.guesses.near("statement", name, known)
            yield problem(f"unknown statement {name!r}", path, hint=hint, word=name)

    def scenario(self, path: Path, scenario: Scenario) -> Iterator[Problem]:
        """A scenario of the case, or of a call (with an empty path)."""
        yield from self.assumed(path, scenario)
        for i, condition in enumerate(scenario.given):
            yield from self.condition(condition, Reference((*path, "given", i)))
        for i, statement in enumerate(scenario.add):
            yield from self.statement((*path, "add", i), statement)
        added = dict.fromkeys(s.id for other in (*self.of_call, scenario) for s in other.add if s.id is not None)
        for i, statement in enumerate(scenario.add):
            for other in statement.supersedes:
                yield from self.statement_id(other, ChainMap(added, self.ids), (*path, "add", i, "supersedes"))
        if scenario.add:
            yield from _circle([*self.draft.statements, *(((*path, "add", i), s) for i, s in enumerate(scenario.add))])
        for name in scenario.withdraw:
            yield from self.statement_id(name, self.withdrawable, (*path, "withdraw"))
        sources = self.sources(scenario) if scenario.believe or scenario.disbelieve else []
        for key, names in (("believe", scenario.believe or ()), ("disbelieve", scenario.disbelieve)):
            for name in names:
                if name not in sources and name not in self.draft.broken:
                    hint = self.guesses.near("source", name, sources)
                    hint = hint or f"the sources are: {', '.join(sources) or 'none'}"
                    yield problem(f"no statement has the source {name!r}", (*path, key), hint=hint, word=name)

    @cached_property
    def ids(self) -> dict[str, None]:
        """The ids of the statements."""
        return dict.fromkeys(str(s.id) for _, s in self.draft.statements)

    @cached_property
    def withdrawable(self) -> dict[str, None]:
        """The ids of statements and rules."""
        return self.ids | dict.fromkeys(str(r.id) for _, r in self.draft.rules)

    def assumed(self, path: Path, scenario: Scenario) -> Iterator[Problem]:
        """What is wrong with what a scenario assumes."""
        seen: dict[object, bool] = {}
        kinds: tuple[Kind, ...] = ("participant", "fact")
        for key, value in scenario.assume:
            where = (*path, "assume", key)
            place = assumed_place(self.roster, key)
            if place is None:
                yield self.nameless(key, where, kinds)
                continue
            unknown = list(self.known(place.name, kinds, where))
            if place.at is not None:
                unknown += self.known(place.at, ("gathering",), where)
            found = unknown or list(self.assumable(place, where))
            meant = self.meant(key)
            if seen.setdefault(meant, value) != value:
                found.append(problem(f"{key!r} is assumed both ways", where, hint=self.elsewhere(scenario, meant)))
            yield from (replace(p, about_key=True) for p in found)

    def elsewhere(self, scenario: Scenario, meant: Attendance | Name | str) -> str | None:
        """A hint where somebody is assumed by their name alone, and that is not at the main gathering."""
        if not isinstance(meant, Attendance) or meant.gathering == self.roster.main:
            return None
        name, main = meant.participant, quote(self.roster.main)
        if Name(name) not in (assumed_place(self.roster, key) for key, _ in scenario.assume):
            return None
        return f"{name!r} alone is {meant} here: say '{quote(name)} at {main}' if they come there too"

    def nameless(self, key: str, path: Path, kinds: tuple[Kind, ...]) -> Problem:
        """The problem of a key that is not a name, nor a name at a gathering."""
        hint = self.roster.called(key, *kinds)
        return problem(f"{shown(key)} is not a name, nor a name at a gathering", path, hint=hint, about_key=True)

    def assumable(self, place: Name, path: Path) -> Iterator[Problem]:
        """A problem where an attendance is not counted, or a fact is put at a gathering."""
        if place.name not in self.roster.participants:
            if place.at is not None:
                yield problem(f"{place.name!r} is a fact, and facts are at no gathering", path)
            return
        where = [g for g, people in self.counted.items() if place.name in people]
        if place.at is not None and place.at not in where:
            yield problem(f"{place.name!r} is not invited to {place.at!r}", path)
        elif place.at is None and not where:
            yield problem(f"{place.name!r} is invited nowhere", path)
        elif place.at is None and self.main not in where and len(where) > 1:
            yield problem(
                f"{place.name!r} is counted at several gatherings",
                path,
                hint=f"say '{place.name} at {where[0]}'",
            )

    def sources(self, scenario: Scenario) -> list[str]:
        """Every source that a statement has."""
        said = [s for _, s in self.draft.statements]
        said += [s for _, other in self.draft.scenarios for s in other.add]
        said += [s for other in (*self.of_call, scenario) for s in other.add]
        return sorted({s.source for s in said if s.source is not None})

    # --- names in conditions ---

    def condition(self, condition: Condition, where: Reference, said: object = None) -> Iterator[Problem]:
        """What is wrong with a condition."""
        said = said if said is not None else condition
        for leaf in leaves(condition):
            yield from self.leaf(leaf, where, said)
        yield from self.tallies(condition, where.path, said)
        if self.quorums.conditions and self.quorums.level(condition) > MAX_DEPTH:
            yield problem(f"{TOO_DEEP}, with what they read in held_if", where.path)

    def leaf(self, leaf: Name | Represented | Held | Crowd, where: Reference, said: object) -> Iterator[Problem]:
        """What is wrong with one name or crowd."""
        at = None if isinstance(leaf, Held) else leaf.at
        if at is not None:
            yield from self.known(at, ("gathering",), where.path, said)
        match leaf:
            case Name(name):
                yield from self.known(name, ("participant", "group", "gathering", "fact"), where.path, said)
                if at is not None and self.roster.kinds.get(name) in ("fact", "gathering"):
                    yield problem(
                        f"{name!r} is a {self.roster.kinds[name]}, and is at no gathering",
                        where.path,
                        said,
                        word=name,
                    )
            case Represented(group):
                yield from self.known(group, ("group",), where.path, said)
            case Held(gathering):
                yield from self.known(gathering, ("gathering",), where.path, said)
            case Crowd("others") if not where.about:
                yield problem(
                    "'others' means nobody here: no statement is spoken about somebody",
                    where.path,
                    said,
                    hint="say 'everyone'",
                    word="others",
                )
            case Crowd():
                pass
            case _:
                assert_never(leaf)

    def tallies(self, condition: Condition, path: Path, said: object) -> Iterator[Problem]:
        """Counts that can never be, and weights that nobody has."""
        for tally in _tallies(condition):
            if tally.weight is not None:
                if tally.weight not in self.roster.weights and not self.draft.broken:
                    hint = self.guesses.near("weight", tally.weight, sorted(self.roster.weights))
                    hint = hint or "give it to participants with 'weights:'"
                    yield problem(
                        f"no participant has a weight {tally.weight!r}",
                        path,
                        said,
                        hint=hint,
                        word=tally.weight,
                    )
                for item in tally.of.items:
                    if not isinstance(item, Crowd) and not self.weighs(item):
                        message = f"only participants have a weight {tally.weight!r}, not '{item}'"
                        yield problem(message, path, said, word=str(item))
            elif not tally.percent and tally.relation != "at most" and self.countable(tally):
                size = len(set(tally.of.items))
                if tally.quota > size:
                    number = "is only one" if size == 1 else f"are only {size}"
                    message = f"'{tally}' can never be: there {number} of them"
                    yield problem(message, path, said, word=str(tally))

    def weighs(self, item: Condition) -> bool:
        """Whether an item of a sum can have a weight."""
        return isinstance(item, Name) and (
            self.roster.kinds.get(item.name) in ("participant", "group", None) or item.name in self.draft.broken
        )

    def countable(self, tally: Tally) -> bool:
        """Whether the size of the selection is plain from the text: no groups, no crowds."""
        return all(
            isinstance(item, Condition) and not (isinstance(item, Name) and self.roster.kinds.get(item.name) == "group")
            for item in tally.of.items
        )

    def named(self, kinds: tuple[Kind, ...]) -> list[str]:
        """Every name of those kinds, gathered once however many names are unknown."""
        if kinds not in self._named:
            self._named[kinds] = [n for n, k in self.roster.kinds.items() if k in kinds]
        return self._named[kinds]

    def known(self, name: str, kinds: tuple[Kind, ...], path: Path, said: object = None) -> Iterator[Problem]:
        """A problem where the name is not one of those kinds."""
        kind = self.roster.kinds.get(name)
        if kind in kinds or name in self.draft.broken:
            return
        wanted = "name" if len(kinds) == 4 else " or ".join([", ".join(kinds[:-1]), kinds[-1]][len(kinds) == 1 :])
        if kind is not None:
            yield problem(f"{name!r} is a {kind}, not a {wanted}", path, said, word=name)
            return
        names = self.named(kinds)
        hint = self.roster.called(name, *kinds) or self.guesses.near(wanted, name, names)
        if hint is None and len(names) <= FEW:
            none = f"no {wanted} is declared yet: declare it under '{kinds[0]}s'"
            hint = f"known are: {', '.join(map(quote, names))}" if names else none
        yield problem(f"unknown {wanted} {name!r}", path, said, hint=hint, word=name)


def _circle(statements: Sequence[tuple[Path, Statement]]) -> Iterator[Problem]:
    """A circle of statements that supersede each other, if there is one."""
    graph = {str(s.id): s.supersedes for _, s in statements if s.supersedes}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        path = next(p for p, s in statements if s.id in circle)
        message = f"statements supersede each other in a circle: {round_trip(circle)}"
        yield problem(message, (*path, "supersedes"))


def _tallies(condition: Part) -> Iterator[Tally]:
    if isinstance(condition, Tally):
        yield condition
    for child in children(condition):
        yield from _tallies(child)
