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

import attendance as at
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


def mixed(people: int, seed: int = 7) -> Case:
    """Conditions of both signs on people a little before, so that propagation decides all."""
    draw = random.Random(seed)
    statements = [{"who": f"p{i}", "says": "attends"} for i in range(4)]
    for i in range(4, people):
        a, b, c = draw.sample(range(max(0, i - 20), i), 3)
        says = (
            f"attends only if p{a} and not p{b}",
            f"declines if p{a} or p{b} and not p{c}",
            f"attends if not p{a} or p{b}",
            f"attends if at least 2 of (p{a}, p{b}, p{c})",
            "attends",
        )
        statements.append({"who": f"p{i}", "says": draw.choice(says)})
    return Case(participants=[f"p{i}" for i in range(people)], statements=statements)


def thresholds(people: int, seed: int = 7) -> Case:
    """Each attends if enough of the others do: one sum that all share."""
    draw = random.Random(seed)
    enough = [int(draw.random() * i * 0.9) for i in range(people)]
    says = [f"attends if at least {k} of others" if k else "attends" for k in enough]
    statements = [{"who": f"p{i}", "says": text} for i, text in enumerate(says)]
    return Case(participants=[f"p{i}" for i in range(people)], statements=statements)


def process(*arguments: str) -> float:
    """The time of a fresh interpreter, in seconds."""
    command = [sys.executable, *arguments]
    return median(lambda: subprocess.run(command, check=True, capture_output=True), 9)


def each(name: str, case: Case) -> None:
    """How long a case takes to compile, to resolve once compiled, to resolve again, and as a whole."""
    fresh = [compile_case(case, Scenario()).network for _ in range(7)]
    again = fresh[0]
    figures = {
        "compile": median(lambda: compile_case(case, Scenario())),
        "resolve, compiled": median(lambda: solve(fresh.pop()).atoms),
        "resolve, compiled, again": median(lambda: solve(again).atoms, 25),
        "at.resolve": median(lambda: at.resolve(case)),
    }
    for what, seconds in figures.items():
        print(f"{name:8} {len(case.participants):7,} people, {what:26} {seconds * 1e3:9.3f} ms")


def long(name: str, make: Callable[[int], Case], people: int) -> None:
    """How long one long case takes, step by step."""
    start = time.perf_counter()
    case = make(people)
    built = time.perf_counter()
    network = compile_case(case, Scenario()).network
    compiled = time.perf_counter()
    found = solve(network).atoms
    solved = time.perf_counter()
    again = solve(network).atoms
    end = time.perf_counter()
    assert found == again == [(True, False)] * people
    print(
        f"{name} of {people:7,}: values to case {built - start:6.2f} s, compile {compiled - built:6.2f} s, "
        f"resolve {solved - compiled:6.2f} s, again {end - solved:6.2f} s"
    )


def main() -> None:
    bare = process("-c", "pass")
    print(f"bare interpreter                          {bare * 1e3:9.1f} ms")
    print(f"import attendance, above that             {(process('-c', 'import attendance') - bare) * 1e3:9.1f} ms")
    print(f"attendance --help                         {process('-m', 'attendance', '--help') * 1e3:9.1f} ms")
    for people in (10, 100, 1000, 10_000):
        each("positive", crowd(people))
    for people in (100, 1000, 10_000):
        each("mixed", mixed(people))
    for people in (25_000, 50_000, 100_000):
        long("chain", chain, people)
    for people in (25_000, 100_000):
        long("thresholds", thresholds, people)


if __name__ == "__main__":
    main()
