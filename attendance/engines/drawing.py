"""Worlds drawn at random: planes of bits that are true with a probability, and how sure a share of them is."""

from collections.abc import Mapping
from math import log
from random import Random

from attendance.engines.deadline import NO, Deadline
from attendance.engines.rows import Columns
from attendance.engines.weights import Odds

BITS = 64
"""Probabilities are drawn to so many binary places."""


def worlds(odds: Mapping[int, Odds], size: int, seed: int, deadline: Deadline = NO) -> Columns:
    """So many worlds, each atom in each of them by itself; the same for the same seed. Raises ResolutionTimeout."""
    random, columns = Random(seed), {}
    for atom, of in odds.items():
        deadline.check()
        columns[atom] = falling(of, size, random)
    return Columns(columns, size)


def falling(of: Odds, size: int, random: Random) -> int:
    """A plane in which each bit is true by those odds.

    A bit of probability 0.b1 b2 b3... is true if a fair one is, or the rest is, as b1 is 1 or 0; so on from
    the last place.
    """
    no, yes = of
    if not no:
        return (1 << size) - 1
    places, exact = divmod(yes << BITS, no + yes)
    plane = random.getrandbits(size) if exact else 0
    for place in range(BITS):
        if places >> place & 1:
            plane |= random.getrandbits(size)
        elif plane:
            plane &= random.getrandbits(size)
    return plane


def around(share: int, of: int, confidence: float) -> tuple[float, float]:
    """Where a probability lies that came true so many times of some: at least so often, whatever it is.

    The bound of Chernoff (1952) on both sides: those probabilities from which the share is not too far, by
    relative entropy.
    """
    observed, far = share / of, log(2 / (1 - confidence)) / of

    def edge(end: float) -> float:
        near, out = observed, end
        for _ in range(60):
            middle = (near + out) / 2
            near, out = (middle, out) if entropy(observed, middle) <= far else (near, middle)
        return out

    return edge(0.0), edge(1.0)


def entropy(observed: float, expected: float) -> float:
    """How far a share is from a probability that allows for it: the relative entropy of the two, in natural units."""
    found = 0.0
    for seen, true in (observed, expected), (1 - observed, 1 - expected):
        if seen > 0:
            found += seen * log(seen / true)
    return found
