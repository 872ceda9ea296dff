"""The probability of a plane: of all worlds that some atoms make, each true with a probability of its own.

Exact: every probability is a whole number of parts of a common whole, and so is every sum of products.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import prod

BYTE = 3
"""The worlds of so many atoms are one byte of a plane."""

Odds = tuple[int, int]
"""The whole numbers of parts that fall on false, and on true."""


def odds(chance: Fraction) -> Odds:
    """The odds of a probability."""
    return chance.denominator - chance.numerator, chance.numerator


class Scale:
    """Weighs planes over all combinations of some atoms, the last of them running fastest."""

    def __init__(self, chances: Sequence[Odds]) -> None:
        self.whole = prod(no + yes for no, yes in chances)
        self.lanes = 1 << len(chances)
        low = [*reversed(chances), *((1, 0),) * BYTE][: max(BYTE, len(chances))]
        self.high = low[BYTE:]
        weights = [1]
        for no, yes in low[:BYTE]:
            weights = [weight * of for of in (no, yes) for weight in weights]
        self.marks = [sum(w for lane, w in enumerate(weights) if mark >> lane & 1) for mark in range(256)]

    def weigh(self, plane: int) -> int:
        """The weight of the worlds in a plane, of the `whole`."""
        weights = list(map(self.marks.__getitem__, plane.to_bytes(max(1, self.lanes // 8), "little")))
        for no, yes in self.high:
            weights = [no * low + yes * high for low, high in zip(weights[::2], weights[1::2], strict=True)]
        return weights[0]
