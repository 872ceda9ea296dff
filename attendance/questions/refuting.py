"""Why a set of assumptions does not do: each refusal rules out many others, as a clause.

A set is told as values of atoms. A clause is a list of `(atom, value, wanted)`: a set meets it that
has one of the wanted values, or lacks one of the others. Every set that does what is wanted meets it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from sys import maxsize
from typing import Literal, Protocol

from attendance.engines import consistent, outcome, solve
from attendance.engines.clashing import clashes, shrink
from attendance.engines.deadline import Deadline
from attendance.engines.parts import fragment
from attendance.engines.solution import chosen
from attendance.model.sayings import Inclination
from attendance.network import Network, State, is_content, is_outcome, values

Mode = Literal["every", "some"]
Values = Mapping[int, bool]
Clause = list[tuple[int, bool, bool]]


class Refuter(Protocol):
    """Says of a set why it does not do."""

    def refute(self, asked: Values) -> Clause | None:
        """A clause that the set breaks, and no set that does breaks; None where it does."""


@dataclass(frozen=True)
class Consistent:
    """Refuses sets of assumptions of a network that has outcomes: those that leave it none are no answer."""

    network: Network
    goal: int
    over: Sequence[int]
    mode: Mode
    engine: str
    deadline: Deadline

    def refute(self, asked: Values) -> Clause | None:
        """An outcome without the goal stays one unless it is contradicted; a clash, unless it is broken."""
        under = self.network.assuming(asked)
        if self.mode == "some":
            return None if self.outcome(under, (self.goal,)) is not None else self.clash(asked, (self.goal,))
        other = self.outcome(under, (~self.goal,))
        if other is not None:
            needed = self.needed(asked, other)
            return [*((a, not other[a], True) for a in self.over), *((a, other[a], False) for a in needed)]
        return None if self.outcome(under) is not None else self.clash(asked, ())

    def outcome(self, network: Network, given: Sequence[int] = ()) -> State | None:
        """An outcome in which those literals hold, if there is one."""
        return outcome(network, given, self.engine, self.deadline)

    def needed(self, asked: Values, state: State) -> list[int]:
        """As little of what is assumed as makes the state an outcome; it stays one with more that it agrees with."""
        if not self.network.founded:
            of = values(self.network, state)
            people = self.network.attendances
            return [a for a in asked if a < people and not is_content(self.network, a, of)]
        kept = dict(asked)
        for atom in asked:
            without = {a: v for a, v in kept.items() if a != atom}
            if is_outcome(self.network.assuming(without), state):
                kept = without
        return list(kept)

    def clash(self, asked: Values, given: Sequence[int]) -> Clause:
        """What cannot stand together: some of it must not be assumed, or a speaker must be assumed instead."""
        under = self.network.assuming(asked)
        ids = under.removable
        kept = shrink(ids, lambda some: self.stands(under, ids, some, given))
        names = {f"{a}": (a, v) for a, v in asked.items()}
        silent = {a: v for a, v in asked.items() if self.speaks(a, frozenset())}  # to assume less would let them speak

        def stands(some: Sequence[str]) -> bool:
            assumed = self.network.assuming({**silent, **dict(names[n] for n in some)})
            return self.stands(assumed, ids, list(kept), given)

        least = shrink(list(names), stands)
        blamed = {a: v for n, (a, v) in names.items() if n in least or self.speaks(a, kept)}
        speakers = [x for x in self.over if x not in blamed and self.speaks(x, kept)]
        return [*((a, v, False) for a, v in blamed.items()), *((x, v, True) for x in speakers for v in (True, False))]

    def stands(self, network: Network, ids: Iterable[str], kept: Sequence[str], given: Sequence[int]) -> bool:
        """Whether those statements and rules alone admit an outcome in which the given literals hold."""
        gone = {*self.network.removable} - set(kept)
        return self.outcome(network.without(gone | (set(ids) - set(kept))), given) is not None

    def speaks(self, x: int, kept: frozenset[str]) -> bool:
        """Whether assuming an atom may set aside some of what clashes."""
        if x >= self.network.attendances:
            return False
        stance = self.network.stances[x]
        own = any(part.statement in kept for part in stance.parts)
        return own or (not stance.parts and stance.inclination is not Inclination.OPEN)


@dataclass(frozen=True)
class Torn:
    """Refuses sets of assumptions of a network that has no outcome as it is: what stood together must still."""

    network: Network
    goal: int
    over: Sequence[int]
    mode: Mode
    engine: str
    deadline: Deadline

    @cached_property
    def standing(self) -> list[Network]:
        """The network with each conflict mended in each way that spares as much as can be, other conflicts away."""
        return [self.network.without(ids) for ids in aside(torn(self.network, self.engine, self.deadline))]

    def refute(self, asked: Values) -> Clause | None:
        """Where statements clash already, a set that does not do rules out itself alone."""
        return None if self.does(asked) else self.only(asked)

    def does(self, asked: Values) -> bool:
        """Whether the set makes no new conflict, and the goal hold."""
        for network in self.standing if asked else ():
            if not consistent(network.assuming(asked), self.engine, self.deadline):
                return False
        return self.holds(asked)

    def holds(self, asked: Values) -> bool:
        """Whether what is wanted holds in the outcomes of the minimum repairs."""
        can, cannot = solve(self.network.assuming(asked), self.engine, self.deadline).possible(self.goal)
        return can and (self.mode == "some" or not cannot)

    def only(self, asked: Values) -> Clause:
        """The clause that this set alone breaks."""
        others = [a for a in self.over if a not in asked]
        return [*((a, v, False) for a, v in asked.items()), *((a, v, True) for a in others for v in (True, False))]


@dataclass(frozen=True)
class Tear:
    """A conflict: all its minimal clashes, and all that could be set aside in its part of the network."""

    clashes: list[frozenset[str]]
    removable: frozenset[str]


def torn(network: Network, engine: str, deadline: Deadline) -> list[Tear]:
    """The conflicts of a network."""
    solution, found = solve(network, engine, deadline), []
    for part in solution.conflicted:
        piece = fragment(network, part.atoms, network.fixed, part).network
        ids = piece.removable

        def stands(kept: Sequence[str], piece: Network = piece, ids: tuple[str, ...] = ids) -> bool:
            left = piece.without(set(ids) - set(kept))
            return bool(chosen(left, engine).solvable(left, deadline=deadline))

        all_, _ = clashes(ids, stands, limit=maxsize, tries=maxsize, deadline=deadline)
        found.append(Tear(all_, frozenset(ids)))
    return found


def aside(tears: Sequence[Tear]) -> Iterator[frozenset[str]]:
    """What is set aside where one conflict is mended, sparing as much as can be, and the others are away."""
    for tear in tears:
        elsewhere = frozenset(chain.from_iterable(t.removable for t in tears if t is not tear))
        yield from (elsewhere | gone for gone in minimal_hitting_sets(tear.clashes))


def minimal_hitting_sets(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Every minimal set that has a member of each (Berge, 1989)."""
    found: list[frozenset[str]] = [frozenset()]
    for members in sets:
        hit = [h for h in found if h & members]
        wider = hit + [h | {m} for h in found if not h & members for m in sorted(members)]
        unique = sorted(set(wider), key=lambda h: (len(h), sorted(h)))
        found = []
        for candidate in unique:
            if not any(smaller <= candidate for smaller in found):
                found.append(candidate)
    return found
