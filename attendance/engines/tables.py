"""Truth tables: one big integer a node, one bit a state. Exact for up to 16 free atoms, and fast there."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from typing import Literal

from attendance.engines.deadline import NO, Deadline
from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import Network, Stance, State, Survey

FREE = 16
"""The most free atoms of a table: 65,536 states."""
TRIES = 20_000
"""The most sets of statements that are tried when a smallest one is looked for."""


def solvable(network: Network, *, deadline: Deadline = NO) -> bool:
    """Whether there is an outcome."""
    return bool(Table(network).outcomes())


def count(network: Network, *, set_aside: int = 0, deadline: Deadline = NO) -> int:
    """How many outcomes there are."""
    return Table(network).reached(set_aside, deadline).bit_count()


def outcomes(
    network: Network,
    *,
    set_aside: int = 0,
    order: Literal["fewest", "most"] | None = None,
    deadline: Deadline = NO,
) -> Iterator[State]:
    """Every outcome once; with `set_aside`, those of all sets of that many statements and rules."""
    table = Table(network)
    lanes = table.reached(set_aside, deadline)
    if order is None:
        yield from (table.state(lane) for lane in ones(lanes))
        return
    bits = total([table.atoms[x] for x in range(network.attendances)], [1] * network.attendances)
    sizes = range(network.attendances + 1)
    for size in sizes if order == "fewest" else reversed(sizes):
        level = lanes & at_least(bits, size, table.full) & ~at_least(bits, size + 1, table.full)
        yield from (table.state(lane) for lane in ones(level))


def survey(
    network: Network,
    literals: Sequence[int],
    crowds: Sequence[Sequence[int]] = (),
    *,
    set_aside: int = 0,
    deadline: Deadline = NO,
) -> Survey | None:
    """The survey over those outcomes; None where there is none."""
    table = Table(network)
    lanes = table.reached(set_aside, deadline)
    if not lanes:
        return None
    planes = [table.plane(q) for q in literals]
    return Survey(
        tuple((bool(plane & lanes), bool(~plane & lanes)) for plane in planes),
        tuple(extremes(total([table.atoms[x] for x in crowd], [1] * len(crowd)), lanes) for crowd in crowds),
    )


def repairs(network: Network, *, limit: int = 1000, deadline: Deadline = NO) -> tuple[list[frozenset[str]], bool]:
    """All minimum repairs up to the limit, and whether these are all."""
    table = Table(network)
    for size in range(len(network.removable) + 1):
        found = [gone for gone in table.sets(size, deadline) if table.outcomes(gone)]
        if found:
            return sorted(found, key=sorted)[:limit], len(found) <= limit
    return [], True


class Table:
    """The truth table of a network: a plane (a big integer) for every node."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.free = [a for a, v in enumerate(network.fixed) if v is None]
        if len(self.free) > FREE:
            raise EngineUnsuitable("tables", f"{len(self.free)} attendances and facts are free; at most {FREE} can be")
        self.full = (1 << (1 << len(self.free))) - 1
        self.planes = [self.full if v else 0 for v in network.fixed]
        for i, atom in enumerate(self.free):
            self.planes[atom] = pattern(i, len(self.free))
        self.atoms = self.planes[: network.atoms]
        for gate in network.gates:
            of = network.sums[gate.sum]
            inputs = [self.full if gate.taken == q else 0 if gate.taken == ~q else self.plane(q) for q in of.literals]
            self.planes.append(threshold(inputs, of.weights, gate.quota, self.full))
        self.contented = [self.content(x, frozenset()) for x in range(network.attendances)]

    def plane(self, literal: int) -> int:
        """The lanes in which a literal is true."""
        return self.planes[literal] if literal >= 0 else self.full & ~self.planes[~literal]

    def state(self, lane: int) -> State:
        """The state that a lane stands for."""
        values = [bool(v) for v in self.network.fixed]
        for i, atom in enumerate(self.free):
            values[atom] = bool(lane >> i & 1)
        return tuple(values)

    def sets(self, size: int, deadline: Deadline) -> Iterator[frozenset[str]]:
        """Every set of that many removable ids."""
        ids = self.network.removable
        if comb(len(ids), size) > TRIES:
            raise EngineUnsuitable("tables", f"too many sets of {size} of {len(ids)} statements to be tried")
        for gone in combinations(ids, size):
            deadline.check()
            yield frozenset(gone)

    def reached(self, set_aside: int, deadline: Deadline) -> int:
        """The lanes that are outcomes for some set of that many ids set aside."""
        lanes = 0
        for gone in self.sets(set_aside, deadline):
            lanes |= self.outcomes(gone)
        return lanes

    def outcomes(self, gone: frozenset[str] = frozenset()) -> int:
        """The lanes that are outcomes with those ids set aside."""
        network, lanes = self.network, self.full
        touched = [any(p.statement in gone for p in s.parts) for s in network.stances] if gone else None
        for x in range(network.attendances):
            lanes &= self.content(x, gone) if touched and touched[x] else self.contented[x]
        for name, literal in network.rules:
            if name not in gone:
                lanes &= self.plane(literal)
        for literal in network.given:
            lanes &= self.plane(literal)
        return lanes & self.founded(gone) if network.founded and lanes else lanes

    def content(self, x: int, gone: frozenset[str]) -> int:
        """The lanes in which an attendance keeps its bounds and follows its inclination."""
        if self.network.fixed[x] is not None:
            return self.full
        stance, here = self.network.stances[x].without(gone), self.planes[x]
        lower, upper = 0, self.full
        for literal in stance.lowers:
            lower |= self.plane(literal)
        for literal in stance.uppers:
            upper &= self.plane(literal)
        match stance.inclination:
            case Inclination.INCLINED:
                return self.full & ~(here ^ upper) & ~(lower & ~here)
            case Inclination.DISINCLINED:
                return self.full & ~(here ^ lower) & ~(here & ~upper)
            case Inclination.OPEN:
                return self.full & ~(lower & ~here) & ~(here & ~upper)

    def founded(self, gone: frozenset[str]) -> int:
        """The lanes in which those who attend are just those reached from nobody."""
        stances = [s.without(gone) for s in self.network.stances]
        joined = [0] * self.network.attendances
        while True:
            reached = self.read(joined)
            more = [j | self.joins(x, stances[x], reached) for x, j in enumerate(joined)]
            if more == joined:
                break
            joined = more
        lanes = self.full
        for x, plane in enumerate(joined):
            lanes &= ~(plane ^ self.planes[x])
        return lanes

    def joins(self, x: int, stance: Stance, reached: list[tuple[int, int]]) -> int:
        """The lanes in which x joins, given what is reached."""
        if self.network.fixed[x] is not None:
            return self.planes[x]

        def read(literal: int) -> int:
            return reached[literal][0] if literal >= 0 else reached[~literal][1]

        lower, upper = 0, self.full
        for literal in stance.lowers:
            lower |= read(literal)
        for literal in stance.uppers:
            upper &= read(literal)
        match stance.inclination:
            case Inclination.INCLINED:
                willing = self.full
            case Inclination.DISINCLINED:
                willing = 0
            case Inclination.OPEN:
                willing = self.planes[x]
        return lower | (willing & upper) | (self.planes[x] if stance.lost else 0)

    def read(self, joined: list[int]) -> list[tuple[int, int]]:
        """Every node and its negation in negation normal form, read of those who have joined."""
        reached = [(joined[a] if a < len(joined) else plane, self.full & ~plane) for a, plane in enumerate(self.atoms)]
        for gate in self.network.gates:
            of = self.network.sums[gate.sum]
            pairs = [
                (self.full, 0)
                if gate.taken == q
                else (0, self.full)
                if gate.taken == ~q
                else reached[q]
                if q >= 0
                else reached[~q][::-1]
                for q in of.literals
            ]
            whole = sum(of.weights)
            reached.append(
                (
                    threshold([p for p, _ in pairs], of.weights, gate.quota, self.full),
                    threshold([n for _, n in pairs], of.weights, whole - gate.quota + 1, self.full),
                )
            )
        return reached


