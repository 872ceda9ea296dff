"""Outcomes of independent blocks put together: lazily, in any order of turnout, without listing a block."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Generic, TypeVar

from attendance.network import State

T = TypeVar("T")


class Lazy(Generic[T]):
    """What an iterator gives, kept as far as it has been asked for."""

    def __init__(self, source: Iterator[T]) -> None:
        self._source = source
        self._known: list[T] = []

    def get(self, index: int) -> T | None:
        """The item of that number, or None past the end."""
        while len(self._known) <= index:
            try:
                self._known.append(next(self._source))
            except StopIteration:
                return None
        return self._known[index]


def in_turn(blocks: Sequence[Lazy[State]]) -> Iterator[list[State]]:
    """Every choice of one state of each block, which has one at least; the last block runs fastest."""
    at = [0] * len(blocks)
    first = [state for block in blocks if (state := block.get(0)) is not None]
    chosen = first.copy()
    while True:
        yield list(chosen)
        place = len(blocks) - 1
        while place >= 0:
            following = blocks[place].get(at[place] + 1)
            if following is not None:
                at[place] += 1
                chosen[place] = following
                break
            at[place] = 0
            chosen[place] = first[place]
            place -= 1
        if place < 0:
            return


def by_size(blocks: Sequence[Lazy[State]], sizes: Sequence[int], *, most: bool = False) -> Iterator[list[State]]:
    """Every choice of one state of each block, ordered by how many attend in all.

    Each block gives its own states in that order; `sizes` is how many atoms of a block are
    attendances. Best first over vectors of positions, each reached on one path only.
    """
    sign = -1 if most else 1

    def size(block: int, index: int) -> int | None:
        state = blocks[block].get(index)
        return None if state is None else sign * sum(state[: sizes[block]])

    if any(block.get(0) is None for block in blocks):
        return
    heap: list[tuple[int, tuple[tuple[int, int], ...], int]] = [(0, (), 0)]  # by how many more than at first
    while heap:
        weight, moved, start = heappop(heap)
        places = dict(moved)
        states = [block.get(places.get(b, 0)) for b, block in enumerate(blocks)]
        yield [state for state in states if state is not None]
        for b in range(start, len(blocks)):
            index = places.get(b, 0)
            here, there = size(b, index), size(b, index + 1)
            if here is not None and there is not None:
                further = tuple(sorted({**places, b: index + 1}.items()))
                heappush(heap, (weight - here + there, further, b))
