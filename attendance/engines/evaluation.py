"""The value of every node where atoms are known, or not: each sum is added up once, whoever reads it."""

from collections.abc import Sequence
from typing import cast

from attendance.network import Network, State, Sum, holds, is_content, is_founded


def evaluate(network: Network, atoms: Sequence[bool | None]) -> list[bool | None]:
    """What the atoms decide of each node, None where they leave it open (Kleene's strong logic)."""
    values = list(atoms)
    totals: list[tuple[int, int] | None] = [None] * len(network.sums)
    weights: dict[int, dict[int, int]] = {}
    for gate in network.gates:
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
    return values


def is_outcome(network: Network, state: State) -> bool:
    """The same as the definition, of which it is a faster way."""
    of = cast("list[bool]", evaluate(network, state))
    return (
        all(v is None or v == state[a] for a, v in enumerate(network.fixed))
        and all(is_content(network, x, of) for x in range(network.attendances) if network.fixed[x] is None)
        and all(holds(q, of) for _, q in network.rules)
        and all(holds(q, of) for q in network.given)
        and (not network.founded or is_founded(network, state))
    )


def weights_of(of: Sum) -> dict[int, int]:
    """The weight of each literal of a sum."""
    found: dict[int, int] = {}
    for literal, weight in zip(of.literals, of.weights, strict=True):
        found[literal] = found.get(literal, 0) + weight
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
