"""How long the main job takes on this machine: figures to read, never a test.

    python benchmarks/resolve.py

Each figure is the median of several runs in one process; start-up is measured in fresh ones.
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from attendance.compiler import compile_case
from attendance.engines import solve
from attendance.model.case import Case
from attendance.model.scenario import Scenario


def median(work: Callable[[], object], times: int = 7) -> float:
    """The median time of the work, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def crowd(people: int, seed: int = 7) -> Case:
    """Positive conditions between random people, some of whom are sure to come."""
    draw = random.Random(seed)
    statements = []
    for i in range(people):
        a, b, c = (draw.randrange(people) for _ in range(3))
        says = draw.choice((f"attends only if p{a} or p{b}", f"attends if p{a} and p{b} or p{c}", "attends"))
        statements.append({"who": f"p{i}", "says": says})
    return Case(participants=[f"p{i}" for i in range(people)], statements=statements)


def chain(people: int) -> Case:
    """Each attends only if the one before does."""
    statements = [{"who": "p0", "says": "attends"}]
    statements += [{"who": f"p{i}", "says": f"attends only if p{i - 1}"} for i in range(1, people)]
    return Case(participants=[f"p{i}" for i in range(people)], statements=statements)


def process(*arguments: str) -> float:
    """The time of a fresh interpreter, in seconds."""
    command = [sys.executable, *arguments]
    return median(lambda: subprocess.run(command, check=True, capture_output=True), 9)


def crowd_of(people: int) -> None:
    """How long a crowd takes to compile, to resolve once compiled, and to resolve again."""
    case = crowd(people)
    print(
        f"compile {people:7,} people                    {median(partial(compile_case, case, Scenario())) * 1e3:9.3f} ms"
    )
    fresh = [compile_case(case, Scenario()).network for _ in range(7)]
    first = median(lambda: solve(fresh.pop()).atoms)
    again = compile_case(case, Scenario()).network
    print(f"resolve {people:7,} people, compiled          {first * 1e3:9.3f} ms")
    print(f"resolve {people:7,} people, compiled, again   {median(lambda: solve(again).atoms) * 1e3:9.3f} ms")


def main() -> None:
    bare = process("-c", "pass")
    print(f"bare interpreter                          {bare * 1e3:9.1f} ms")
    print(f"import attendance, above that             {(process('-c', 'import attendance') - bare) * 1e3:9.1f} ms")
    print(f"attendance --help                         {process('-m', 'attendance', '--help') * 1e3:9.1f} ms")
    for people in (10, 100, 1000, 10_000):
        crowd_of(people)
    for people in (25_000, 50_000, 100_000):
        start = time.perf_counter()
        case = chain(people)
        built = time.perf_counter()
        network = compile_case(case, Scenario()).network
        compiled = time.perf_counter()
        found = solve(network)
        solved = time.perf_counter()
        assert found.values == [True] * people
        print(
            f"chain of {people:7,}: values to case {built - start:6.2f} s, "
            f"compile {compiled - built:6.2f} s, resolve {solved - compiled:6.2f} s"
        )


if __name__ == "__main__":
    main()
