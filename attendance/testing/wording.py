"""A network in words, so that a disagreement about it can be read."""

from collections.abc import Iterable, Iterator

from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, State, node_of
from attendance.testing.world import PEOPLE, POOLS

FACT = {None: "is unknown", True: "holds", False: "does not hold"}


def network_in_words(network: Network) -> str:
    """A line for each bound, each gate that they name, and each thing that must hold besides."""
    return "\n".join(_Words(network).lines())


def states_in_words(network: Network, found: Iterable[State]) -> str:
    """The outcomes, each with those who attend and the facts that hold."""
    words = _Words(network)
    return ", ".join(f"[{words.state(state)}]" for state in sorted(found)) or "none"


class _Words:
    """The names of a network's nodes, and lines about them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        people = [PEOPLE[i] if i < len(PEOPLE) else f"person{i + 1}" for i in range(network.attendances)]
        pool = POOLS["facts"]
        facts = [pool[i] if i < len(pool) else f"fact{i + 1}" for i in range(network.facts)]
        self.names = [*people, *facts, *(f"g{i + 1}" for i in range(len(network.gates)))]

    def literal(self, literal: int) -> str:
        name = self.names[node_of(literal)]
        return name if literal >= 0 else f"not {name}"

    def state(self, state: State) -> str:
        return ", ".join(name for name, true in zip(self.names, state, strict=False) if true) or "nobody"

    def lines(self) -> Iterator[str]:
        network = self.network
        for x, stance in enumerate(network.stances):
            yield from self.stance(x, stance)
        for fact in range(network.attendances, network.atoms):
            yield f"{self.names[fact]} {FACT[network.fixed[fact]]}"
        for number, gate in enumerate(network.gates):
            if network.atoms + number in self.read():
                yield f"{self.names[network.atoms + number]} is: {self.gate(gate)}"
        yield from (f"rule {name}: {self.literal(q)}" for name, q in network.rules)
        yield from (f"given: {self.literal(q)}" for q in network.given)
        yield f"{'founded outcomes alone' if network.founded else 'all outcomes'} count"

    def stance(self, x: int, stance: Stance) -> Iterator[str]:
        name = self.names[x]
        if self.network.fixed[x] is not None:
            yield f"{name} is assumed to {'attend' if self.network.fixed[x] else 'be absent'}"
            return
        for part in stance.parts:
            bounds = []
            if part.lower is not None:
                bounds.append(f"attends if {self.literal(part.lower)}")
            if part.upper is not None:
                bounds.append(f"attends only if {self.literal(part.upper)}")
            yield f"{name} {', and '.join(bounds)} ({part.statement})"
        if stance.inclination is not Inclination.OPEN or not stance.parts:
            yield f"{name} is {stance.inclination}"
        if stance.lost:
            yield f"{name} has lost a statement to a repair"

    def gate(self, gate: Gate) -> str:
        sum_ = self.network.sums[gate.sum]
        items = [f"{w} x {self.literal(q)}" if w != 1 else self.literal(q) for q, w in zip(*sum_, strict=True)]
        taken = "" if gate.taken is None else f", {self.names[gate.taken]} taken to be there"
        return f"at least {gate.quota} of ({', '.join(items)}){taken}"

    def read(self) -> set[int]:
        """The gates that anything reads."""
        network, first = self.network, self.network.atoms
        bounds = [q for s in network.stances for q in (*s.lowers, *s.uppers)]
        open_ = [node_of(q) for q in (*bounds, *network.given, *(q for _, q in network.rules))]
        found: set[int] = set()
        while open_:
            node = open_.pop()
            if node >= first and node not in found:
                found.add(node)
                open_ += map(node_of, network.sums[network.gates[node - first].sum].literals)
        return found
