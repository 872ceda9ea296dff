"""Demands met one by one on planes over a frontier of atoms: which lanes each keeps, who enters, who is done with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from attendance.engines.elimination import Demand, End, Program
from attendance.engines.planes import at_least, pattern, threshold
from attendance.model.sayings import Inclination
from attendance.network import Gate, node_of

DIGITS = 20
"""The frontier is given up where it has more digits than these: a plane has 2 to their power lanes."""


class TooWide(Exception):
    """The frontier has too many atoms, or too many states."""


@dataclass(frozen=True)
class Step:
    """One demand met, on planes over the frontier: free atoms enter, `random` ones fall, others are done with.

    `masks` has, for each combination of the random ones (the first running fastest), the lanes that are
    kept, and those of them that a counter moves by `shift`. `new` are the atoms first seen here, and
    `gone` those last seen, with their places.
    """

    spread: tuple[tuple[int, int], ...]
    random: tuple[int, ...]
    masks: tuple[tuple[int, int], ...]
    shift: int
    drop: tuple[tuple[int, int], ...]
    new: tuple[int, ...]
    gone: Mapping[int, int]
    place: Mapping[int, int]
    width: int


def steps(program: Program, order: Sequence[Demand], kept: frozenset[int] = frozenset()) -> Iterator[Step]:
    """The demands in that order as steps over planes. Raises TooWide, ResolutionTimeout."""
    last = {thing: at for at, demand in enumerate(order) for thing in demand.scope}
    place: dict[int, int] = {}
    for at, demand in enumerate(order):
        program.deadline.check()
        new = sorted(thing for thing in demand.scope if thing not in place)
        dying = [a for a in new if a in program.random and last[a] == at and a not in kept]
        for thing in new:
            if thing not in dying:
                place[thing] = _room(program, place, thing)
        width = max((place[t] + program.size.get(t, 1) for t in place), default=0)
        falling = [*dying, *(a for a in new if a in program.random and a not in dying)]
        if width + len(dying) > DIGITS:
            raise TooWide
        masks = _masks(program, demand, place, width, falling, len(dying))
        gone = {thing: place[thing] for thing in demand.scope if thing in place and last[thing] == at}
        gone = {thing: where for thing, where in sorted(gone.items()) if thing not in kept}
        yield Step(
            spread=tuple(
                (1 << place[t], _without(place[t], width)) for t in new if t in place and t not in program.size
            ),
            random=tuple(falling),
            masks=masks,
            shift=0 if demand.counter is None else demand.weight << place[demand.counter],
            drop=tuple(
                (1 << where + digit, _without(where + digit, width))
                for thing, where in gone.items()
                for digit in range(program.size.get(thing, 1))
            ),
            new=tuple(t for t in new if t in place),
            gone=gone,
            place=dict(place),
            width=width,
        )
        for thing in gone:
            del place[thing]


def _room(program: Program, place: Mapping[int, int], thing: int) -> int:
    """The lowest place with room for a thing's digits."""
    size = program.size.get(thing, 1)
    where = 0
    for start, end in sorted((p, p + program.size.get(t, 1)) for t, p in place.items()):
        if where + size <= start:
            break
        where = max(where, end)
    return where


def _without(digit: int, width: int) -> int:
    """The lanes in which a digit is 0."""
    return ((1 << (1 << width)) - 1) ^ pattern(digit, width)


def _masks(
    program: Program, demand: Demand, place: Mapping[int, int], width: int, falling: Sequence[int], dying: int
) -> tuple[tuple[int, int], ...]:
    """What is kept, and what is moved, for each combination of the random atoms that fall here.

    The `dying` first of them get digits of their own, above all others, for as long as this takes.
    """
    whole = width + dying
    planes = _Planes(program, demand.part, whole)
    for thing in demand.scope:
        planes.enter(thing, width + falling.index(thing) if thing not in place else place[thing])
    kept, moved = planes.met(demand)
    full = (1 << (1 << width)) - 1
    found = []
    for combination in range(1 << len(falling)):
        at = (combination & ((1 << dying) - 1)) << width
        lanes = full
        for number, atom in enumerate(falling[dying:], dying):
            true = pattern(place[atom], width)
            lanes &= true if combination >> number & 1 else full ^ true
        found.append((kept >> at & lanes, moved >> at & lanes))
    return tuple(found)


class _Planes:
    """The literals of a part as planes over the digits of a frontier."""

    def __init__(self, program: Program, p: int, width: int) -> None:
        self.program, self.p, self.width = program, p, width
        self.part = program.parts[p]
        self.network = self.part.network
        self.full = (1 << (1 << width)) - 1
        self.of: dict[int, int] = {}
        self.digits: dict[int, list[int]] = {}

    def enter(self, thing: int, place: int) -> None:
        """A thing of the frontier at its place."""
        size = self.program.size.get(thing)
        if size is None:
            self.of[self.part.place[thing]] = pattern(place, self.width)
        else:
            self.digits[thing] = [pattern(place + digit, self.width) for digit in range(size)]

    def met(self, demand: Demand) -> tuple[int, int]:
        """The lanes in which a demand is met, and those in which its literal is added."""
        if demand.own is not None:
            return self.content(demand.own), 0
        assert demand.literal is not None
        literal = self.literal(demand.literal)
        return (literal, 0) if demand.counter is None else (self.full, literal)

    def content(self, x: int) -> int:
        """Where somebody does what their bounds say, at that end."""
        stance, end, there = self.network.stances[x], self.program.end, self.of[x]
        bounds = [self.literal(q) for q in self.program.bounds(stance)]
        if end is not End.OUTCOME:
            lowers = end is End.LEAST and stance.inclination is Inclination.OPEN
            wanted = any_of(bounds) if lowers or stance.inclination is Inclination.DISINCLINED else self.all(bounds)
            return self.full ^ there ^ there & wanted if end is End.GREATEST else self.full ^ wanted ^ wanted & there
        lower, upper = any_of(bounds[: len(stance.lowers)]), self.all(bounds[len(stance.lowers) :])
        found = (self.full ^ lower ^ lower & there) & (self.full ^ there ^ there & upper)
        match stance.inclination:
            case Inclination.INCLINED:
                return found & (self.full ^ there ^ upper)
            case Inclination.DISINCLINED:
                return found & (self.full ^ there ^ lower)
        return found

    def all(self, planes: Iterable[int]) -> int:
        found = self.full
        for plane in planes:
            found &= plane
        return found

    def literal(self, literal: int) -> int:
        """Where a literal is true."""
        node = node_of(literal)
        found = self.of.get(node)
        if found is None:
            found = self.of[node] = self.gate(self.network.gates[node - self.network.atoms])
        return found if literal >= 0 else self.full ^ found

    def gate(self, gate: Gate) -> int:
        of, counter = self.network.sums[gate.sum], self.program.number.get((self.p, gate.sum))
        if counter is None:
            assert gate.taken is None, "sums in which somebody is taken as true are wide"
            return threshold([self.literal(q) for q in of.literals], of.weights, gate.quota, self.full)
        digits = self.digits[counter]
        counted = at_least(digits, gate.quota, self.full)
        if gate.taken is None:
            return counted
        there, more = self.of[gate.taken], of.weights[of.literals.index(gate.taken)]
        return there & counted | (self.full ^ there) & at_least(digits, gate.quota - more, self.full)


def any_of(planes: Iterable[int]) -> int:
    """The lanes of any of those planes."""
    found = 0
    for plane in planes:
        found |= plane
    return found
