"""What everybody answers, in one form; and the loop by which a solver that knows only models finds it."""

from collections.abc import Callable, Sequence

Verdicts = list[tuple[bool, bool]]
"""For every atom, whether it can be true and whether it can be false."""
Counts = list[tuple[int, int, int]]
"""For everybody asked about, in how many scenarios they attend, are absent, and are undetermined."""

Differ = Callable[[Sequence[int]], Sequence[int] | None]
"""Given literals, a model in which one of them at least is false; None where there is none.

A model is a sequence of literals: the one of variable `v` at place `v - 1`.
"""


def backbone(model: Sequence[int], candidates: Sequence[int], differ: Differ, chunk: int) -> set[int]:
    """The literals that hold in every model, chunk by chunk; each model refutes all that it shows otherwise."""
    left = [model[v - 1] for v in candidates]
    certain: set[int] = set()
    while left:
        tried = left[:chunk]
        other = differ(tried)
        if other is None:
            certain.update(tried)
            left = left[chunk:]
        else:
            left = [q for q in left if other[abs(q) - 1] == q]
    return certain


def as_verdicts(atoms: int, certain: set[int]) -> Verdicts:
    """The verdicts of atoms of which those literals are certain, and nothing else."""
    return [(-v not in certain, v not in certain) for v in range(1, atoms + 1)]


def tally(found: Sequence[Sequence[tuple[bool, bool]]]) -> Counts:
    """The counts over scenarios, each with what can be of everybody asked about."""
    return [
        (sum(v == (True, False) for v in of), sum(v == (False, True) for v in of), sum(v == (True, True) for v in of))
        for of in zip(*found, strict=True)
    ]
