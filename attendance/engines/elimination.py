"""A network gone through a few atoms at a time: which demand comes next, and which atoms are then done with.

The order is chosen greedily, so that few atoms are looked at together: those that demands already met and
demands still to come have in common, the frontier. Where nobody hangs on themselves, causes come first.
Sums of many are counted up one literal after the other, in digits that are kept like atoms.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from heapq import heappop, heappush

from attendance.engines.balance import is_tearable
from attendance.engines.deadline import NO, Deadline
from attendance.engines.parts import reads
from attendance.engines.sweeping import Part
from attendance.model.sayings import Inclination
from attendance.network import Network, Stance, node_of

WIDE = 6
"""Sums of more literals are counted up."""


class End(Enum):
    """What is asked of the atoms together: to be an outcome, or what leads to the least or the greatest one."""

    OUTCOME = "outcome"
    LEAST = "least"
    JOINED = "joined"  # the least one where the open come as soon as they may
    GREATEST = "greatest"


@dataclass(frozen=True)
class Demand:
    """What some things (atoms, counters) have to do with each other: that of an attendance, a literal, an addend."""

    part: int
    scope: frozenset[int]
    own: int | None = None  # an attendance, in the numbers of its part
    literal: int | None = None  # a rule, an observation, or what is added
    counter: int | None = None
    weight: int = 0


@dataclass
class Program:
    """The demands of some connected parts of a network, for one end."""

    parts: Sequence[Part]
    random: frozenset[int]
    end: End
    deadline: Deadline = NO
    demands: list[Demand] = field(default_factory=list)
    size: dict[int, int] = field(default_factory=dict)  # the digits of each counter
    number: dict[tuple[int, int], int] = field(default_factory=dict)  # of the counter of a part's sum

    def __post_init__(self) -> None:
        self.beyond = 1 + max((*self.random, *(a for part in self.parts for a in part.atoms)), default=0)
        for p, part in enumerate(self.parts):
            network = part.network
            for x, stance in enumerate(network.stances):
                self.demand(p, self.bounds(stance), own=x)
            sure = range(network.attendances, network.atoms) if self.end is End.JOINED else ()
            free = [fact for fact in sure if fact not in part.inputs]
            for literal in (*(q for _, q in network.rules), *network.given, *free):
                self.demand(p, [literal], literal=literal)

    def bounds(self, stance: Stance) -> tuple[int, ...]:
        """The literals that say what somebody does."""
        match self.end, stance.inclination:
            case (End.OUTCOME, _):
                return (*stance.lowers, *stance.uppers)
            case (_, Inclination.INCLINED):
                return stance.uppers
            case (_, Inclination.DISINCLINED) | (End.LEAST, _):
                return stance.lowers
        return stance.uppers

    def demand(self, p: int, literals: Iterable[int], own: int | None = None, literal: int | None = None) -> None:
        """Note a demand, after those of the counters that it reads."""
        scope = self.scope(p, literals)
        if own is not None:
            scope |= {self.parts[p].atoms[own]}
        self.demands.append(Demand(p, frozenset(scope), own, literal))

    def scope(self, p: int, literals: Iterable[int]) -> set[int]:
        """The atoms that literals of a part read, and the counters."""
        part, found, seen = self.parts[p], set[int](), set[int]()
        network = part.network
        stack = [node_of(q) for q in literals]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            if node < network.atoms:
                found.add(part.atoms[node])
                continue
            gate = network.gates[node - network.atoms]
            literals = network.sums[gate.sum].literals
            if len(literals) <= WIDE:
                stack += (n for q in literals if (n := node_of(q)) != gate.taken)
                continue
            found.add(self.counter(p, gate.sum))
            if gate.taken is not None:
                found.add(part.atoms[gate.taken])
        return found

    def counter(self, p: int, number: int) -> int:
        """The counter of a wide sum, with a demand for each literal that it adds up."""
        key = p, number
        if key not in self.number:
            own = self.number[key] = self.beyond + len(self.number)
            of = self.parts[p].network.sums[number]
            self.size[own] = sum(of.weights).bit_length()
            for literal, weight in zip(of.literals, of.weights, strict=True):
                scope = frozenset(self.scope(p, [literal])) | {own}
                self.demands.append(Demand(p, scope, literal=literal, counter=own, weight=weight))
        return self.number[key]

    def rises(self) -> bool:
        """Whether all that is not random only ever pulls the others along, and nothing can clash."""
        return all(_rises(part.network, frozenset(part.inputs)) for part in self.parts)

    @cached_property
    def causes_first(self) -> list[Demand] | None:
        """The demands with causes first, if each can then be met whatever was met before; else None."""
        total = self.end is End.OUTCOME and all(_is_total(part.network) for part in self.parts)
        return ordered(self, causes_first=True) if total else None


def _can_clash(network: Network) -> bool:
    """Whether anything but a circle can leave it without an outcome."""
    return bool(network.rules or network.given or any(map(is_tearable, network.stances)))


def _is_total(network: Network) -> bool:
    if _can_clash(network):
        return False
    return all(x not in reads(network, (*s.lowers, *s.uppers)) for x, s in enumerate(network.stances))


def _rises(network: Network, random: frozenset[int]) -> bool:
    if _can_clash(network):
        return False
    seen: set[int] = set()
    stack = [q for stance in network.stances for q in (*stance.lowers, *stance.uppers)]
    while stack:
        literal = stack.pop()
        if literal < 0:
            if not reads(network, [literal]) <= random:
                return False
        elif literal >= network.atoms and literal not in seen:
            seen.add(literal)
            stack += network.sums[network.gates[literal - network.atoms].sum].literals
    return True


def ordered(program: Program, causes_first: bool, kept: frozenset[int] = frozenset()) -> list[Demand] | None:
    """The demands, in an order in which few things are alive at once; None if causes cannot come first."""
    return _Order(program, causes_first, kept).run()


class _Order:
    """Demands that wait for others, and are taken one by one."""

    def __init__(self, program: Program, causes_first: bool, kept: frozenset[int]) -> None:
        self.program, self.demands, self.kept = program, program.demands, kept
        readers: dict[int, list[int]] = {}
        makers: dict[int, list[int]] = {}
        for number, demand in enumerate(self.demands):
            for thing in demand.scope:
                readers.setdefault(thing, []).append(number)
            if demand.counter is not None:
                makers.setdefault(demand.counter, []).append(number)
            elif causes_first and demand.own is not None:
                makers.setdefault(program.parts[demand.part].atoms[demand.own], []).append(number)
        self.uses = {thing: len(numbers) for thing, numbers in readers.items()}
        self.ready: dict[int, set[int]] = {thing: set() for thing in readers}  # who waits for nobody, by thing
        self.waits = [0] * len(self.demands)
        self.frees: list[list[int]] = [[] for _ in self.demands]
        for thing, made in makers.items():
            inside = set(made)
            for number in readers[thing]:
                if number not in inside:
                    self.waits[number] += len(made)
                    for maker in made:
                        self.frees[maker].append(number)

    def run(self) -> list[Demand] | None:
        ready: list[int] = []
        for number, waits in enumerate(self.waits):
            if not waits:
                self.enter(ready, number)
        left = set(range(len(self.demands)))
        alive: dict[int, None] = {}
        order: list[Demand] = []
        while left:
            self.program.deadline.check()
            best = self.best(alive)
            while best is None and ready:
                number = heappop(ready)
                best = number if number in left else None
            if best is None:
                return None
            left.remove(best)
            order.append(self.demands[best])
            for thing in sorted(self.demands[best].scope):
                self.ready[thing].remove(best)
                self.uses[thing] -= 1
                alive[thing] = None
                if not self.uses[thing]:
                    del alive[thing]
            for number in self.frees[best]:
                self.waits[number] -= 1
                if not self.waits[number]:
                    self.enter(ready, number)
        return order

    def enter(self, ready: list[int], number: int) -> None:
        """Note that a demand waits for nobody any more."""
        heappush(ready, number)
        for thing in self.demands[number].scope:
            self.ready[thing].add(number)

    def best(self, alive: Mapping[int, None]) -> int | None:
        """The demand on something alive after which the fewest digits are."""
        near = set[int]().union(*(self.ready[thing] for thing in alive))
        return min(near, key=lambda n: (self.growth(n, alive), n), default=None)

    def growth(self, number: int, alive: Mapping[int, None]) -> int:
        size, grown = self.program.size, 0
        for thing in self.demands[number].scope:
            digits = size.get(thing, 1)
            grown += digits * ((thing not in alive) - (self.uses[thing] == 1 and thing not in self.kept))
        return grown
