"""Sorting by comparing pairs: which wires to compare, one pair after the other, so that all end up in order."""

from collections.abc import Iterator


def comparators(wires: int) -> Iterator[tuple[int, int]]:
    """Pairs of wires; with the greater of each pair put first, the greatest come first in the end.

    Batcher's sorting by merging (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M); about
    a quarter of n log^2 n pairs.
    """
    steps = (wires - 1).bit_length()
    for stage in reversed(range(steps)):
        rest, apart = 0, 1 << stage
        for reach in range(steps - 1, stage - 1, -1):
            yield from ((i, i + apart) for i in range(wires - apart) if i & 1 << stage == rest)
            rest, apart = 1 << stage, (1 << reach) - (1 << stage)
