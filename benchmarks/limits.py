"""What this machine could do at best: how fast Python's integers are, and how long one look at a network takes."""

import statistics
from random import Random
from time import perf_counter

from attendance.network import Network

BITS = 65_536
LOOPS = 2_000


def bits_per_second() -> float:
    """How many bits `a & b` makes in a second, of integers that stay in the nearest memory; the best of several."""
    draw = Random(1)
    a, b = draw.getrandbits(BITS), draw.getrandbits(BITS)
    taken = []
    for _ in range(9):
        start = perf_counter()
        for _ in range(LOOPS):
            a & b
        taken.append(perf_counter() - start)
    return BITS * LOOPS / min(taken)


def touched(network: Network) -> float:
    """The seconds in which a plain loop touches every literal of a network once, and does nothing with it."""
    taken = []
    for _ in range(5):
        start = perf_counter()
        for of in network.sums:
            for _literal in of.literals:
                pass
        for stance in network.stances:
            for part in stance.parts:
                _bounds = part.lower, part.upper
        taken.append(perf_counter() - start)
    return statistics.median(taken)


def literals(network: Network) -> int:
    """How many literals there are to be read: those of all sums, and all bounds."""
    bounds = sum((part.lower is not None) + (part.upper is not None) for s in network.stances for part in s.parts)
    return bounds + sum(len(of.literals) for of in network.sums)
