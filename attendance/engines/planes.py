"""Planes: one big integer a thing, one bit a lane. Python's own integers are a fast vector unit.

Bits that are added up lane by lane are binary digits, a plane each, lowest first. Lanes of `a` that are
not in `b` are written `a ^ a & b`: Python's `~` makes a number negative, and those are several times slower.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache


@lru_cache(maxsize=64)
def pattern(variable: int, variables: int) -> int:
    """The plane of a free variable in 2^variables states, a lane each: where it is true."""
    run = 1 << variable
    plane, reach, whole = ((1 << run) - 1) << run, 2 * run, 1 << variables
    while reach < whole:
        plane |= plane << reach
        reach *= 2
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
    """The weighted number of true planes in each lane, as digits.

    Carry-save: three planes of one place become one of it and one of the next, in five operations.
    """
    places: list[list[int]] = [[]]
    for plane, weight in zip(planes, weights, strict=True):
        if plane:
            for place in range(weight.bit_length()):
                if place == len(places):
                    places.append([])
                if weight >> place & 1:
                    places[place].append(plane)
    digits: list[int] = []
    for number, column in enumerate(places):  # grows while it is read
        carries: list[int] = []
        while len(column) > 2:
            a, b, c = column.pop(), column.pop(), column.pop()
            either = a ^ b
            column.append(either ^ c)
            carries.append(a & b | either & c)
        if len(column) == 2:
            a, b = column
            digits.append(a ^ b)
            carries.append(a & b)
        else:
            digits.append(column[0] if column else 0)
        carries = [plane for plane in carries if plane]
        if number + 1 < len(places):
            places[number + 1] += carries
        elif carries:
            places.append(carries)
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
            equal ^= equal & digits[place]
    return above | equal


def extremes(digits: Sequence[int], lanes: int) -> tuple[int, int]:
    """The smallest and the largest number in those lanes."""
    least = most = 0
    low = high = lanes
    for place in reversed(range(len(digits))):
        none = low ^ low & digits[place]
        if none:
            low = none
        else:
            least |= 1 << place
        if high & digits[place]:
            high &= digits[place]
            most |= 1 << place
    return least, most


def ones(lanes: int) -> Iterator[int]:
    """The numbers of the lanes that are set, lowest first."""
    marks = lanes.to_bytes((lanes.bit_length() + 7) // 8, "little")
    for at, mark in enumerate(marks):
        while mark:
            lowest = mark & -mark
            yield 8 * at + lowest.bit_length() - 1
            mark ^= lowest


def plane_of(bits: Iterable[bool | int]) -> int:
    """The plane of some bits, the first one lowest."""
    digits = "".join("1" if bit else "0" for bit in bits)
    return int(digits[::-1] or "0", 2)


def place_of(literal: int) -> int:
    """Where the plane is in which a literal is true, if every node has one for that, then one for its negation."""
    return 2 * literal if literal >= 0 else 2 * ~literal + 1
