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
        self._sums: dict[tuple[int, ...] | tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        self._units: dict[int, tuple[int, ...]] = {}
        self._gates: dict[Gate, int] = {}
        self._weighed: dict[Weighed, int] = {}

    def literal(self, literal: int) -> int:
        """The literal, with a constant made a gate of its own."""
        if literal == TRUE:
            return self._node(self._sum(()), 0)
        if literal == FALSE:
            return self._node(self._sum(()), 1)
        return literal

    def all_of(self, literals: Sequence[int]) -> int:
        """True when all are; TRUE of none."""
        if FALSE in literals:
            return FALSE
        kept = _several(literals, TRUE)
        if len(kept) > 1:
            return self._node(self._sum(kept), len(kept))
        return kept[0] if kept else TRUE

    def any_of(self, literals: Sequence[int]) -> int:
        """True when any is; FALSE of none."""
        if TRUE in literals:
            return TRUE
        kept = _several(literals, FALSE)
        if len(kept) > 1:
            return self._node(self._sum(kept), 1)
        return kept[0] if kept else FALSE

    def at_least(self, quota: int, of: Weighed, own: int | None = None) -> int:
        """True when the weight of the true ones reaches the quota, with `own` taken as true."""
        quota -= of.sure
        taken = 0 if own is None else of.weight.get(own, 0)
        if taken and len(of.literals) < SHARED:
            rest = [(c, w) for c, w in zip(of.literals, of.weights, strict=True) if c != own]
            of, quota, taken = weighed(rest), quota - taken, 0
        if quota <= taken:
            return TRUE
        if quota > of.open:
            return FALSE
        if len(of.literals) == 1:
            return of.literals[0]
        number = self._weighed.get(of)
        if number is None:
            number = self._weighed[of] = self._sum(of.literals, of.weights)
        return self._node(number, quota, own if taken else None)

    def _sum(self, literals: tuple[int, ...], weights: tuple[int, ...] | None = None) -> int:
        """The number of a sum; without weights each literal weighs 1."""
        size = len(literals)
        units = self._units.get(size)
        if units is None:
            units = self._units[size] = (1,) * size
        key = literals if weights is None or weights == units else (literals, weights)
        number = self._sums.get(key)
        if number is None:
            number = self._sums[key] = len(self.sums)
            self.sums.append(Sum(literals, units if weights is None else weights))
        return number

    def _node(self, of: int, quota: int, taken: int | None = None) -> int:
        gate = Gate(of, quota, taken)
        node = self._gates.get(gate)
        if node is None:
            node = self._gates[gate] = self.atoms + len(self.gates)
            self.gates.append(gate)
        return node


def _several(literals: Sequence[int], constant: int) -> tuple[int, ...]:
    """Those literals, each once, without a constant that changes nothing."""
    if constant in literals:
        literals = [q for q in literals if q != constant]
    return tuple(dict.fromkeys(literals))
