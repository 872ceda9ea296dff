"""How long everybody's probability takes, beside decision diagrams: figures to read, never a test.

    python benchmarks/chances.py [PEOPLE] [RUNS]

People stand in a line. Each comes of themselves with one probability, and with another one if at least two of the
four people near them come: of the four before them (nobody hangs on themselves), or of two on either side (circles,
and nobody comes by a circle of promises alone). Asked is everybody's probability.

The diagrams are dd's own (dd.autoref), and CUDD's, in C, through dd, in the order of the line, with and without its
reordering. They are built as most would: each person's as the function of all chances, round and round until nothing
changes where there are circles; then all are weighed in one memory. Each figure is the least of some runs, and all
contenders must agree.
"""

import gc
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attendance.compiler import compile_case
from attendance.compiler.chances import Chances
from attendance.engines.deadline import NO
from attendance.model.case import Case
from attendance.model.scenario import Scenario
from attendance.questions.likelihood import exact
from attendance.questions.probability import marginals
from attendance.questions.worlds import worlds

try:
    from dd import autoref
except ImportError:
    sys.exit("dd is not installed here: pip install dd")
try:
    from dd import cudd
except ImportError:
    cudd = None

sys.setrecursionlimit(1_000_000)
NEAR, ENOUGH = 4, 2
Chance = Mapping[str, Fraction]


def near(people: int, circles: bool) -> list[list[int]]:
    """Whom each looks at."""
    if circles:
        return [
            [j for j in range(i - NEAR // 2, i + NEAR // 2 + 1) if j != i and 0 <= j < people] for i in range(people)
        ]
    return [list(range(max(0, i - NEAR), i)) for i in range(people)]


def chances(people: int) -> dict[str, Fraction]:
    """A probability for everything left to chance, in hundredths."""
    draw = random.Random(people)
    return {f"{kind}{i}": Fraction(draw.randrange(10, 60), 100) for i in range(people) for kind in "fg"}


def case_of(looks: Sequence[Sequence[int]], chance: Chance) -> Case:
    """The line as a case."""

    def says(i: int) -> str:
        if len(looks[i]) < ENOUGH:
            return f"attends if f{i}"
        return f"attends if f{i} or g{i} and at least {ENOUGH} of ({', '.join(f'p{j}' for j in looks[i])})"

    return Case(
        participants=[f"p{i}" for i in range(len(looks))],
        facts=[{"id": name, "probability": p} for name, p in chance.items()],
        statements=[{"who": f"p{i}", "says": says(i)} for i in range(len(looks))],
    )


def built(case: Case) -> Callable[[], Any]:
    """Everybody's probability, from the network on."""
    chance = {f.id: f.probability for f in case.facts if f.probability is not None}
    drawn = Chances(chance, {}, {})
    compiled = compile_case(case, Scenario(founded=True), chances=drawn)
    everybody = list(range(len(compiled.attendances)))
    return lambda: [*exact(worlds(compiled, drawn, "auto"), everybody, NO).certain.values()]


def diagrams(kind: Any, looks: Sequence[Sequence[int]], chance: Chance, reordering: bool | None) -> list[float]:
    """Everybody's probability by decision diagrams of that kind."""
    manager = kind.BDD()
    if reordering is not None:
        manager.configure(reordering=reordering)
    manager.declare(*chance)
    people = [manager.false] * len(looks)

    def asked(i: int) -> Any:
        """The function of one, of those of the others."""
        reached = [manager.true, *[manager.false] * ENOUGH]
        for j in looks[i]:
            for k in range(ENOUGH, 0, -1):
                reached[k] |= reached[k - 1] & people[j]
        return manager.var(f"f{i}") | manager.var(f"g{i}") & reached[ENOUGH]

    order, changed = list(range(len(looks))), True
    while changed:
        changed = False
        for i in order:
            found = asked(i)
            if found != people[i]:
                people[i], changed = found, True
        order.reverse()
    memory: dict[int, float] = {}

    def weigh(node: Any) -> float:
        if node.negated:
            return 1 - weigh(~node)
        if node == manager.true:
            return 1.0
        found = memory.get(int(node))
        if found is None:
            p = float(chance[node.var])
            found = memory[int(node)] = p * weigh(node.high) + (1 - p) * weigh(node.low)
        return found

    return [weigh(node) for node in people]


def least(runs: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The least seconds of some runs, and what came out."""
    taken = []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        found = work()
        taken.append(time.perf_counter() - start)
    return min(taken), found


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"everybody's probability, {people} people in a line, window {NEAR}".ljust(58) + " seconds   times ours")
    for circles in (False, True):
        looks, chance = near(people, circles), chances(people)
        case = case_of(looks, chance)
        base, truth = least(5 * runs, built(case))
        print(f"{'with circles' if circles else 'acyclic':14}{'ours, exact, from the network on':44} {base:8.4f}")
        whole, _ = least(5 * runs, lambda: marginals(case, founded=True))  # noqa: B023
        print(f"{'':14}{'ours, exact, from the case on':44} {whole:8.4f} {whole / base:10.1f}")
        rivals: list[tuple[str, Any, bool | None]] = [("dd's own diagrams (dd.autoref)", autoref, None)]
        if cudd is not None:
            rivals += [("CUDD through dd, order kept", cudd, False), ("CUDD through dd, reordering", cudd, True)]
        for name, kind, reordering in rivals:
            taken, found = least(runs, lambda: diagrams(kind, looks, chance, reordering))  # noqa: B023
            assert all(abs(a - float(b)) < 1e-9 for a, b in zip(found, truth, strict=True)), name
            print(f"{'':14}{name:44} {taken:8.4f} {taken / base:10.1f}", flush=True)


if __name__ == "__main__":
    main()
