"""Who is who: what each name of a case stands for, the members of groups, and who is counted where."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Literal

from attendance.errors import LanguageError
from attendance.model.conditions import Condition, Name, placed_leaves
from attendance.model.language import parse_place
from attendance.model.participants import AT, Attendance, Fact, Gathering, Group, Participant, attendances_called
from attendance.model.sayings import Saying, Sends, WaitsFor
from attendance.model.scenario import Scenario
from attendance.model.statements import Rule, Statement
from attendance.model.words import MAX_NAME, fold, quote, scripts

_WORD = re.compile(r"[^\s()/,.-]+")
"""A word of a display name, which may well stand in two scripts: `Wang Wei (...)`."""
Kind = Literal["participant", "group", "gathering", "fact"]


class Roster:
    """The names of a case. A tag is a group too, so groups need no declaration."""

    def __init__(
        self,
        gatherings: Sequence[Gathering],
        participants: Sequence[Participant],
        groups: Sequence[Group] = (),
        facts: Sequence[Fact] = (),
    ) -> None:
        self.gatherings = {g.id: g for g in gatherings}
        self.participants = {p.id: p for p in participants}
        self.groups = {g.id: g for g in groups}
        self.facts = {f.id: f for f in facts}
        self.tagged: dict[str, list[str]] = {g: [] for g in self.groups}
        for participant in participants:
            for tag in (*participant.of, *participant.tags):
                self.tagged.setdefault(tag, []).append(participant.id)

    @cached_property
    def main(self) -> str:
        """The first gathering."""
        return next(iter(self.gatherings))

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """What each name is."""
        kinds: dict[str, Kind] = {}
        for name in self.participants:
            kinds[name] = "participant"
        for name in self.tagged:
            kinds.setdefault(name, "group")
        for name in self.gatherings:
            kinds.setdefault(name, "gathering")
        for name in self.facts:
            kinds.setdefault(name, "fact")
        return kinds

    @cached_property
    def weights(self) -> frozenset[str]:
        """Every weight that some participant has."""
        return frozenset(w for p in self.participants.values() for w, _ in p.weights)

    @cached_property
    def mixed(self) -> tuple[str, ...]:
        """A warning of each id with letters of several scripts, and each display name with such a word."""
        ids = ((name, [name]) for name in self.kinds if not name.isascii())
        names = ((name, _WORD.findall(name)) for _, name in self._displayed() if not name.isascii())
        found: dict[str, None] = {}
        for name, words in chain(ids, names):
            for several in filter(lambda several: len(several) > 1, map(scripts, words)):
                found[f"the name {name!r} mixes letters of {' and '.join(several)}"] = None
        return tuple(found)

    def called(self, name: str, *kinds: Kind) -> str | None:
        """A hint with the id of what has this display name, if something of those kinds has."""
        found = self._called.get(fold(name), ())
        return next((f"did you mean {quote(i)}?" for i in found if self.kinds[i] in kinds), None)

    @cached_property
    def _called(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id_, name in self._displayed():
            found.setdefault(fold(name), []).append(id_)
        return found

    def _displayed(self) -> Iterator[tuple[str, str]]:
        """The ids of all that has a display name, with that."""
        named: list[Participant | Group | Gathering | Fact] = [*self.participants.values(), *self.groups.values()]
        named += (*self.gatherings.values(), *self.facts.values())
        yield from ((value.id, value.name) for value in named if value.name)

    def direct_members(self, group: str) -> list[str]:
        """The members that a group has by itself, groups among them."""
        declared = self.groups[group].members if group in self.groups else ()
        return list(dict.fromkeys([*declared, *self.tagged[group]]))

    @cached_property
    def nested(self) -> dict[str, list[str]]:
        """The groups within each group; a participant is none, even where a group is wrongly called the same."""
        groups = self.tagged.keys() - self.participants.keys()
        return {g: [m for m in self.direct_members(g) if m in groups] for g in self.tagged}

    @cached_property
    def circle(self) -> list[str] | None:
        """A circle of groups that contain each other, if there is one."""
        try:
            TopologicalSorter(self.nested).prepare()
        except CycleError as error:
            return list(reversed(error.args[1]))
        return None

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The participants of each group, groups within it taken apart, in the order of the roster."""
        sets: dict[str, frozenset[str]] = {}
        for group in TopologicalSorter(self.nested).static_order():
            people = frozenset(m for m in self.direct_members(group) if m in self.participants)
            sets[group] = people.union(*(sets[inner] for inner in self.nested[group]))
        rank = {name: i for i, name in enumerate(self.participants)}
        return {group: tuple(sorted(people, key=rank.__getitem__)) for group, people in sets.items()}


