"""How long it takes to count who makes the difference: figures to read, never a test.

python benchmarks/pivots.py
"""

import random
import time
from collections.abc import Sequence

from attendance.engines.deadline import NO
from attendance.model.case import Case
from attendance.questions.diagrams import Diagram
from attendance.questions.games import Game
from attendance.questions.pivots import pivots

# People of the members of the European Union, in thousands.
PEOPLE = (
    83445, 68402, 58990, 48610, 36621, 19064, 17943, 11832, 10901, 10640, 10552, 10397, 9585, 9159, 6445, 5961, 5604,
    5425, 5344, 3862, 2886, 2124, 1872, 1375, 934, 672, 563,
)  # fmt: skip


def members(weights: Sequence[int]) -> Case:
    """A case of silent members with those weights."""
    return Case(participants=[{"id": f"m{i}", "weights": {"votes": w}} for i, w in enumerate(weights)])


def timed(what: str, case: Case, goal: str) -> None:
    """How long the question takes, how large the diagram is, and the first minimal coalition."""
    start = time.perf_counter()
    found = pivots(case, goal)
    taken = time.perf_counter() - start
    size = ""
    if isinstance(found.source, Game):
        diagram = Diagram(found.source, NO)
        size = f"{sum(map(len, diagram.nodes)):9,} nodes"
    start = time.perf_counter()
    fewest = next(found.minimal_winning(), ())
    first = time.perf_counter() - start
    print(f"{what:48} {taken:8.3f} s {size:16} first of the minimal ones ({len(fewest)}) {first:8.3f} s")


def main() -> None:
    draw = random.Random(7)
    double = "at least 15 of everyone and votes of everyone at least 65%"
    timed("27 members, double majority", members(PEOPLE), f"{double} or at least 24 of everyone")
    for number in (20, 26, 30):
        even = sorted((draw.randrange(100_000, 1_000_000) for _ in range(number)), reverse=True)
        timed(f"{number} members, weights even from 10^5 to 10^6", members(even), "votes of everyone at least 55%")
        steep = [int(10 ** draw.uniform(2, 7)) for _ in range(number)]
        timed(f"{number} members, weights steep from 10^2 to 10^7", members(steep), "votes of everyone at least 55%")
    timed("300 members, one vote each", members([1] * 300), "a majority of everyone")
    timed("50 members in pairs", members([1] * 50), " or ".join(f"(m{i} and m{i + 1})" for i in range(0, 50, 2)))


if __name__ == "__main__":
    main()