# --- planes ---------------------------------------------------------------------------------------


def pattern(variable: int, variables: int) -> int:
    """The plane of a free variable: its value in each of the 2^variables states."""
    run = 1 << variable
    plane, width, whole = ((1 << run) - 1) << run, 2 * run, 1 << variables
    while width < whole:
        plane |= plane << width
        width *= 2
    return plane


def threshold(planes: Sequence[int], weights: Sequence[int], quota: int, full: int) -> int:
    """The lanes in which the weight of the true planes reaches the quota."""
    if quota <= 0:
        return full
    whole = sum(weights)
    if quota > whole:
        return 0
    if quota == whole and min(weights) > 0:
        found = full
        for plane in planes:
            found &= plane
        return found
    if quota <= min(weights):
        found = 0
        for plane in planes:
            found |= plane
        return found
    return at_least(total(planes, weights), quota, full)


def total(planes: Sequence[int], weights: Sequence[int]) -> list[int]:
    """The weighted number of true planes in each lane, as binary digits, lowest first."""
    digits: list[int] = []
    for plane, weight in zip(planes, weights, strict=True):
        place = 0
        while weight:
            if weight & 1:
                carry, at = plane, place
                while carry:
                    if at == len(digits):
                        digits.append(0)
                    digits[at], carry = digits[at] ^ carry, digits[at] & carry
                    at += 1
            weight >>= 1
            place += 1
            if len(digits) < place:
                digits.append(0)
    return digits


def at_least(digits: Sequence[int], quota: int, full: int) -> int:
    """The lanes in which the number reaches the quota."""
    if quota <= 0:
        return full
    if quota.bit_length() > len(digits):
        return 0
    above, equal = 0, full
    for place in reversed(range(len(digits))):
        if quota >> place & 1:
            equal &= digits[place]
        else:
            above |= equal & digits[place]
            equal &= ~digits[place]
    return above | equal


def extremes(digits: Sequence[int], lanes: int) -> tuple[int, int]:
    """The smallest and the largest number in those lanes."""
    least = most = 0
    low = high = lanes
    for place in reversed(range(len(digits))):
        if low & ~digits[place]:
            low &= ~digits[place]
        else:
            least |= 1 << place
        if high & digits[place]:
            high &= digits[place]
            most |= 1 << place
    return least, most


def ones(lanes: int) -> Iterator[int]:
    """The numbers of the lanes that are set, lowest first."""
    while lanes:
        lowest = lanes & -lanes
        yield lowest.bit_length() - 1
        lanes ^= lowest
