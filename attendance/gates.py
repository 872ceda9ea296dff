"""Gates as they are built: constants folded, equal gates made once, long sums shared by many quotas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from attendance.model.bulk import tuple_of
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
    open: int
    """The weight of what is not constant."""

    @cached_property
    def weight(self) -> Mapping[int, int]:
        """The weight of each literal."""
        return dict(zip(self.literals, self.weights, strict=True))


def weighed(pairs: Iterable[tuple[int, int]]) -> Weighed:
    """Pairs of literal and weight, each literal a different thing."""
    listed = list(pairs)
    kept, size = dict(listed), len(listed)
    if len(kept) == size and not (TRUE in kept or FALSE in kept or 0 in kept.values()):  # the most frequent case
        whole = sum(kept.values())
        return Weighed(tuple(kept), tuple(kept.values()), 0, whole, size, whole)
    kept.clear()
    sure = whole = never = 0
    for literal, weight in listed:
        whole += weight
        if literal == TRUE:
            sure += weight
        elif literal == FALSE:
            never += weight
        elif literal in kept:
            kept[literal] += weight
        elif weight:
            kept[literal] = weight
    return Weighed(tuple(kept), tuple(kept.values()), sure, whole, size, whole - sure - never)


class Gates:
    """The growing lists of sums and gates of a network with that many atoms."""

    def __init__(self, atoms: int) -> None:
        self.atoms = atoms
        self.sums: list[Sum] = []
        self.gates: list[Gate] = []
        self._sums: dict[tuple[int, ...] | tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        self._units: dict[int, tuple[int, ...]] = {}
        self._gates: dict[Gate, int] = {}
        self._own: dict[Gate, int] = {}  # those that take as true who is spoken of now: nobody else reads them
        self._taken: int | None = None
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
        gate = tuple_of(Gate, (of, quota, taken))
        known = self._gates
        if taken is not None:
            known = self._own
            if taken != self._taken:
                known.clear()
                self._taken = taken
        node = known.get(gate)
        if node is None:
            node = known[gate] = self.atoms + len(self.gates)
            self.gates.append(gate)
        return node


def _several(literals: Sequence[int], constant: int) -> tuple[int, ...]:
    """Those literals, each once, without a constant that changes nothing."""
    if constant in literals:
        literals = [q for q in literals if q != constant]
    return tuple(dict.fromkeys(literals))
