"""Gates as they are built: constants folded, equal gates made once, long sums shared by many quotas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from attendance.network import Gate, Sum

TRUE = 1 << 62
FALSE = ~TRUE
SHARED = 8
"""From this many literals on, a sum is shared by gates that take different attendances as true."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """Literals with weights, constants taken out: `sure` is the weight of those that are true.

    `whole` and `size` are the weight and number of all, the constant ones included. Compared by
    identity: one that many gates read is looked at once.
    """

    literals: tuple[int, ...]
    weights: tuple[int, ...]
    sure: int
    whole: int
    size: int

    @cached_property
    def weight(self) -> Mapping[int, int]:
        """The weight of each literal."""
        return dict(zip(self.literals, self.weights, strict=True))

    @cached_property
    def open(self) -> int:
        """The weight of what is not constant."""
        return sum(self.weights)


def weighed(pairs: Iterable[tuple[int, int]]) -> Weighed:
    """Pairs of literal and weight, each literal a different thing."""
    kept: dict[int, int] = {}
    sure = whole = size = 0
    for literal, weight in pairs:
        size += 1
        whole += weight
        if literal == TRUE:
            sure += weight
        elif literal != FALSE and weight:
            kept[literal] = kept.get(literal, 0) + weight
    return Weighed(tuple(kept), tuple(kept.values()), sure, whole, size)


class Gates:
    """The growing lists of sums and gates of a network with that many atoms."""

    def __init__(self, atoms: int) -> None:
        self.atoms = atoms
        self.sums: list[Sum] = []
        self.gates: list[Gate] = []
        self._sums: dict[Sum, int] = {}
        self._gates: dict[Gate, int] = {}
        self._weighed: dict[Weighed, int] = {}

    def literal(self, literal: int) -> int:
        """The literal, with a constant made a gate of its own."""
        if literal == TRUE:
            return self._gate(Sum((), ()), 0)
        if literal == FALSE:
            return self._gate(Sum((), ()), 1)
        return literal

    def all_of(self, literals: Sequence[int]) -> int:
        """True when all are; TRUE of none."""
        kept = dict.fromkeys(c for c in literals if c != TRUE)
        if FALSE in kept:
            return FALSE
        return self._simple(tuple(kept), len(kept), TRUE)

    def any_of(self, literals: Sequence[int]) -> int:
        """True when any is; FALSE of none."""
        kept = dict.fromkeys(c for c in literals if c != FALSE)
        if TRUE in kept:
            return TRUE
        return self._simple(tuple(kept), 1, FALSE)

    def _simple(self, kept: tuple[int, ...], quota: int, of_none: int) -> int:
        if not kept:
            return of_none
        return kept[0] if len(kept) == 1 else self._gate(Sum(kept, (1,) * len(kept)), quota)

    def at_least(self, quota: int, of: Weighed, own: int | None = None) -> int:
        """True when the weight of the true ones reaches the quota, with `own` taken as true."""
        quota -= of.sure
        taken = of.weight.get(own, 0) if own is not None else 0
        if taken and len(of.literals) < SHARED:
            rest = [(c, w) for c, w in zip(of.literals, of.weights, strict=True) if c != own]
            of, quota, taken = weighed(rest), quota - taken, 0
        if quota - taken <= 0:
            return TRUE
        if quota > of.open:
            return FALSE
        if len(of.literals) == 1:
            return of.literals[0]
        number = self._weighed.get(of)
        if number is None:
            number = self._weighed[of] = self._sum(Sum(of.literals, of.weights))
        return self._node(Gate(number, quota, own if taken else None))

    def _gate(self, of: Sum, quota: int) -> int:
        return self._node(Gate(self._sum(of), quota))

    def _sum(self, of: Sum) -> int:
        number = self._sums.get(of)
        if number is None:
            number = self._sums[of] = len(self.sums)
            self.sums.append(of)
        return number

    def _node(self, gate: Gate) -> int:
        node = self._gates.get(gate)
        if node is None:
            node = self._gates[gate] = self.atoms + len(self.gates)
            self.gates.append(gate)
        return node
