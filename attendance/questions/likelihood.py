"""How likely something is in the worlds of a case: exactly, or by a sample, which is never passed off as exact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal

from attendance.engines.deadline import Deadline
from attendance.engines.drawing import around
from attendance.engines.drawing import worlds as drawn
from attendance.engines.frontier import Weight
from attendance.engines.stepping import TooWide
from attendance.engines.sweeping import sweep
from attendance.questions.worlds import Worlds

SAMPLE = 100_000
"""How many worlds are drawn where the exact answer is out of reach."""
CONFIDENCE = 0.95
"""How often at least both ends of a sampled interval are where they are said to be."""
CHUNK = 1 << 16
"""So many worlds are looked at together."""

Without = Literal["undetermined", "excluded"]
Within = tuple[float, float]


@dataclass(frozen=True)
class Weighed:
    """What all worlds weigh: those with an outcome, and of each target those where it is certain, and cannot be.

    Shares of one; of a sample of `size` worlds, if that is not 0. `method` says how they were found, and
    `clusters` has the weights of each cluster, where they are exact.
    """

    sound: Fraction
    certain: Mapping[int, Fraction]
    never: Mapping[int, Fraction]
    method: str
    size: int = 0
    clusters: tuple[Weight, ...] = ()

    def ends(self, target: int, divided: bool) -> tuple[Fraction, Fraction]:
        """The probability that the target holds in every outcome, and that it does in some."""
        certain, never = self.certain[target], self.never[target]
        if divided:
            return certain / self.sound, 1 - never / self.sound
        return certain, 1 - never

    def within(self, target: int, divided: bool) -> tuple[Within, Within]:
        """Where these two lie, by the sample."""
        of = int(self.size * self.sound) if divided else self.size
        each = 1 - (1 - CONFIDENCE) / 2
        low, high = self.ends(target, divided)
        return around(round(low * of), of, each), around(round(high * of), of, each)


def weighed(of: Worlds, targets: Sequence[int], deadline: Deadline, sample: int | None, seed: int) -> Weighed:
    """What the worlds weigh: exactly if that can be done, and no `sample` is asked for; none at all if it is 0.

    Raises TooWide where there is to be no sample, ResolutionTimeout, EngineError.
    """
    if sample:
        return sampled(of, targets, deadline, sample, seed)
    try:
        return exact(of, targets, deadline)
    except TooWide:
        if sample == 0:
            raise
        return sampled(of, targets, deadline, SAMPLE, seed)


def exact(of: Worlds, targets: Sequence[int], deadline: Deadline) -> Weighed:
    """The weights, cluster by cluster: those are independent. Raises TooWide, ResolutionTimeout, EngineError."""
    weights = [cluster.weigh(of.odds, targets, deadline) for cluster in of.clusters]
    methods = {weight.method for weight in weights}
    return joined(of, targets, weights, "frontier" if "frontier" in methods else "planes")


def joined(of: Worlds, targets: Iterable[int], weights: Sequence[Weight], method: str) -> Weighed:
    """The weights of all worlds from those of the clusters: a world has an outcome if all its clusters have."""
    sound = prod((w.sound for w in weights), start=Fraction(1))
    certain, never = dict[int, Fraction](), dict[int, Fraction]()
    for number, weight in enumerate(weights):
        if weight.certain:
            rest = prod((w.sound for w in (*weights[:number], *weights[number + 1 :])), start=Fraction(1))
            certain.update((x, p * rest) for x, p in weight.certain.items())
            never.update((x, p * rest) for x, p in weight.never.items())
    for x in targets:
        if x not in certain:
            value = of.network.fixed[x]
            certain[x], never[x] = (sound, Fraction(0)) if value else (Fraction(0), sound)
    return Weighed(sound, certain, never, method, clusters=tuple(weights))


def sampled(of: Worlds, targets: Sequence[int], deadline: Deadline, size: int, seed: int) -> Weighed:
    """The weights in so many worlds that are drawn. Raises ResolutionTimeout, EngineError."""
    rows, parts = drawn(of.odds, size, seed, deadline), of.varied.parts
    sound, certain, never = 0, dict.fromkeys(targets, 0), dict.fromkeys(targets, 0)
    for start in range(0, size, CHUNK):
        width = min(CHUNK, size - start)
        found = sweep(parts, rows.planes(start, width), width, deadline)
        full = (1 << width) - 1
        kept = full ^ found.torn
        sound += kept.bit_count()
        for x in targets:
            there = found.there.get(x, full if of.network.fixed[x] else 0)
            certain[x] += (kept & there).bit_count()
            never[x] += (kept & (full ^ (there | found.open.get(x, 0)))).bit_count()

    def shares(counted: Mapping[int, int]) -> dict[int, Fraction]:
        return {x: Fraction(number, size) for x, number in counted.items()}

    return Weighed(Fraction(sound, size), shares(certain), shares(never), "sampling", size)


def slopes(
    of: Worlds, now: Weighed, target: int, divided: bool, deadline: Deadline
) -> dict[int, tuple[Fraction, Fraction]]:
    """How much the two ends for a target, as weighed, rise with the probability of each thing: derivatives.

    An end is linear in each probability (divided, the quotient of two that are), so its slope follows from
    its values where the thing is certain. Raises TooWide, ResolutionTimeout, EngineError.
    """
    found = dict.fromkeys(of.chances, (Fraction(0), Fraction(0)))
    turns: dict[int, list[tuple[int, tuple[Weight, Weight]]]] = {}  # of each chance, in the clusters that read it
    for number, cluster in enumerate(of.clusters):
        for atom, pair in cluster.turned(of.odds, [target], deadline).items():
            turns.setdefault(atom, []).append((number, pair))
    for atom, pairs in turns.items():
        sure, out = list(now.clusters), list(now.clusters)
        for number, (true, false) in pairs:
            sure[number], out[number] = true, false
        found[atom] = _slope(now, joined(of, [target], sure, ""), joined(of, [target], out, ""), target, divided)
    return found


def _slope(now: Weighed, sure: Weighed, out: Weighed, target: int, divided: bool) -> tuple[Fraction, Fraction]:
    certain = sure.certain[target] - out.certain[target]
    never = sure.never[target] - out.never[target]
    if not divided:
        return certain, -never
    sound = sure.sound - out.sound
    by = now.sound**2
    return (
        (certain * now.sound - now.certain[target] * sound) / by,
        (now.never[target] * sound - never * now.sound) / by,
    )
