"""How long the smallest set that opens a circle takes, beside a plain answer-set program: figures, never a test.

    python benchmarks/opening.py [PEOPLE] [SEED ...]

Everybody has two random rules "attends if A and B"; wanted are all of everyone. The plain program chooses
who is asked, derives who attends, and minimises; it runs in the same process, after ours, for 60 s at most.
"""

import random
import sys
import time

from clingo import Control

from attendance.model.case import Case
from attendance.questions.requirements import requirements

LIMIT = 60.0

Rules = list[list[tuple[int, int]]]


def circle(people: int, seed: int) -> Rules:
    """Two random pairs of others for everybody."""
    draw = random.Random(seed)
    others = [[j for j in range(people) if j != i] for i in range(people)]
    return [[(a, b) for a, b in (draw.sample(others[i], 2) for _ in range(2))] for i in range(people)]


def case_of(rules: Rules) -> Case:
    """The circle as a case."""
    statements = [
        {"who": f"p{i}", "says": f"attends if p{a} and p{b}"} for i, pairs in enumerate(rules) for a, b in pairs
    ]
    return Case(participants=[f"p{i}" for i in range(len(rules))], statements=statements)


def ours(rules: Rules) -> tuple[int, float]:
    """The least number, proved, and the seconds it took, from the case on."""
    case = case_of(rules)
    start = time.perf_counter()
    found = requirements(case, "all of everyone").minimum
    assert found is not None
    return len(found), time.perf_counter() - start


def plain(rules: Rules) -> tuple[int | None, bool, float]:
    """The least number that the plain program found, whether it proved it, and the seconds it took."""
    lines = [f"{{ asked({i}) }}. in({i}) :- asked({i}). :- not in({i})." for i in range(len(rules))]
    lines += [f"in({i}) :- in({a}), in({b})." for i, pairs in enumerate(rules) for a, b in pairs]
    control = Control(["--models=0"])
    start = time.perf_counter()
    control.add("base", [], "\n".join([*lines, "#minimize { 1,X : asked(X) }."]))
    control.ground([("base", [])])
    best: list[int] = []
    with control.solve(on_model=lambda model: best.append(model.cost[0]), async_=True) as handle:
        proved = handle.wait(LIMIT)
        taken = time.perf_counter() - start
        if not proved:
            handle.cancel()
    return (best[-1] if best else None), proved, taken


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    seeds = [int(s) for s in sys.argv[2:]] or [1, 2, 4]
    print(f"{people} people, two rules each      ours                 plain program")
    for seed in seeds:
        rules = circle(people, seed)
        least, taken = ours(rules)
        found, proved, longer = plain(rules)
        assert found is None or (found == least if proved else found >= least)
        state = f"{found} {'proved' if proved else 'not proved'}"
        ratio = f"{'' if proved else 'more than '}{longer / taken:.0f} times as long"
        print(f"seed {seed:3}: smallest set {least:3} proved in {taken:7.2f} s; {state} in {longer:6.2f} s: {ratio}")


if __name__ == "__main__":
    main()
