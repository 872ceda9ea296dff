"""Sorting by comparators: which wires to compare, one after the other (Batcher's odd-even merging)."""

from collections.abc import Iterator


def comparators(wires: int) -> Iterator[tuple[int, int]]:
    """Pairs of wires; with the greater of each pair put first, all end up in order, the greatest first."""
    run = 1
    while run < wires:
        step = run
        while step:
            for start in range(step % run, wires - step, 2 * step):
                for i in range(start, min(start + step, wires - step)):
                    if i // (2 * run) == (i + step) // (2 * run):
                        yield i, i + step
            step //= 2
        run *= 2
