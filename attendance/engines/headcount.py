"""The best invitation where all that anybody asks is how many come: number by number, without a search.

After Lee and Shoham, "Stable Invitations" (AAAI 2015): once the number is fixed, so is who would come and who
must not be left out, and the rest of the places go to the best.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_

from attendance.engines.deadline import Deadline
from attendance.network import Network, State, node_of


def by_number(network: Network, weights: Sequence[int], deadline: Deadline) -> Iterator[State | None]:
    """The best state of a network of bounds over the number of people, or None for none; nothing of another network.

    Nobody is led in it, and what is best is the greatest weight, then the most people, then the first.
    """
    bounds = _bounds(network)
    if bounds is None:
        return
    allowed, may, must = bounds
    order = sorted(range(network.atoms), key=lambda x: -weights[x])
    best: tuple[int, int, State] | None = None
    for number in _numbers(allowed, may, must):
        deadline.check()
        if best is not None and (sum(weights[x] for x in order[:number]), number) < best[:2]:
            break  # so few can never be worth as much, nor fewer
        there = [x for x in order if must[x] >> number & 1]
        there += [x for x in order if (may[x] & ~must[x]) >> number & 1][: number - len(there)]
        invited = set(there)
        rank = sum(weights[x] for x in invited), number, tuple(x in invited for x in range(network.atoms))
        best = rank if best is None else max(best, rank)
    yield None if best is None else best[2]


def _bounds(network: Network) -> tuple[int, list[int], list[int]] | None:
    """The numbers that are allowed, and for each person those with which they may and must come; None of another.

    Numbers are bits. Those past the number of all people mean nothing.
    """
    planes = _planes(network)
    if planes is None:
        return None
    size = network.atoms
    allowed, may, must = -1, [-1] * size, [0] * size

    def plane(literal: int) -> int:
        found = planes[node_of(literal) - size]
        return found if literal >= 0 else ~found

    for literal in network.given:
        if node_of(literal) >= size:
            allowed &= plane(literal)
        elif literal >= 0:
            must[literal] = -1
        else:
            may[~literal] = 0
    for x, stance in enumerate(network.stances):
        if any(node_of(literal) < size for literal in (*stance.uppers, *stance.lowers)):
            return None
        may[x] = reduce(and_, map(plane, stance.uppers), may[x])
        must[x] = reduce(or_, map(plane, stance.lowers), must[x])
        allowed &= ~(must[x] & ~may[x])
    return allowed, may, must


def _numbers(allowed: int, may: Sequence[int], must: Sequence[int]) -> Iterator[int]:
    """The numbers that can come, the greatest first: enough may, and no more must."""
    fit, least = _tallied(may), _tallied(must)
    for number in range(len(may), -1, -1):
        if allowed >> number & 1 and _at(least, number) <= number <= _at(fit, number):
            yield number


def _tallied(planes: Sequence[int]) -> list[int]:
    """How many of the planes have each bit, digit by digit: each sum and carry is one operation."""
    digits: list[int] = []
    for plane in planes:
        at = 0
        while plane:
            if at == len(digits):
                digits.append(0)
            digits[at], plane = digits[at] ^ plane, digits[at] & plane
            at += 1
    return digits


def _at(digits: Sequence[int], number: int) -> int:
    return sum((digit >> number & 1) << at for at, digit in enumerate(digits))


def _planes(network: Network) -> list[int] | None:
    """For each gate a bit for every number of people: whether it holds where so many come. None if that varies."""
    size = network.atoms
    found: list[int] = []
    shares: dict[int, tuple[int, int] | None] = {}
    for number, quota, taken in network.gates:
        literals, weights = network.sums[number]
        if taken is not None:
            return None
        if not literals:
            found.append(-1 if quota <= 0 else 0)
        elif node_of(literals[0]) < size:
            if number not in shares:
                shares[number] = _share(literals, weights, size)
            share = shares[number]
            if share is None:
                return None
            found.append(_reaching(quota, *share, size))
        elif max(weights) > 1 or any(node_of(q) < size for q in literals) or quota not in (1, len(literals)):
            return None
        else:
            inner = [found[q - size] if q >= 0 else ~found[~q - size] for q in literals]
            found.append(reduce(or_ if quota == 1 else and_, inner))
    return found


def _share(literals: Sequence[int], weights: Sequence[int], size: int) -> tuple[int, int] | None:
    """What one who comes adds to a sum over everybody alike, and what it is where nobody comes; None of another."""
    if len(literals) != size or min(weights) != max(weights) or len({*map(node_of, literals)}) < size:
        return None
    if any(node_of(q) >= size for q in literals) or len({q >= 0 for q in literals}) > 1:
        return None
    weight = weights[0]
    return (weight, 0) if literals[0] >= 0 else (-weight, weight * size)


def _reaching(quota: int, each: int, base: int, size: int) -> int:
    """The numbers of people with which a sum reaches its quota."""
    if each > 0:
        least = -((base - quota) // each)
        return -1 << min(max(0, least), size + 1)
    most = (base - quota) // -each
    return ~(-1 << min(max(0, most + 1), size + 1))
