"""Kripke-Kleene propagation: what is certain in every outcome, in one linear pass.

Three-valued and forward only, after Dowling and Gallier (1984): each gate keeps how much it still
needs to be true, and how much it can lose before it is false. What is decided holds in every
outcome, founded or not; that there is an outcome at all is not noticed.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast
from weakref import WeakKeyDictionary

from attendance.engines.evaluation import weights_of
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, Sum, node_of

NOTHING: Mapping[int, bool | None] = MappingProxyType({})
CHANGED = 4
"""A circuit is changed rather than built anew if less than one in so many atoms is different."""
OPEN = cast("bool", ...)
"""Stands in a run for the value of an atom that is to take none."""


@dataclass(frozen=True, slots=True)
class Propagation:
    """The value of every node, None where it is not certain, and the order in which nodes were decided."""

    values: Sequence[bool | None]
    order: Sequence[int]


def propagate(network: Network, turned: Mapping[int, bool | None] = NOTHING) -> Propagation:
    """What is certain in every outcome. Time and space are linear in the network.

    Atoms that are `turned` have that value, or none, whatever they are fixed at and whatever is said of
    them. Asking a network again, with others turned, is quicker than the first time.
    """
    return _circuit(network).run(turned)


def _circuit(network: Network) -> "_Circuit":
    """The circuit of a network: kept, changed from that of its origin where little is different, or built."""
    circuit, origin = _CIRCUITS.get(network), network.origin
    if circuit is None and origin is not None and origin.gates is network.gates and origin.sums is network.sums:
        changed = [a for a, v in enumerate(network.fixed) if v is not origin.fixed[a]]
        changed += [x for x, stance in enumerate(network.stances) if stance is not origin.stances[x]]
        if len(changed) * CHANGED < network.atoms:
            circuit = _circuit(origin).changed(origin, network, set(changed))
    if circuit is None:
        circuit = _Circuit(network)
    _CIRCUITS[network] = circuit
    return circuit


@dataclass(slots=True)
class _Reaction:
    """What follows when a node takes a value."""

    true: list[int] = field(default_factory=list)  # these nodes are true
    false: list[int] = field(default_factory=list)  # these are false
    needs: list[tuple[int, int, int]] = field(default_factory=list)  # (counter, weight, node): true at 0
    slacks: list[tuple[int, int, int]] = field(default_factory=list)  # (counter, weight, node): false below 0
    crowds: list[tuple[int, int, bool]] = field(default_factory=list)  # (crowd, weight, gained or lost)

    def without(self, nodes: set[int]) -> "_Reaction":
        """A copy in which nothing follows for those nodes."""
        return _Reaction(
            [x for x in self.true if x not in nodes],
            [x for x in self.false if x not in nodes],
            [entry for entry in self.needs if entry[2] not in nodes],
            [entry for entry in self.slacks if entry[2] not in nodes],
            self.crowds,
        )


class _Circuit:
    """A network as reactions and counters; built once, run as often as asked.

    It does not hold the network, which would keep both alive for ever.
    """

    def __init__(self, network: Network) -> None:
        self.nodes = network.atoms + len(network.gates)
        self.on_true: list[_Reaction | None] = [None] * self.nodes
        self.on_false: list[_Reaction | None] = [None] * self.nodes
        self.needs: list[int] = []
        self.slacks: list[int] = []
        self.crowds: list[_Crowd] = []
        self.start: list[tuple[int, bool]] = [(a, v) for a, v in enumerate(network.fixed) if v is not None]
        gates: list[list[int]] = [[] for _ in network.sums]
        for number, gate in enumerate(network.gates):
            gates[gate.sum].append(number)
        for of, readers in zip(network.sums, gates, strict=True):
            if len(readers) == 1 and network.gates[readers[0]].taken is None:
                self.gate(of, network.gates[readers[0]].quota, network.atoms + readers[0])
            elif readers:
                self.crowd(of, [(network.atoms + g, network.gates[g]) for g in readers])
        for x, stance in enumerate(network.stances):
            if network.fixed[x] is None:
                self.stance(x, stance)

    def when(self, literal: int, holds: bool) -> _Reaction:
        """The reaction to a literal turning true (or false)."""
        node = node_of(literal)
        table = self.on_true if (literal >= 0) == holds else self.on_false
        found = table[node]
        if found is None:
            found = table[node] = _Reaction()
        return found

    def gate(self, of: Sum, quota: int, node: int) -> None:
        """A sum that one gate reads."""
        slack = sum(of.weights) - quota
        if quota <= 0 or slack < 0:
            self.start.append((node, quota <= 0))
            return
        counter = len(self.needs)
        self.needs.append(quota)
        self.slacks.append(slack)
        for literal, weight in zip(of.literals, of.weights, strict=True):
            if weight >= quota:
                self.when(literal, True).true.append(node)
            else:
                self.when(literal, True).needs.append((counter, weight, node))
            if weight > slack:
                self.when(literal, False).false.append(node)
            else:
                self.when(literal, False).slacks.append((counter, weight, node))

    def crowd(self, of: Sum, readers: Sequence[tuple[int, Gate]]) -> None:
        """A sum that several gates read, or that takes an attendance as true."""
        number = len(self.crowds)
        self.crowds.append(_Crowd(of, readers))
        for literal, weight in zip(of.literals, of.weights, strict=True):
            self.when(literal, True).crowds.append((number, weight, True))
            self.when(literal, False).crowds.append((number, weight, False))

    def stance(self, x: int, stance: Stance) -> None:
        lowers, uppers = stance.lowers, stance.uppers
        for literal in lowers:
            self.when(literal, True).true.append(x)
        for literal in uppers:
            self.when(literal, False).false.append(x)
        if stance.inclination is Inclination.INCLINED:
            self.when_all(uppers, True, x)
        elif stance.inclination is Inclination.DISINCLINED:
            self.when_all(lowers, False, x)

    def when_all(self, literals: Sequence[int], value: bool, x: int) -> None:
        """x takes the value once all the literals have it."""
        if not literals:
            self.start.append((x, value))
        elif len(literals) == 1:
            reaction = self.when(literals[0], value)
            (reaction.true if value else reaction.false).append(x)
        else:
            counter = len(self.needs)
            self.needs.append(len(literals))
            self.slacks.append(len(literals) - 1)
            for literal in literals:
                reaction = self.when(literal, value)
                (reaction.needs if value else reaction.slacks).append((counter, 1, x))

    def changed(self, origin: Network, network: Network, atoms: set[int]) -> "_Circuit":
        """The circuit of a variation, in which only what is known or said of those atoms is different."""
        made = copy(self)
        made.on_true, made.on_false = self.on_true.copy(), self.on_false.copy()
        made.needs, made.slacks = self.needs.copy(), self.slacks.copy()
        made.start = [(node, value) for node, value in self.start if node not in atoms]
        people = [x for x in atoms if x < network.attendances]
        for literal in {q for x in people for net in (origin, network) for q in _bounds(net.stances[x])}:
            for table, node in ((made.on_true, node_of(literal)), (made.on_false, node_of(literal))):
                old = table[node]
                table[node] = None if old is None else old.without(atoms)
        made.start += ((a, v) for a in sorted(atoms) if (v := network.fixed[a]) is not None)
        for x in sorted(people):
            if network.fixed[x] is None:
                made.stance(x, network.stances[x])
        return made

    def run(self, turned: Mapping[int, bool | None]) -> Propagation:
        """One pass: every consequence of what is decided, in the order of deciding."""
        values: list[bool | None] = [None] * self.nodes
        queue: list[int] = [atom for atom, value in turned.items() if value is not None]
        needs, slacks = self.needs.copy(), self.slacks.copy()
        counts = [_Count(crowd) for crowd in self.crowds]
        for atom, value in turned.items():
            values[atom] = OPEN if value is None else value
        for node, value in self.start:
            if values[node] is None:
                values[node] = value
                queue.append(node)
        for count in counts:
            count.look(values, queue)
        on_true, on_false = self.on_true, self.on_false
        for node in queue:  # grows while it is read
            reaction = on_true[node] if values[node] else on_false[node]
            if reaction is None:
                continue
            for x in reaction.true:
                if values[x] is None:
                    values[x] = True
                    queue.append(x)
            for x in reaction.false:
                if values[x] is None:
                    values[x] = False
                    queue.append(x)
            for counter, weight, x in reaction.needs:
                needs[counter] -= weight
                if needs[counter] <= 0 and values[x] is None:
                    values[x] = True
                    queue.append(x)
            for counter, weight, x in reaction.slacks:
                slacks[counter] -= weight
                if slacks[counter] < 0 and values[x] is None:
                    values[x] = False
                    queue.append(x)
            for number, weight, gained in reaction.crowds:
                counts[number].change(weight, gained, values, queue)
        for atom, value in turned.items():
            values[atom] = value
        return Propagation(values, queue)


class _Crowd:
    """A shared sum: its gates by the weight that makes each true, and the weight below which it is false.

    A gate that takes an attendance as true needs that much less; once the attendance is decided,
    nothing asks for the gate any more.
    """

    def __init__(self, of: Sum, readers: Sequence[tuple[int, Gate]]) -> None:
        weights = weights_of(of)
        self.whole = sum(of.weights)
        self.rising: list[tuple[int, int, int | None]] = []
        self.falling: list[tuple[int, int, int | None]] = []
        for node, gate in readers:
            for_, against = 0, 0
            if gate.taken is not None:
                for_, against = weights.get(gate.taken, 0), weights.get(~gate.taken, 0)
            self.rising.append((gate.quota - for_, node, gate.taken))
            self.falling.append((gate.quota + against, node, gate.taken))
        self.rising.sort(key=lambda entry: entry[0])
        self.falling.sort(key=lambda entry: -entry[0])


class _Count:
    """How much of a crowd is certainly there, and how much can still be."""

    __slots__ = ("crowd", "false", "high", "low", "true")

    def __init__(self, crowd: _Crowd) -> None:
        self.crowd, self.low, self.high, self.true, self.false = crowd, 0, crowd.whole, 0, 0

    def change(self, weight: int, gained: bool, values: list[bool | None], queue: list[int]) -> None:
        if gained:
            self.low += weight
        else:
            self.high -= weight
        self.look(values, queue)

    def look(self, values: list[bool | None], queue: list[int]) -> None:
        """Decide the gates whose bar the count has passed."""
        rising, falling = self.crowd.rising, self.crowd.falling
        while self.true < len(rising) and rising[self.true][0] <= self.low:
            _, node, taken = rising[self.true]
            self.true += 1
            if values[node] is None and (taken is None or values[taken] is None):
                values[node] = True
                queue.append(node)
        while self.false < len(falling) and falling[self.false][0] > self.high:
            _, node, taken = falling[self.false]
            self.false += 1
            if values[node] is None and (taken is None or values[taken] is None):
                values[node] = False
                queue.append(node)


def _bounds(stance: Stance) -> tuple[int, ...]:
    return (*stance.lowers, *stance.uppers)


_CIRCUITS: "WeakKeyDictionary[Network, _Circuit]" = WeakKeyDictionary()
