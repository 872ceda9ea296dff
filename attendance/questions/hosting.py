"""Who invites: what an invitation is asked for, put to the network, and why there may be none."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from attendance.engines.inviting import Inviting
from attendance.errors import QuestionError, UnknownName
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.outcome import Key
from attendance.model.scenario import Scenario
from attendance.network import Gate, Network, Stability, Sum
from attendance.questions.asking import Asked, ask
from attendance.questions.excluded import Wish
from attendance.questions.speech import Speech, listed


@dataclass(frozen=True)
class Host:
    """What is wanted of an invitation to a case in a scenario, kept to be asked for more."""

    case: Case
    scenario: Scenario
    engine: str
    stability: Stability
    goal: Condition | None
    must: tuple[Key, ...]
    forbid: tuple[Key, ...]
    capacity: int | None
    fewest: int | None
    weight: str | None
    costs: tuple[tuple[Key, Fraction], ...] | None

    def asked(self, time_limit: float | None) -> Asked:
        """The question put; the time limit runs from here."""
        goals = [] if self.goal is None else [self.goal]
        return ask(self.case, self.scenario, {}, self.engine, time_limit, goals)

    def inviting(self, asked: Asked) -> tuple[Inviting, tuple[Wish, ...]]:
        """What is looked for, and the words for whatever must hold beside statements and rules."""
        compiled = asked.compiled
        seen = [
            Wish(literal, f"what is given, “{condition}”")
            for literal, condition in zip(compiled.network.given, compiled.scenario.given, strict=True)
        ]
        network, wanted = self._counting(compiled.network)
        wanted = [
            *(Wish(literal, f"the goal “{self.goal}”") for literal in compiled.goals),
            *self._named(asked),
            *wanted,
        ]
        gatherings = [g.id for g in compiled.case.gatherings]
        places = tuple(gatherings.index(a.gathering) for a in compiled.attendances)
        worth, whole = self._worth(asked), network.observing(wish.literal for wish in wanted)
        return Inviting(whole, self.stability, places, worth, self.engine, asked.deadline), (*seen, *wanted)

    def _named(self, asked: Asked) -> list[Wish]:
        """Who must be invited, and who must not. Raises QuestionError where that cannot be."""
        must, forbid, speech = people(asked, self.must), people(asked, self.forbid), Speech(asked.compiled)
        both = [asked.key(a) for a in must if a in forbid]
        if both:
            raise QuestionError(f"{listed(both)}: must be invited, and is forbidden\n    name them in one of the two")
        for named, wrong, what in (
            (must, False, "away: leave them out of `must`"),
            (forbid, True, "there: leave them out of `forbid`"),
        ):
            for atom in named:
                if asked.compiled.network.fixed[atom] is wrong:
                    raise QuestionError(f"{asked.key(atom)} is assumed to be {what}, or do not assume it")
        return [
            *(Wish(a, f"that {speech.named(asked.compiled.name(a))} must be invited") for a in must),
            *(Wish(~a, f"that {speech.named(asked.compiled.name(a))} must not be invited") for a in forbid),
        ]

    def _counting(self, network: Network) -> tuple[Network, list[Wish]]:
        """The network with gates that count everybody, where there is a least or a greatest number."""
        first, people = network.atoms + len(network.gates), network.attendances
        quotas, wishes = [], []
        if self.capacity is not None:
            wishes.append(Wish(~first, f"the capacity of {self.capacity}"))
            quotas.append(self.capacity + 1)
        if self.fewest is not None:
            wishes.append(Wish(first + len(quotas), f"that at least {self.fewest} must be invited"))
            quotas.append(self.fewest)
        if not quotas:
            return network, wishes
        sums = (*network.sums, Sum(tuple(range(people)), (1,) * people))
        gates = (*network.gates, *(Gate(len(network.sums), quota) for quota in quotas))
        return replace(network, sums=sums, gates=gates, origin=None), wishes

    def measures(self, asked: Asked) -> list[Fraction]:
        """The weight or the cost of each attendance; 1 for each, where they are only counted."""
        attendances, participants = asked.compiled.attendances, self.case.roster.participants
        if self.weight is not None:
            return [Fraction(participants[a.participant].weight(self.weight)) for a in attendances]
        costs = self.costs or ()
        people(asked, (key for key, _ in costs))
        named = asked.costs(costs)
        return [named.get(atom, Fraction(1)) for atom in range(len(attendances))]

    def _worth(self, asked: Asked) -> tuple[int, ...]:
        """What each attendance is worth in whole numbers; less than nothing, where it costs."""
        exact = self.measures(asked)
        unit = lcm(*(value.denominator for value in exact)) * (1 if self.costs is None else -1)
        return tuple(int(value * unit) for value in exact)


def people(asked: Asked, names: Iterable[Key]) -> tuple[int, ...]:
    """The attendances that names stand for, a group for its members. Raises UnknownName, QuestionError."""
    atoms = asked.atoms(names)
    for atom in atoms:
        if atom >= asked.compiled.network.attendances:
            raise UnknownName(f"{asked.key(atom)} is a fact: only people are invited", asked.key(atom))
    return atoms
