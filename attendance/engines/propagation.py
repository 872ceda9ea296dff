"""Kripke-Kleene propagation: what is certain in every outcome, in one linear pass.

Three-valued and forward only, after Dowling and Gallier (1984): each sum keeps how much of it is
certainly true and how much can still be. What it decides holds in every outcome, founded or not;
that there is an outcome at all it does not notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance.model.sayings import Inclination
from attendance.network import Network, Sum


@dataclass(frozen=True, slots=True)
class Propagation:
    """The value of every node, None where it is not certain, and the order in which nodes were decided."""

    values: Sequence[bool | None]
    order: Sequence[int]


def propagate(network: Network) -> Propagation:
    """What is certain in every outcome. Time and space are linear in the network."""
    run = _Run(network)
    run.start()
    run.spread()
    return Propagation(run.values, run.queue)


class _Run:
    """One pass over one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        nodes = network.atoms + len(network.gates)
        self.values: list[bool | None] = [None] * nodes
        self.queue: list[int] = []
        self.low = [0] * len(network.sums)
        self.high = [sum(s.weights) for s in network.sums]
        self.sums: list[list[tuple[int, int, bool]]] = [[] for _ in range(nodes)]  # (sum, weight, positive)
        for number, of in enumerate(network.sums):
            for literal, weight in zip(of.literals, of.weights, strict=True):
                self.sums[literal if literal >= 0 else ~literal].append((number, weight, literal >= 0))
        self.gates: list[_Gates] = [_Gates() for _ in network.sums]
        weights: dict[int, dict[int, int]] = {}
        for i, gate in enumerate(network.gates):
            with_, against = 0, 0
            if gate.taken is not None:
                if gate.sum not in weights:
                    weights[gate.sum] = _weights(network.sums[gate.sum])
                with_ = weights[gate.sum].get(gate.taken, 0)
                against = weights[gate.sum].get(~gate.taken, 0)
            self.gates[gate.sum].add(network.atoms + i, gate.quota - with_, gate.quota + against, gate.taken)
        self.bounds: list[list[tuple[int, bool, bool]]] = [[] for _ in range(nodes)]  # (attendance, lower, positive)
        self.lower_left = [0] * network.attendances
        self.upper_left = [0] * network.attendances
        for x, stance in enumerate(network.stances):
            if network.fixed[x] is None:
                for literal in stance.lowers:
                    self.bounds[literal if literal >= 0 else ~literal].append((x, True, literal >= 0))
                    self.lower_left[x] += 1
                for literal in stance.uppers:
                    self.bounds[literal if literal >= 0 else ~literal].append((x, False, literal >= 0))
                    self.upper_left[x] += 1

    def start(self) -> None:
        """What is certain before anything is read: what is fixed, and what no bound holds back."""
        for atom, value in enumerate(self.network.fixed):
            if value is not None:
                self.decide(atom, value)
        for gates in self.gates:
            gates.sort()
        for number in range(len(self.network.sums)):
            self.look(number)
        for x, stance in enumerate(self.network.stances):
            if self.network.fixed[x] is None:
                if not self.lower_left[x] and stance.inclination is Inclination.DISINCLINED:
                    self.decide(x, False)
                if not self.upper_left[x] and stance.inclination is Inclination.INCLINED:
                    self.decide(x, True)

    def spread(self) -> None:
        """Every consequence of what is decided, in the order of deciding."""
        done = 0
        values, low, high = self.values, self.low, self.high
        while done < len(self.queue):
            node = self.queue[done]
            done += 1
            value = values[node]
            for number, weight, positive in self.sums[node]:
                if positive == value:
                    low[number] += weight
                else:
                    high[number] -= weight
                self.look(number)
            for x, lower, positive in self.bounds[node]:
                if values[x] is None:
                    self.bound(x, lower, positive == value)

    def bound(self, x: int, lower: bool, holds: bool) -> None:
        """One literal of a lower or an upper bound has been decided."""
        inclination = self.network.stances[x].inclination
        if lower and holds:
            self.decide(x, True)
        elif lower:
            self.lower_left[x] -= 1
            if not self.lower_left[x] and inclination is Inclination.DISINCLINED:
                self.decide(x, False)
        elif not holds:
            self.decide(x, False)
        else:
            self.upper_left[x] -= 1
            if not self.upper_left[x] and inclination is Inclination.INCLINED:
                self.decide(x, True)

    def look(self, number: int) -> None:
        """Decide the gates of a sum that its bounds have passed."""
        gates = self.gates[number]
        low, high = self.low[number], self.high[number]
        while gates.true < len(gates.by_low) and gates.by_low[gates.true][0] <= low:
            _, node, taken = gates.by_low[gates.true]
            gates.true += 1
            if taken is None or self.values[taken] is None:
                self.decide(node, True)
        while gates.false < len(gates.by_high) and gates.by_high[gates.false][0] > high:
            _, node, taken = gates.by_high[gates.false]
            gates.false += 1
            if taken is None or self.values[taken] is None:
                self.decide(node, False)

    def decide(self, node: int, value: bool) -> None:
        if self.values[node] is None:
            self.values[node] = value
            self.queue.append(node)


class _Gates:
    """The gates of one sum, by the weight that makes each true and the weight without which it is false.

    A gate that takes an attendance as true needs that much less; once the attendance is decided,
    nothing asks for the gate any more.
    """

    __slots__ = ("by_high", "by_low", "false", "true")

    def __init__(self) -> None:
        self.by_low: list[tuple[int, int, int | None]] = []
        self.by_high: list[tuple[int, int, int | None]] = []
        self.true = self.false = 0

    def add(self, node: int, needs: int, fails_below: int, taken: int | None) -> None:
        self.by_low.append((needs, node, taken))
        self.by_high.append((fails_below, node, taken))

    def sort(self) -> None:
        if len(self.by_low) > 1:
            self.by_low.sort(key=lambda entry: entry[0])
            self.by_high.sort(key=lambda entry: -entry[0])


def _weights(of: Sum) -> dict[int, int]:
    """The weight of each literal of a sum."""
    found: dict[int, int] = {}
    for literal, weight in zip(of.literals, of.weights, strict=True):
        found[literal] = found.get(literal, 0) + weight
    return found
