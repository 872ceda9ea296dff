"""The value of every node where atoms are known, or not: each sum is added up once, whoever reads it."""

from collections.abc import Sequence
from typing import cast

from attendance.network import Network, State, Sum, holds, is_content, is_founded, node_of


def evaluate(network: Network, atoms: Sequence[bool | None]) -> list[bool | None]:
    """What the atoms decide of each node, None where they leave it open (Kleene's strong logic)."""
    found = _Evaluation(network, atoms)
    found.reach(network.atoms + len(network.gates))
    return found.values


def is_outcome(network: Network, state: State) -> bool:
    """The same as the definition, of which it is a faster way."""
    return is_kept(network, state) and (not network.founded or is_founded(network, state))


def is_kept(network: Network, state: State) -> bool:
    """Whether a state is an outcome, founded or not. Gates are looked at until somebody is found to be discontent."""
    found, size = _Evaluation(network, state), network.atoms + len(network.gates)
    of = cast("list[bool]", found.values)
    if any(v is not None and v != state[a] for a, v in enumerate(network.fixed)):
        return False
    for x, stance in enumerate(network.stances):
        if network.fixed[x] is None:
            for literal in (*stance.lowers, *stance.uppers):
                found.reach(node_of(literal) + 1)
            if not is_content(network, x, of):
                return False
    found.reach(size)
    return all(holds(q, of) for _, q in network.rules) and all(holds(q, of) for q in network.given)


class _Evaluation:
    """The values of nodes, as far as they have been asked for: each needs only those before it."""

    def __init__(self, network: Network, atoms: Sequence[bool | None]) -> None:
        self.network = network
        self.values = list(atoms)
        self.totals: list[tuple[int, int] | None] = [None] * len(network.sums)
        self.weights: dict[int, dict[int, int]] = {}

    def reach(self, end: int) -> None:
        """Evaluate all nodes before that one."""
        network, values, totals, weights = self.network, self.values, self.totals, self.weights
        for gate in network.gates[len(values) - network.atoms : max(0, end - network.atoms)]:
            bounds = totals[gate.sum]
            if bounds is None:
                bounds = totals[gate.sum] = _bounds(network.sums[gate.sum], values)
            low, high = bounds
            if gate.taken is not None and values[gate.taken] is not True:
                if gate.sum not in weights:
                    weights[gate.sum] = weights_of(network.sums[gate.sum])
                for_, against = (weights[gate.sum].get(q, 0) for q in (gate.taken, ~gate.taken))
                if values[gate.taken] is None:
                    low, high = low + for_, high - against
                else:
                    low, high = low + for_ - against, high + for_ - against
            values.append(True if low >= gate.quota else False if high < gate.quota else None)


def weights_of(of: Sum) -> dict[int, int]:
    """The weight of each literal of a sum."""
    found = dict(zip(of.literals, of.weights, strict=True))
    if len(found) < len(of.literals):
        found = dict.fromkeys(found, 0)
        for literal, weight in zip(of.literals, of.weights, strict=True):
            found[literal] += weight
    return found


def _bounds(of: Sum, values: Sequence[bool | None]) -> tuple[int, int]:
    low = high = 0
    for literal, weight in zip(of.literals, of.weights, strict=True):
        value = values[literal] if literal >= 0 else values[~literal]
        if value is None:
            high += weight
        elif value is (literal >= 0):
            low, high = low + weight, high + weight
    return low, high
