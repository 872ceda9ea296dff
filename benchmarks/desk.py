"""How much memory a desk takes over 100,000 statements, and how many it takes in a second.

python benchmarks/desk.py [STATEMENTS] [PEOPLE]

Every statement supersedes one before it, as in a desk that runs for weeks. With a journal each is on the disk
before the next is said. Memory is that of the whole process (resident), looked at ten times on the way.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import attendance as at

BEGIN = datetime(2025, 5, 1, tzinfo=UTC)


def resident() -> int:
    """Bytes of memory that the process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def saying(random: Random, people: int) -> tuple[str, str]:
    """Who says what next: mostly conditions on others, some of them counts."""
    who, other, third = (f"p{random.randrange(people)}" for _ in range(3))
    says = random.choice(
        (
            "attends",
            "declines",
            f"attends only if {other}",
            f"attends if {other} and {third}",
            f"attends only if at least {random.randrange(1, people)} of everyone",
        )
    )
    return who, says


def run(statements: int, people: int, journal: Path | None) -> None:
    random = Random(1)
    case = at.Case(participants=[f"p{i}" for i in range(people)])
    heard = []
    with at.Desk(case, journal) as desk:
        begun = perf_counter()
        for number in range(1, statements + 1):
            who, says = saying(random, people)
            desk.say(f"{who} {says}", said=BEGIN + timedelta(minutes=number))
            if number % max(1, statements // 10) == 0:
                heard.append((number, resident()))
        seconds = perf_counter() - begun
    for number, held in heard:
        print(f"  {number:>9,} statements  {held / 1e6:7.1f} MB  {held / heard[0][1]:.3f} of the first")
    print(f"  {statements / seconds:,.0f} statements a second")


def main() -> None:
    statements, people = (int(a) for a in (*sys.argv[1:], *("100000", "50")[len(sys.argv) - 1 :]))
    with TemporaryDirectory() as folder:
        for what, journal in (("without a journal", None), ("with a journal", Path(folder, "desk.journal"))):
            print(f"{people} people, {what}:")
            run(statements, people, journal)


if __name__ == "__main__":
    main()
