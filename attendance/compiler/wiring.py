"""Conditions to gates: every name read at its gathering, the one spoken of taken to be there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from math import ceil, floor, lcm
from typing import Any, NamedTuple, assert_never

from attendance.gates import FALSE, TRUE, Gates, Weighed, weighed
from attendance.model.conditions import (
    And,
    Condition,
    Constant,
    Crowd,
    Held,
    Member,
    Name,
    Not,
    Or,
    Quantifier,
    Represented,
    Selection,
    Tally,
)
from attendance.model.participants import Attendance
from attendance.model.roster import Counted, Roster
from attendance.network import Stance

COUNT = None
"""The weight of a plain count: 1 for each."""
EVERYONE = ""
"""In place of a group's name."""


class Context(NamedTuple):
    """Where a condition is read: at which gathering, in whose bound (`own`), and about whom it is said."""

    at: str
    own: Attendance | None = None
    about: str | None = None

    def there(self, at: str | None) -> "Context":
        """The context at that gathering, or the same where none is named."""
        return self if at is None or at == self.at else Context(at, self.own, self.about)


class Wiring:
    """The gates of one case in one scenario; warnings are collected on the way."""

    def __init__(
        self,
        roster: Roster,
        counted: Counted,
        attendances: Sequence[Attendance],
        fixed: Sequence[bool | None],
        gates: Gates,
    ) -> None:
        self.roster, self.counted, self.gates = roster, counted, gates
        self.attendances, self.fixed = attendances, fixed
        self.fact = {name: len(attendances) + i for i, name in enumerate(roster.facts)}
        self.people: dict[str, dict[str, int]] = {g: {} for g in roster.gatherings}  # the literal of each, by gathering
        for atom, (person, at) in enumerate(attendances):
            value = fixed[atom]
            self.people[at][person] = atom if value is None else TRUE if value else FALSE
        self.warnings: dict[str, None] = {}
        self._crowds: dict[tuple[str, str, str | None], Weighed] = {}
        self._units: dict[str, tuple[int, dict[str, int]]] = {}
        self._held: dict[str, int] = {}

    @cached_property
    def atom(self) -> dict[Attendance, int]:
        """The atom of each attendance."""
        return {attendance: i for i, attendance in enumerate(self.attendances)}

    # --- conditions ---

    def condition(self, condition: Condition, context: Context) -> int:
        """The literal that is true when the condition holds."""
        if type(condition) is Name:  # the most frequent first
            return self.name(condition.name, condition.at or context.at, context)
        return WIRED[type(condition)](self, condition, context)

    def literal(self, condition: Condition, at: str) -> int:
        """The literal of a condition that is in nobody's bound: a rule, an observation, a goal."""
        return self.gates.literal(self.condition(condition, Context(at)))

    def choice(self, stance: Stance) -> int:
        """The literal that a stance leaves the choice: no lower bound holds, and every upper one does."""
        return self.gates.literal(self.gates.all_of([*(~q for q in stance.lowers), *stance.uppers]))

    def torn(self, stance: Stance) -> int:
        """The literal that a stance cannot be kept: a lower bound holds, and not every upper one does."""
        lower, upper = self.gates.any_of(stance.lowers), self.gates.all_of(stance.uppers)
        return self.gates.literal(self.gates.all_of([lower, ~upper]))

    def name(self, name: str, at: str, context: Context) -> int:
        """What the name is decides: attends, is represented, is held, holds."""
        literal = self.people[at].get(name)
        if literal is not None:
            own = context.own
            return TRUE if own is not None and own[0] == name and own[1] == at else literal
        match self.roster.kinds[name]:
            case "participant":
                self.warnings[f"{name} is not counted at {at}: a condition on that is false"] = None
                return FALSE
            case "group":
                return self.represented(name, context.there(at))
            case "gathering":
                return self.held(name, context.own)
            case "fact":
                return self.atom_literal(self.fact[name])
            case kind:
                assert_never(kind)

    def warn_of_absent(self, group: str, at: str, people: Sequence[str]) -> None:
        """Warn of members of a group who are not counted at a gathering, where a condition reads them."""
        away = [p for p in people if p not in self.people[at]]
        if away:
            names = ", ".join(away if len(away) <= 5 else [*away[:4], f"{len(away) - 4} more"])
            self.warnings[f"of {group}, {names} not counted at {at}: a condition on that is false"] = None

    def atom_literal(self, atom: int) -> int:
        """An atom, or its value where that is known."""
        match self.fixed[atom]:
            case None:
                return atom
            case value:
                return TRUE if value else FALSE

    def represented(self, group: str, context: Context) -> int:
        """That any member of a group attends."""
        return self.at_least(1, self.crowd(group, context.at, COUNT), context)

    def held(self, gathering: str, own: Attendance | None = None) -> int:
        """The gathering's own condition; without one, that anybody attends it."""
        if own is None and gathering in self._held:
            return self._held[gathering]
        condition = self.roster.gatherings[gathering].held_if
        there = Context(gathering, own)
        if condition is None:
            literal = self.at_least(1, self.crowd(EVERYONE, gathering, COUNT), there)
        else:
            literal = self.condition(condition, there)
        if own is None:
            self._held[gathering] = literal
        return literal

    # --- counts and sums ---

    def tally(self, tally: Tally, context: Context) -> int:
        """A count or a weighted sum against its quota."""
        weight, relation = tally.weight, tally.relation
        of, apart = self.selection(tally.of, context, weight)
        taken = 0 if apart is None else 1 if weight is None else self.weight(weight, apart)
        whole = of.whole - taken
        bar: Fraction | int
        if weight is None and not tally.percent:
            bar = least = int(tally.quota)  # people are counted in whole numbers
            if relation == "at least" and bar <= whole:  # the most frequent of them
                return self.at_least(bar + taken, of, context)
        elif tally.percent and of.size == (0 if apart is None else 1):
            return TRUE if relation == "at most" else FALSE
        else:
            quota = Fraction(tally.quota)
            bar = quota * whole / 100 if tally.percent else quota * self.unit(weight)
            least = ceil(bar)
        if bar > whole and relation != "at most":
            self.warnings[f"'{tally}' can never be: the whole is {Decimal(whole) / self.unit(weight)}"] = None
        enough = self.at_least(least + taken, of, context)
        match relation:
            case "at least":
                return enough
            case "at most":
                return ~self.at_least(floor(bar) + 1 + taken, of, context)
            case "exactly":
                return self.gates.all_of([enough, ~self.at_least(floor(bar) + 1 + taken, of, context)])
            case _:
                assert_never(relation)

    def quantifier(self, quantifier: Quantifier, context: Context) -> int:
        """A majority, all, any or none of a selection."""
        of, apart = self.selection(quantifier.of, context, COUNT)
        taken = 0 if apart is None else 1
        size = of.whole - taken
        match quantifier.quantity:
            case "a majority":
                return self.at_least(size // 2 + 1 + taken, of, context)
            case "all":
                return self.at_least(size + taken, of, context)
            case "any":
                return self.at_least(1 + taken, of, context)
            case "none":
                return ~self.at_least(1 + taken, of, context)
            case quantity:
                assert_never(quantity)

    def at_least(self, quota: int, of: Weighed, context: Context) -> int:
        """That the weight reaches the quota, with the one spoken of taken to be there."""
        own = context.own
        return self.gates.at_least(quota, of, None if own is None else self.people[own[1]].get(own[0]))

    def selection(self, selection: Selection, context: Context, weight: str | None) -> tuple[Weighed, str | None]:
        """Whom a count is over, and who is set apart: taken to be there, but not to be counted.

        `others` in somebody's own bound is everyone, less the one taken to be there: so a crowd
        that all speak of is one sum, whoever speaks.
        """
        items, at = selection.items, selection.at or context.at
        if len(items) == 1:
            item = items[0]
            if type(item) is Crowd:
                at = item.at or at
                apart = None if item.word == "everyone" else self.own(context, at)
                if item.word == "everyone" or apart is not None:
                    return self._crowds.get((EVERYONE, at, weight)) or self.crowd(EVERYONE, at, weight), apart
            elif type(item) is Name and self.roster.kinds[item.name] == "group":
                return self.crowd(item.name, item.at or at, weight), None
        context = context.there(selection.at)
        pairs: dict[object, tuple[int, int]] = {}
        for item in selection.items:
            for key, literal, value in self.elements(item, context, weight):
                pairs.setdefault(key, (literal, value))
        return weighed(pairs.values()), None

    def own(self, context: Context, at: str) -> str | None:
        """The one about whom it is said, if it is their own bound, read at that gathering."""
        return context.about if context.own == (context.about, at) else None

    def elements(self, item: Member, context: Context, weight: str | None) -> Iterator[tuple[object, int, int]]:
        """The things that an item of a list counts: a key each, so that none counts twice."""
        match item:
            case Crowd(word, at):
                there = context.there(at)
                about = context.about if word == "others" else None
                people: Sequence[str] = [p for p in self.counted[there.at] if p != about]
            case Name(name, at) if self.roster.kinds[name] == "group":
                there, people = context.there(at), self.roster.members[name]
                self.warn_of_absent(name, there.at, people)
            case Name(name, at) if self.roster.kinds[name] == "participant":
                there = context.there(at)
                yield (name, there.at), self.name(name, there.at, context), self.weight(weight, name)
                return
            case _:
                yield (item, context.at), self.condition(item, context), 1
                return
        for person in people:
            key = person, there.at
            literal = TRUE if key == context.own else self.people[there.at].get(person, FALSE)
            yield key, literal, self.weight(weight, person)

    def crowd(self, group: str, at: str, weight: str | None) -> Weighed:
        """Everyone counted at a gathering, or the members of a group, as a sum made once."""
        found = self._crowds.get((group, at, weight))
        if found is None:
            people = self.roster.members[group] if group else self.counted[at]
            self.warn_of_absent(group, at, people)
            here = self.people[at]
            weights = repeat(1, len(people)) if weight is None else (self.weight(weight, p) for p in people)
            literals = (here.get(p, FALSE) for p in people)
            found = self._crowds[group, at, weight] = weighed(zip(literals, weights, strict=True))
        return found

    # --- weights, in whole units ---

    def weight(self, name: str | None, person: str) -> int:
        """Somebody's weight in whole units; 1 in a plain count."""
        return 1 if name is None else self.units(name)[1][person]

    def unit(self, name: str | None) -> int:
        """How many whole units make one."""
        return 1 if name is None else self.units(name)[0]

    def units(self, name: str) -> tuple[int, dict[str, int]]:
        """How many units make one, and everybody's weight in units: exact whole numbers."""
        found = self._units.get(name)
        if found is None:
            weights = {p.id: Fraction(p.weight(name)) for p in self.roster.participants.values()}
            unit = lcm(*(w.denominator for w in weights.values()))
            found = self._units[name] = unit, {p: int(w * unit) for p, w in weights.items()}
        return found


WIRED: Mapping[type[Condition], Callable[[Wiring, Any, Context], int]] = {
    And: lambda wiring, of, context: wiring.gates.all_of([wiring.condition(c, context) for c in of.of]),
    Or: lambda wiring, of, context: wiring.gates.any_of([wiring.condition(c, context) for c in of.of]),
    Not: lambda wiring, of, context: ~wiring.condition(of.of, context),
    Tally: Wiring.tally,
    Quantifier: Wiring.quantifier,
    Constant: lambda wiring, of, context: TRUE if of.value else FALSE,
    Represented: lambda wiring, of, context: wiring.represented(of.group, context.there(of.at)),
    Held: lambda wiring, of, context: wiring.held(of.gathering, context.own),
}
"""How each kind of condition becomes a literal."""