Counted = dict[str, tuple[str, ...]]
Named = tuple[str, str | None]
"""Somebody, and the gathering at which they are named."""


def counted(
    roster: Roster,
    statements: Iterable[Statement],
    rules: Iterable[Rule],
    scenarios: Sequence[Scenario],
    besides: Iterable[Named] = (),
) -> Counted:
    """Who has an attendance at each gathering, in the order of the roster.

    A gathering with `invited` has exactly those; any other has those named there by name, and those named
    `besides`. Whoever is named and invited nowhere is counted at the first gathering, unless that has `invited`.
    """
    sets: dict[str, set[str]] = {g: set(v.invited or ()) for g, v in roster.gatherings.items()}
    if len(sets) == 1 and roster.gatherings[roster.main].invited is None:
        return {roster.main: tuple(roster.participants)}  # there is nowhere else to be
    for person, gathering in chain(_named(roster, statements, rules, scenarios), besides):
        if gathering in sets and person in roster.participants and roster.gatherings[gathering].invited is None:
            sets[gathering].add(person)
    if roster.gatherings[roster.main].invited is None:
        elsewhere = set().union(*sets.values())
        sets[roster.main].update(p for p in roster.participants if p not in elsewhere)
    rank = {name: i for i, name in enumerate(roster.participants)}
    return {g: tuple(sorted((p for p in people if p in rank), key=rank.__getitem__)) for g, people in sets.items()}


def assumed_place(roster: Roster, key: str) -> Name | None:
    """A key of `assume` as a name, perhaps at a gathering; None where it does not parse."""
    if key in roster.kinds:
        return Name(key)
    try:
        return parse_place(key)
    except LanguageError:
        return _plain_place(roster, key)


def _plain_place(roster: Roster, key: str) -> Name | None:
    """A name at a gathering without the quotes that it would need, as answers print it."""
    if len(key) > 2 * MAX_NAME + len(AT):
        return None
    found = (Name(*called) for called in attendances_called(key))
    return next((place for place in found if place.name in roster.kinds and place.at in roster.gatherings), None)


def _named(
    roster: Roster, statements: Iterable[Statement], rules: Iterable[Rule], scenarios: Iterable[Scenario]
) -> Iterator[Named]:
    """Everybody named, with the gathering they are named at."""
    main = roster.main
    for gathering in roster.gatherings.values():
        yield from _in_condition(gathering.held_if, gathering.id)
    for rule in rules:
        yield from _in_condition(rule.rule, rule.at or main)
    for statement in statements:
        yield from named_in(statement, main)
    for scenario in scenarios:
        for condition in scenario.given:
            yield from _in_condition(condition, main)
        for statement in scenario.add:
            yield from named_in(statement, main)
        for key, _ in scenario.assume:
            place = assumed_place(roster, key)
            if place is not None and place.at is not None:  # a name alone is wherever they are counted
                yield place.name, place.at


def named_in(statement: Statement, main: str) -> Iterator[Named]:
    """Everybody whom a statement names, with the gathering they are named at."""
    at = statement.at or main
    yield statement.who, at
    match statement.says:
        case Sends(delegates):
            for delegate in delegates:
                yield delegate, at
        case WaitsFor(targets):
            for target in targets:
                yield target.name, target.at or at
    yield from _in_condition(condition_of(statement.says), at)


def _in_condition(condition: Condition | None, at: str) -> Iterator[Named]:
    if condition is not None:
        for gathering, leaf in placed_leaves(condition, at):
            if isinstance(leaf, Name):
                yield leaf.name, gathering


def condition_of(saying: Saying) -> Condition | None:
    """The condition in what is said, if there is one."""
    match saying:
        case WaitsFor():
            return None
        case _:
            return saying.condition


def attendance_of(roster: Roster, at: Counted, key: str) -> Attendance | None:
    """Whom a name alone, or a name at a gathering, means: None where nobody is counted so.

    A name alone is that person at the main gathering, or at the only one where they are counted.
    """
    place = assumed_place(roster, key)
    if place is None or place.name not in roster.participants:
        return None
    if place.at is not None:
        known = place.name in at.get(place.at, ())
        return Attendance(place.name, place.at) if known else None
    where = [g for g, people in at.items() if place.name in people]
    if roster.main in where:
        return Attendance(place.name, roster.main)
    return Attendance(place.name, where[0]) if len(where) == 1 else None
