"""The smallest sets of people who make all of those wanted join, by hitting whatever keeps them out.

Whoever stays out while all others come in is a barrier: every answer has one of them. So the
answers are the minimal sets that hit every barrier, and barriers need be found only as they are missed
(implicit hitting sets: Chandrasekaran, Karp, Moreno-Centeno and Vempala, 2011).
"""

from collections.abc import Iterator
from random import Random

from attendance.engines.choosing import Choosing
from attendance.engines.deadline import Deadline
from attendance.engines.joining import Quest, Reached

FIRST = 60
"""How many barriers are looked for before the search; fewer in a crowd."""
TRIES = 20_000
"""After so many steps of the search by growing size a solver goes on."""
DEEP = 200
"""Sets of more people than this are left to the solver."""


class Hitting:
    """A search by growing size. Sets of candidates are masks: bit `i` is `quest.candidates[i]`."""

    def __init__(self, quest: Quest, deadline: Deadline) -> None:
        self.quest, self.deadline, self.random = quest, deadline, Random(1)
        self.people = quest.candidates
        self.barriers: list[int]
        self.cut: bool
        self.nodes = 0
        self.alike = self.classes()

    def classes(self) -> list[int]:
        """For each candidate, all who count alike and never join by themselves: one can stand for the other."""
        steps = self.quest.steps
        own = {n for counter in steps.counters for _, node, unless in counter.thresholds for n in (node, unless)}
        own |= {*steps.start, *self.quest.wanted}
        found: dict[object, int] = {}
        keys = [n if n in own else tuple(steps.on[n]) for n in self.people]
        for i, key in enumerate(keys):
            found[key] = found.get(key, 0) | 1 << i
        return [found[key] for key in keys]

    def minimal_sets(self) -> Iterator[tuple[int, ...]]:
        """Every minimal set, fewest first, as sorted candidates; found as they are asked for."""
        start = self.quest.steps.beginning()
        if self.is_reached(start):
            yield ()
            return
        self.first(start)
        size, self.cut = self.packed(self.barriers, 0), True
        known: list[tuple[int, ...]] = []
        while self.cut and self.nodes <= TRIES and size <= DEEP:
            self.cut = False
            for found in self.search([], start, [self.barriers], 0, size):
                known.append(found)
                yield found
            size += 1
        if self.cut:
            yield from self.chosen(known)

    def chosen(self, known: list[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
        """The minimal sets that are not known yet, by a solver: it is told the steps, and the barriers so far."""
        place = {node: i for i, node in enumerate(self.people)}
        choosing = Choosing([1] * len(self.people), self.deadline)
        choosing.derive(self.quest)
        choosing.add(ones(barrier) for barrier in self.barriers)
        choosing.add([~place[node] for node in found] for found in known)
        while (found := choosing.cheapest()) is not None:
            yield tuple(sorted(self.people[i] for i in found))
            choosing.add([[~i for i in found]])

    def first(self, start: Reached) -> None:
        """Barriers from all sides, found while nobody is asked."""
        seen = set()
        for _ in range(max(1, min(FIRST, 10 * FIRST // len(self.people)) if self.people else 1)):
            self.deadline.check()
            seen.add(self.barrier(start, 0))
        self.barriers = sorted(seen, key=lambda b: (b.bit_count(), b))

    def packed(self, barriers: list[int], out: int) -> int:
        """A number of barriers of which no two have anybody in common: so many at least are needed."""
        used = count = 0
        for barrier in barriers:
            if not barrier & used & ~out:
                used |= barrier
                count += 1
        return count

    def search(
        self, chosen: list[int], reached: Reached, path: list[list[int]], out: int, left: int
    ) -> Iterator[tuple[int, ...]]:
        """The minimal sets of just `left` more than those chosen, nobody among them who is out.

        `path` has, for each set on the way here, the barriers that it misses: the last is for this one.
        """
        self.deadline.check()
        self.nodes += 1
        if self.nodes > TRIES:
            self.cut = True
            return
        missed = path[-1]
        if not missed:
            if self.is_reached(reached):
                if not left and self.is_minimal(chosen):
                    yield tuple(sorted(self.people[i] for i in chosen))
                return
            self.add(self.barrier(reached, out), path)
        narrow = min(missed, key=lambda b: (b & ~out).bit_count()) & ~out
        if not narrow:
            return
        if self.packed(missed, out) > left:
            self.cut = True
            return
        if left == 1:
            yield from self.last(chosen, reached, path, out)
            return
        for i in ones(narrow):
            bit, fruitless = 1 << i, True
            if bit & out:
                continue
            if left > 2 or common(missed, bit, ~out):
                rest = [b for b in missed if not b & bit]
                for found in self.search([*chosen, i], self.joined(reached, i), [*path, rest], out, left - 1):
                    fruitless = False
                    yield found
            else:
                self.cut = True
            out |= self.alike[i] if fruitless else bit

    def last(self, chosen: list[int], reached: Reached, path: list[list[int]], out: int) -> Iterator[tuple[int, ...]]:
        """The same where one alone is left to choose: somebody who is in all that is missed."""
        while True:
            every = common(path[-1], 0, ~out)
            if not every:
                self.cut = True
                return
            i, fruitless = (every & -every).bit_length() - 1, True
            for found in self.search([*chosen, i], self.joined(reached, i), [*path, []], out, 0):
                fruitless = False
                yield found
            out |= self.alike[i] if fruitless else 1 << i

    def add(self, barrier: int, path: list[list[int]]) -> None:
        """A barrier that those chosen miss, and so whoever was chosen before them."""
        for missed in path:
            missed.append(barrier)

    def barrier(self, reached: Reached, out: int) -> int:
        """A minimal barrier that is missed: those who stay out when nobody more can come in without opening it.

        Those who are not out are let in first, so that few of them are in the barrier.
        """
        order = list(range(len(self.people)))
        self.random.shuffle(order)
        order.sort(key=lambda i: out >> i & 1)
        marks, barred = reached.marks, bytearray(self.quest.steps.nodes)
        for i in order:
            node = self.people[i]
            if not marks[node]:
                further = reached.copy()
                if self.quest.steps.join(further, (node,), barred) and not self.is_reached(further):
                    reached, marks = further, further.marks
                else:  # whoever draws them in will fail too
                    barred[node] = 1
        return sum(1 << i for i, node in enumerate(self.people) if not marks[node])

    def joined(self, reached: Reached, i: int) -> Reached:
        """Who has joined once one more is asked to."""
        further = reached.copy()
        self.quest.steps.join(further, (self.people[i],))
        return further

    def is_reached(self, reached: Reached) -> bool:
        """Whether all that is wanted has joined."""
        marks = reached.marks
        return all(marks[node] for node in self.quest.wanted)

    def is_minimal(self, chosen: list[int]) -> bool:
        """Whether none of a set that does can be spared."""
        for spared in chosen:
            reached = self.quest.steps.beginning()
            self.quest.steps.join(reached, (self.people[i] for i in chosen if i != spared))
            if self.is_reached(reached):
                return False
        return True


def common(barriers: list[int], bit: int, every: int) -> int:
    """Who, of those given, is in every barrier that the bit is not in."""
    for barrier in barriers:
        if not barrier & bit:
            every &= barrier
            if not every:
                return 0
    return every


def ones(mask: int) -> Iterator[int]:
    """The bits of a mask, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
