"""Writes in journals until it is killed: each number is printed only when its entry was acknowledged.

Started once; for every line on standard input, the path of a journal, it forks a writer. The lines it prints:
`pid N` of the writer, `N` for each entry that was acknowledged, `dead` when the writer is no more.
A line that begins with `desk ` has a whole desk written to, whose statements are acknowledged by number.
"""

import os
import resource
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import attendance as at
from attendance.errors import JournalError
from attendance.live.journal import Journal, Unwritten

MOST = 400
"""A writer that nobody kills ends after so many entries."""


def wanted(number: int) -> Unwritten:
    """The entry of that number: always the same, some short, some longer than a page of the file."""
    random = Random(number)
    length = random.choice((0, 40, 40, 40, 300, 3_000, 20_000))
    body: dict[str, Any] = {"id": f"s{number}", "who": "ann", "says": "attends", "note": "x" * length}
    return Unwritten("say", body, f"s{number}", random.choice(("ann", "bob", None)), (f"s{number - 1}",))


def tell(text: object) -> None:
    os.write(1, f"{text}\n".encode())


def write(path: str) -> None:
    journal = Journal(path)
    for number in range(len(journal) + 1, len(journal) + MOST):
        each = wanted(number)
        if number % 7 == 0:  # more than one in a transaction
            tell(journal.append_all([each])[-1].number)
            continue
        entry = journal.append(each.kind, each.body, name=each.name, topic=each.topic, ends=each.ends)
        tell(entry.number)


CASE = at.Case(participants=[f"p{i}" for i in range(5)])


def statement(number: int) -> tuple[str, datetime]:
    """What is said at the desk at that place, and when: always the same."""
    random = Random(number)
    who, other, third = random.sample(range(5), 3)
    says = random.choice(("attends", "declines", f"attends only if p{other}", f"attends if p{other} and p{third}"))
    return f"p{who} {says}", datetime(2025, 5, 1, tzinfo=UTC) + timedelta(minutes=number)


def speak(path: str) -> None:
    desk = at.Desk(CASE, path)
    for number in range(len(desk.case.statements), MOST):
        text, moment = statement(number)
        desk.say(text, said=moment)
        tell(number + 1)


def fill(path: str) -> None:
    """Write until files may grow no more, then go on when they may again."""
    journal = Journal(path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    while True:
        each = wanted(len(journal) + 1)
        try:
            journal.append(each.kind, each.body, name=each.name, topic=each.topic, ends=each.ends)
        except JournalError as error:
            tell(f"{len(journal)} {error}")
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    each = wanted(len(journal) + 1)
    tell(journal.append(each.kind, each.body, name=each.name, topic=each.topic, ends=each.ends).number)
    journal.close()


def serve() -> None:
    for line in sys.stdin:
        writer = os.fork()
        if not writer:
            tell(f"pid {os.getpid()}")
            path = line.rstrip("\n")
            speak(path.removeprefix("desk ")) if path.startswith("desk ") else write(path)
            os._exit(0)
        os.waitpid(writer, 0)
        tell("dead")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fill(sys.argv[1])
    else:
        serve()
