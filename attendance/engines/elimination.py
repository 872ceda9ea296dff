"""A network gone through a few atoms at a time: which demand comes next, and which atoms are then done with.

The order is chosen greedily, so that few atoms are looked at together: those that demands already met and
demands still to come have in common, the frontier. Where nobody hangs on themselves, causes come first.
Sums of many are counted up one literal after the other, in digits that are kept like atoms.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from heapq import heapify, heappop, heappush

from attendance.engines.balance import is_tearable
from attendance.engines.parts import reads
from attendance.engines.planes import at_least, pattern, threshold
from attendance.engines.sweeping import Part
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, node_of

WIDE = 6
"""Sums of more literals are counted up."""
DIGITS = 20
"""The frontier is given up where it has more digits than these: a plane has 2 to their power lanes."""


class TooWide(Exception):
    """The frontier has too many atoms, or too many states."""


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


@dataclass
class Program:
    """The demands of some connected parts of a network, for one end."""

    parts: Sequence[Part]
    random: frozenset[int]
    end: End
    demands: list[Demand] = field(default_factory=list)
    size: dict[int, int] = field(default_factory=dict)  # the digits of each counter
    number: dict[tuple[int, int], int] = field(default_factory=dict)  # of the counter of a part's sum

    def __post_init__(self) -> None:
        self.beyond = 1 + max((*self.random, *(a for part in self.parts for a in part.atoms)), default=0)
        for p, part in enumerate(self.parts):
            network = part.network
            for x, stance in enumerate(network.stances):
                if x not in part.inputs:
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
            if gate.taken is not None and (gate.taken in literals or ~gate.taken in literals):
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

    def is_total(self) -> bool:
        """Whether each demand can be met, whatever was met before, if causes come first."""
        return all(_is_total(part.network) for part in self.parts)


def others(network: Network, node: int) -> Iterator[int]:
    """The nodes that a gate reads, but for whom it takes to be there."""
    gate = network.gates[node - network.atoms]
    return (n for n in map(node_of, network.sums[gate.sum].literals) if n != gate.taken)


def _is_total(network: Network) -> bool:
    if network.rules or network.given or any(map(is_tearable, network.stances)):
        return False
    return all(x not in reads(network, (*s.lowers, *s.uppers), others) for x, s in enumerate(network.stances))


def _rises(network: Network, random: frozenset[int]) -> bool:
    if network.rules or network.given or any(map(is_tearable, network.stances)):
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
        self.readers: dict[int, list[int]] = {}
        makers: dict[int, list[int]] = {}
        for number, demand in enumerate(self.demands):
            for thing in demand.scope:
                self.readers.setdefault(thing, []).append(number)
            if demand.counter is not None:
                makers.setdefault(demand.counter, []).append(number)
            elif causes_first and demand.own is not None:
                makers.setdefault(program.parts[demand.part].atoms[demand.own], []).append(number)
        self.uses = {thing: len(readers) for thing, readers in self.readers.items()}
        self.waits = [0] * len(self.demands)
        self.frees: list[list[int]] = [[] for _ in self.demands]
        for thing, made in makers.items():
            inside = set(made)
            for number in self.readers[thing]:
                if number not in inside:
                    self.waits[number] += len(made)
                    for maker in made:
                        self.frees[maker].append(number)

    def run(self) -> list[Demand] | None:
        ready = [number for number, waits in enumerate(self.waits) if not waits]
        heapify(ready)
        left = set(range(len(self.demands)))
        alive: dict[int, None] = {}
        order: list[Demand] = []
        while left:
            best = self.best(alive, left)
            while best is None and ready:
                number = heappop(ready)
                best = number if number in left else None
            if best is None:
                return None
            left.remove(best)
            order.append(self.demands[best])
            for thing in sorted(self.demands[best].scope):
                self.uses[thing] -= 1
                alive[thing] = None
                if not self.uses[thing] and thing not in self.kept:
                    del alive[thing]
            for number in self.frees[best]:
                self.waits[number] -= 1
                if not self.waits[number]:
                    heappush(ready, number)
        return order

    def best(self, alive: Mapping[int, None], left: set[int]) -> int | None:
        """The demand on something alive after which the fewest digits are."""
        near = {n for thing in alive for n in self.readers[thing] if n in left and not self.waits[n]}
        return min(near, key=lambda n: (self.growth(n, alive), n), default=None)

    def growth(self, number: int, alive: Mapping[int, None]) -> int:
        size, grown = self.program.size, 0
        for thing in self.demands[number].scope:
            digits = size.get(thing, 1)
            grown += digits * ((thing not in alive) - (self.uses[thing] == 1 and thing not in self.kept))
        return grown


def steps(program: Program, order: Sequence[Demand], kept: frozenset[int] = frozenset()) -> Iterator[Step]:
    """The demands in that order as steps over planes. Raises TooWide."""
    last = {thing: at for at, demand in enumerate(order) for thing in demand.scope}
    place: dict[int, int] = {}
    for at, demand in enumerate(order):
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
            wanted = _any(bounds) if lowers or stance.inclination is Inclination.DISINCLINED else self.all(bounds)
            return self.full ^ there ^ there & wanted if end is End.GREATEST else self.full ^ wanted ^ wanted & there
        lower, upper = _any(bounds[: len(stance.lowers)]), self.all(bounds[len(stance.lowers) :])
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
        of = self.network.sums[gate.sum]
        if len(of.literals) <= WIDE:
            sure = sum(w for q, w in zip(of.literals, of.weights, strict=True) if q == gate.taken)
            pairs = [(q, w) for q, w in zip(of.literals, of.weights, strict=True) if node_of(q) != gate.taken]
            planes = [self.literal(q) for q, _ in pairs]
            return threshold(planes, [w for _, w in pairs], gate.quota - sure, self.full)
        digits = self.digits[self.program.number[self.p, gate.sum]]
        counted = at_least(digits, gate.quota, self.full)
        if gate.taken is None or not (gate.taken in of.literals or ~gate.taken in of.literals):
            return counted
        more = sum(w for q, w in zip(of.literals, of.weights, strict=True) if q == gate.taken)
        less = sum(w for q, w in zip(of.literals, of.weights, strict=True) if q == ~gate.taken)
        there = self.of[gate.taken]
        return there & counted | (self.full ^ there) & at_least(digits, gate.quota - more + less, self.full)


def _any(planes: Iterable[int]) -> int:
    found = 0
    for plane in planes:
        found |= plane
    return found
