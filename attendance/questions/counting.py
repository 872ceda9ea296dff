"""What of a sweep is to be counted, each connected part for itself, and what the tallies say of the whole."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attendance.engines.deadline import NO
from attendance.engines.rows import combinations
from attendance.engines.sweeping import Varied
from attendance.engines.tallying import Tally, Task, atoms_of, count
from attendance.errors import QuestionError
from attendance.questions.asking import Asked

Found = Sequence[tuple[Task, Tally]]
"""Tasks, and what was counted of each."""
MOST = 30
"""The most varied names that one connected part may hang on, when all their combinations are counted."""
SUMMED = 20
"""The most varied names of a connected part that a rule is made of."""


class Counts(NamedTuple):
    """In how many scenarios somebody attends, is absent, and is undetermined."""

    attends: int
    absent: int
    undetermined: int


def everything(varied: Varied) -> tuple[int, ...]:
    """The numbers of all parts."""
    return tuple(range(len(varied.parts)))


def tasks_of(varied: Varied, atoms: tuple[int, ...], asked: Asked) -> list[Task]:
    """All combinations, of each connected part only of those names that it hangs on. Raises QuestionError."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for number in everything(varied):
        groups.setdefault(read_by(varied, atoms, [number]), []).append(number)
    for over, numbers in groups.items():
        if len(over) > MOST:
            part = varied.parts[numbers[0]]
            who = asked.key(part.atoms[part.inner[0]]) if part.inner else "a rule"
            raise QuestionError(
                f"2^{len(over)} scenarios are too many: {who} hangs on {len(over)} of what is varied, "
                f"and all combinations of at most {MOST} are counted\n    vary fewer, or take a sample"
            )
    return [task_of(varied, over, numbers) for over, numbers in groups.items()]


def task_of(varied: Varied, over: tuple[int, ...], numbers: Sequence[int]) -> Task:
    """All combinations of those names in those parts, and in those that may make a scenario impossible."""
    return Task(varied, tuple(sorted({*numbers, *_doubtful(varied)})), combinations(over))


def _doubtful(varied: Varied) -> list[int]:
    return [number for number, part in enumerate(varied.parts) if part.may_be_impossible]


def read_by(varied: Varied, atoms: tuple[int, ...], numbers: Sequence[int]) -> tuple[int, ...]:
    """What is varied that those parts hang on, and that which may make a scenario impossible, in order."""
    read = {a for number in (*numbers, *_doubtful(varied)) for a in varied.parts[number].varied}
    return tuple(a for a in atoms if a in read)


def counted(varied: Varied, atoms: Sequence[int], found: Found, size: int) -> dict[int, Counts]:
    """The counts of every atom; what is varied and nobody hangs on is half yes, half no."""
    possible = min(((tally.rows - tally.impossible) * _times(task, size) for task, tally in found), default=size)
    fixed = ((a, v) for a, v in enumerate(varied.network.fixed) if v is not None)
    known = {a: Counts(possible * v, possible * (not v), 0) for a, v in fixed}
    known.update((a, Counts(possible // 2, possible - possible // 2, 0)) for a in atoms)
    for task, tally in found:
        known.update(_counts(task, tally, size))
    return known


def _counts(task: Task, tally: Tally, size: int) -> Iterator[tuple[int, Counts]]:
    """The counts of a task's atoms, each combination standing for all in which the rest is varied too."""
    times = _times(task, size)
    possible = tally.rows - tally.impossible
    for atom, attends, open_ in zip(atoms_of(task), tally.attends, tally.undetermined, strict=True):
        yield atom, Counts(attends * times, (possible - attends - open_) * times, open_ * times)


def _times(task: Task, size: int) -> int:
    """For how many scenarios each row of a task stands."""
    return size // max(1, task.rows.size)


def impossible(found: Found, size: int) -> int:
    """In how many scenarios nothing can meet what is assumed and given: each task counts them all."""
    return max((tally.impossible * _times(task, size) for task, tally in found), default=0)


def inconsistent(varied: Varied, atoms: tuple[int, ...], found: Found, size: int) -> int | None:
    """In how many scenarios anything is torn: of several parts, those in which any of them is, looked at together."""
    torn = [(task, tally) for task, tally in found if tally.torn]
    if len(torn) <= 1:
        return sum(tally.torn * _times(task, size) for task, tally in torn)
    numbers = [number for task, _ in torn for number in task.parts]
    over = read_by(varied, atoms, numbers)
    if len(over) > SUMMED or any(tally.rows < task.rows.size for task, tally in torn):
        return None
    together = task_of(varied, over, numbers)
    return count(together, 0, together.rows.size, NO).torn * _times(together, size)
