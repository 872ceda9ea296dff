"""Truth tables: one big integer a node, one bit a state. Exact for up to 16 choices, and fast there."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from math import comb
from types import MappingProxyType
from typing import Literal, assert_never
from weakref import WeakKeyDictionary

from attendance.engines.cutset import Cut, cut
from attendance.engines.deadline import NO, Deadline
from attendance.engines.planes import at_least, extremes, ones, pattern, threshold, total
from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import Network, Stance, State, Survey

FREE = 16
"""The most atoms that are chosen in a table: 65,536 states."""
NOTHING: Mapping[int, int] = MappingProxyType({})
TRIES = 20_000
"""The most sets of statements that are tried when a smallest one is looked for."""


def solvable(network: Network, *, deadline: Deadline = NO) -> bool:
    """Whether there is an outcome."""
    return bool(table_of(network).outcomes())


def count(network: Network, *, set_aside: int = 0, deadline: Deadline = NO) -> int:
    """How many outcomes there are."""
    return table_of(network, set_aside).reached(set_aside, deadline).bit_count()


def outcomes(
    network: Network,
    *,
    set_aside: int = 0,
    order: Literal["fewest", "most"] | None = None,
    deadline: Deadline = NO,
) -> Iterator[State]:
    """Every outcome once; with `set_aside`, those of all sets of that many statements and rules."""
    table = table_of(network, set_aside)
    lanes = table.reached(set_aside, deadline)
    if order is None:
        yield from (table.state(lane) for lane in ones(lanes))
        return
    bits = total([table.atoms[x] for x in range(network.attendances)], [1] * network.attendances)
    sizes = range(network.attendances + 1)
    for size in sizes if order == "fewest" else reversed(sizes):
        level = lanes & (at_least(bits, size, table.full) ^ at_least(bits, size + 1, table.full))
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
    table = table_of(network, set_aside)
    lanes = table.reached(set_aside, deadline)
    if not lanes:
        return None
    planes = [table.plane(q) for q in literals]
    return Survey(
        tuple((bool(plane & lanes), plane & lanes != lanes) for plane in planes),
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


def table_of(network: Network, set_aside: int = 0) -> "Table":
    """The table of a network: of a cut of its circles; of all free atoms, where statements are to be set aside."""
    return Table(network, None if set_aside else few_choices(network))


def few_choices(network: Network) -> Cut | None:
    """The cut of a network with so few choices that a table has them all, if one is found."""
    if network not in _CUTS:
        _CUTS[network] = cut(network, FREE)
    return _CUTS[network]


class Table:
    """The truth table of a network: a plane (a big integer) for every node, and a lane for every state.

    Lanes are the values of the free atoms, or of the choices of a `cut`, from which the other atoms
    follow; or, where nothing is chosen, those `width` lanes of which planes of the atoms are `given`.
    """

    def __init__(
        self, network: Network, of: Cut | None = None, given: Mapping[int, int] = NOTHING, width: int = 1
    ) -> None:
        self.network = network
        free = [a for a, v in enumerate(network.fixed) if v is None]
        if of is None and len(free) > FREE:
            raise EngineUnsuitable("tables", f"{len(free)} attendances and facts are free; at most {FREE} can be")
        self.choices = tuple(free) if of is None else of.choices
        self.lanes = width << len(self.choices)
        self.full = (1 << self.lanes) - 1
        self.planes = [self.full if v else 0 for v in network.fixed] + [0] * len(network.gates)
        for atom, plane in given.items():
            self.planes[atom] = plane
        for i, atom in enumerate(self.choices):
            self.planes[atom] = pattern(i, len(self.choices))
        for node in range(network.atoms, len(self.planes)) if of is None else of.order:
            self.planes[node] = self.following(node) if node < network.atoms else self.reaching(node)
        self.atoms = self.planes[: network.atoms]
        self.contented = [self.content(x, frozenset()) for x in range(network.attendances)]

    def following(self, x: int) -> int:
        """The lanes in which an attendance follows from its bounds."""
        lower, upper = self.bounds(self.network.stances[x])
        return upper if self.network.stances[x].inclination is Inclination.INCLINED else lower

    def reaching(self, node: int) -> int:
        """The lanes in which a gate reaches its quota."""
        gate = self.network.gates[node - self.network.atoms]
        of = self.network.sums[gate.sum]
        inputs = [self.full if gate.taken == q else 0 if gate.taken == ~q else self.plane(q) for q in of.literals]
        return threshold(inputs, of.weights, gate.quota, self.full)

    def bounds(self, stance: Stance) -> tuple[int, int]:
        """The lanes in which any lower bound holds, and those in which all upper ones do."""
        lower, upper = 0, self.full
        for literal in stance.lowers:
            lower |= self.plane(literal)
        for literal in stance.uppers:
            upper &= self.plane(literal)
        return lower, upper

    def plane(self, literal: int) -> int:
        """The lanes in which a literal is true."""
        return self.planes[literal] if literal >= 0 else self.full ^ self.planes[~literal]

    def state(self, lane: int) -> State:
        """The state that a lane stands for."""
        return tuple(bool(mark[lane >> 3] >> (lane & 7) & 1) for mark in self._marks)

    @cached_property
    def _marks(self) -> list[bytes]:
        """The planes of the atoms, eight lanes a byte."""
        return [plane.to_bytes(self.lanes // 8 + 1, "little") for plane in self.atoms]

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
        lower, upper = self.bounds(stance)
        match stance.inclination:
            case Inclination.INCLINED:
                return self.full ^ (here ^ upper | lower ^ lower & here)
            case Inclination.DISINCLINED:
                return self.full ^ (here ^ lower | here ^ here & upper)
            case Inclination.OPEN:
                return self.full ^ (lower ^ lower & here | here ^ here & upper)
            case _:
                assert_never(stance.inclination)

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
            lanes ^= lanes & (plane ^ self.planes[x])
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
            case _:
                assert_never(stance.inclination)
        return lower | (willing & upper) | (self.planes[x] if stance.lost else 0)

    def read(self, joined: list[int]) -> list[tuple[int, int]]:
        """Every node and its negation in negation normal form, read of those who have joined."""
        reached = [(joined[a] if a < len(joined) else plane, self.full ^ plane) for a, plane in enumerate(self.atoms)]
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


_CUTS: "WeakKeyDictionary[Network, Cut | None]" = WeakKeyDictionary()
