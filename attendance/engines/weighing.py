"""Sums written for the answer-set solver: as clauses, rules that weigh, or sorted."""

from collections.abc import Sequence
from functools import reduce
from itertools import combinations
from math import comb, gcd
from typing import Protocol

from attendance.engines.sorting import comparators
from attendance.errors import EngineUnsuitable

Weighted = Sequence[tuple[int, int]]
"""Program literals with their weights."""

WORD = 30
"""Sums are kept below two to this power: clingo counts in 32 signed bits, and wraps silently."""

MOST_WRITTEN = 40_000_000
"""The most weighted literals that are written for one program."""

SHORT = 20
"""A count of which it takes no more clauses to say it in each direction is said in clauses."""


class Backend(Protocol):
    """What is used of clingo's backend."""

    def add_atom(self) -> int:
        """A new atom."""

    def add_rule(self, head: Sequence[int], body: Sequence[int] = (), choice: bool = False) -> None:
        """A rule, a choice, or (without a head) a constraint."""

    def add_weight_rule(self, head: Sequence[int], lower: int, body: Weighted) -> None:
        """A rule whose body holds when the weight of what is true in it reaches the lower bound."""


def write_sorted(backend: Backend, literals: Sequence[int]) -> list[int]:
    """Literals of which the k-th holds when at least k of the given do."""
    wires = list(literals)
    for i, j in comparators(len(wires)):
        either, both = backend.add_atom(), backend.add_atom()
        backend.add_rule([either], [wires[i]])
        backend.add_rule([either], [wires[j]])
        backend.add_rule([both], [wires[i], wires[j]])
        wires[i], wires[j] = either, both
    return wires


def short(quota: int, weights: Sequence[int]) -> int | None:
    """How many of some literals must be true, where all weigh the same and it is quickly said in clauses."""
    if not weights or min(weights) != max(weights) or not 0 < quota <= sum(weights):
        return None
    need, size = -(-quota // weights[0]), len(weights)
    if need in (1, size) or max(comb(size, need), comb(size, need - 1)) <= SHORT:
        return need
    return None


def write_count(backend: Backend, head: int, need: int, literals: Sequence[int]) -> None:
    """Constraints by which the head holds just when so many of the literals do; the head is chosen besides.

    As clauses they cost the solver less than rules, each of which has a body to be told apart.
    """
    for some in combinations(literals, need):
        backend.add_rule([], [-head, *some])
    for some in combinations(literals, len(literals) - need + 1):
        backend.add_rule([], [head, *(-literal for literal in some)])


def write_range(backend: Backend, literals: Sequence[int], low: int, high: int) -> None:
    """Constraints by which at least `low` and at most `high` of the literals are true."""
    enough, more = backend.add_atom(), backend.add_atom()
    write_threshold(backend, enough, low, [(literal, 1) for literal in literals])
    write_threshold(backend, more, high + 1, [(literal, 1) for literal in literals])
    backend.add_rule([], [-enough])
    backend.add_rule([], [more])


def write_threshold(backend: Backend, head: int, quota: int, weighted: Weighted) -> None:
    """Rules by which the head holds when the weight of what is true reaches the quota.

    All of them are monotone in the literals, so that the head is founded when they are.
    """
    if quota <= 0:
        backend.add_rule([head])
        return
    capped = [(literal, min(weight, quota)) for literal, weight in weighted if weight > 0]
    whole = sum(weight for _, weight in capped)
    if whole < quota:
        return
    least = min(weight for _, weight in capped)
    if least >= quota:
        for literal, _ in capped:
            backend.add_rule([head], [literal])
    elif whole - least < quota:
        backend.add_rule([head], [literal for literal, _ in capped])
    else:
        unit = reduce(gcd, (weight for _, weight in capped))
        scaled = [(literal, weight // unit) for literal, weight in capped]
        _write_sum(backend, head, -(-quota // unit), scaled)


def _write_sum(backend: Backend, head: int, quota: int, weighted: Weighted) -> None:
    """One weight rule, or for numbers too large several, digit by digit with the carries in unary.

    The quota is rounded up to a multiple of the last digit's place, and the difference given to the
    sum for nothing; so the digits below only matter by what they carry. (After the "global polynomial
    watchdog" of Bailleux, Boufkhad and Roussel.)
    """
    bits = WORD - len(weighted).bit_length()
    places = 0
    while sum(weight >> bits * places for _, weight in weighted) >> WORD:
        places += 1
    if not places:
        backend.add_weight_rule([head], quota, weighted)
        return
    if places * len(weighted) ** 2 > MOST_WRITTEN:
        raise EngineUnsuitable("clingo", f"a sum of {len(weighted)} weights that come to {WORD} bits or more")
    gift = -quota % (1 << bits * places)
    carries: list[tuple[int, int]] = []
    for place in range(places):
        free = gift >> bits * place & (1 << bits) - 1
        digits = [(a, d) for a, w in weighted if (d := w >> bits * place & (1 << bits) - 1)]
        column = [*digits, *carries]
        carries = []
        for carry in range(1, (sum(d for _, d in column) + free >> bits) + 1):
            atom = backend.add_atom()
            write_threshold(backend, atom, (carry << bits) - free, column)
            carries.append((atom, 1))
    top = [(a, d) for a, w in weighted if (d := w >> bits * places)]
    write_threshold(backend, head, quota + gift >> bits * places, [*top, *carries])
