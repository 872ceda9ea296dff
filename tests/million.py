"""`python -m tests.million`: random cases by the million, each through every engine and through the reference.

The number of a case is its seed: case 12,345 is always the same, and a run can be broken off and taken up again
by `--first`. Ends with status 1 where anything differed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from random import Random
from typing import Any

import attendance as at
from attendance.compiler import compile_case
from attendance.engines import ENGINES, solve
from attendance.network import Network
from attendance.testing.picking import below
from tests.cases import Asked, drawn
from tests.reference import Reference
from tests.test_conformance import differences

PIECE = 500
"""Cases that a process does at once."""
SHOWN = 5
"""So many differences are printed; after more of them there is no point in going on."""
OTHERS = tuple(row.name for row in ENGINES if row.name != "auto")
_SIZES = {below(size): size for size in range(1, 500)}


class Dice:
    """Draws as Hypothesis does where one of so many is picked, by a seed and much faster."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def __call__(self, one_of: Any) -> int:
        """A number below the size."""
        return self._random.randrange(_SIZES[one_of])


def case_of(number: int) -> Asked | None:
    """The case of that number, and what is asked of it; None if the library refuses to make it."""
    try:
        return drawn(Dice(number))  # type: ignore[arg-type]
    except at.CaseError:
        return None


def told(network: Network, engine: str) -> Any:
    """All that an engine can be asked of a network; or that it refuses, or that nothing is possible."""
    try:
        found = solve(network, engine)
        return (
            found.consistent,
            sorted(found.outcomes(repaired=True)),
            found.count(),
            found.possible_all(range(network.atoms)),
            found.turnout(range(network.attendances)),
            sorted((sorted(map(sorted, c.clashes)), sorted(map(sorted, c.repairs))) for c in found.conflicts()),
        )
    except (at.EngineUnsuitable, at.EngineMissing):  # durable-rules does not run on every Python
        return "refused"
    except at.ImpossibleScenario:
        return "impossible"


def differing(asked: Asked, answered: Counter[str]) -> Iterator[str]:
    """What differs: the library's answer from the reference, and what each engine finds from what `auto` finds."""
    yield from differences(asked.case, Reference(asked.case, asked.scenario), "auto", asked.keywords)
    answered["auto"] += 1
    network = compile_case(asked.case, asked.scenario).network
    right = told(network, "auto")
    for engine in OTHERS:
        found = told(network, engine)
        if found == "refused":
            continue
        answered[engine] += 1
        if found != right:
            yield f"{engine} finds {found}, auto {right}"


def piece(first: int) -> tuple[Counter[str], list[str]]:
    """A piece of the cases: how many each engine answered, and what differed."""
    answered, wrong = Counter[str](), list[str]()
    for number in range(first, first + PIECE):
        asked = case_of(number)
        if asked is None:
            answered["not made"] += 1
            continue
        answered["cases"] += 1
        try:
            wrong += [f"case {number}: {told}\n{asked}" for told in differing(asked, answered)]
        except Exception as error:
            wrong.append(f"case {number}: {type(error).__name__}: {error}\n{asked}")
    return answered, wrong


def main() -> None:
    """As many cases as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.million", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int)
    asked = parser.parse_args()
    firsts = range(asked.first, asked.first + asked.cases + asked.cases // 20 + PIECE, PIECE)  # some are not made
    total, failed, begun = Counter[str](), 0, time.monotonic()
    with Pool(asked.processes, maxtasksperchild=10) as pool:
        for done, (answered, wrong) in enumerate(pool.imap(piece, firsts), 1):
            total += answered
            failed += len(wrong)
            print(*wrong[:SHOWN], sep="\n", end="\n" * bool(wrong))
            if done % 20 == 0 or total["cases"] >= asked.cases or failed > SHOWN:
                counts = ", ".join(f"{name} {count:,}" for name, count in total.items())
                reached, seconds = asked.first + done * PIECE, time.monotonic() - begun
                print(f"to {reached:,}: {counts}; differed {failed}; {seconds:,.0f} s", flush=True)
            if total["cases"] >= asked.cases or failed > SHOWN:
                break
        pool.terminate()
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
