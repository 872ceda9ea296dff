"""How long it takes to replay a thousand statements about two hundred people: figures to read, never a test.

    python benchmarks/timeline.py [STATEMENTS] [PEOPLE]

Each moment has one statement. "again" is what it would take to compile and resolve the case anew as of
each moment, measured on one moment in twenty.
"""

import random
import sys
import time
from datetime import UTC, datetime, timedelta

from attendance.model.case import Case
from attendance.questions.resolve import resolve
from attendance.questions.timeline import timeline

KINDS = {
    "plain": ["attends", "declines", "attends only if {a}", "attends if {a}"],
    "positive": ["attends", "attends only if {a}", "attends if {a} and {b}", "attends if {a} or {b}"],
    "mixed": ["attends", "declines", "attends if {a} and {b}", "attends unless {a}", "might attend only if {b}"],
}
START = datetime(2025, 1, 1, tzinfo=UTC)


def spoken(kind: str, statements: int, people: int, seed: int = 3) -> Case:
    """A case in which somebody at random says something at random every hour."""
    draw = random.Random(seed)
    names = [f"p{i}" for i in range(people)]
    said = []
    for hour in range(statements):
        who, a, b = draw.sample(names, 3)
        says = draw.choice(KINDS[kind]).format(a=a, b=b)
        said.append({"who": who, "says": says, "said": START + timedelta(hours=hour)})
    return Case(participants=names, statements=said)


def main() -> None:
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    for kind in KINDS:
        case = spoken(kind, statements, people)
        start = time.perf_counter()
        found = timeline(case)
        replayed = time.perf_counter() - start
        start = time.perf_counter()
        for entry in found[::20]:
            resolve(case, as_of=entry.moment)
        again = (time.perf_counter() - start) / len(found[::20]) * len(found)
        changes = sum(len(entry.changes) for entry in found)
        told = f"{statements:,} statements, {people} people, {kind}: {changes:,} changes"
        print(f"{told:55} {replayed:6.2f} s; again {again:6.2f} s: {again / replayed:.1f} times as long")


if __name__ == "__main__":
    main()
