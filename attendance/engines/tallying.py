"""The verdicts of a sweep counted: chunk by chunk, here or by others, the same whoever counts."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from time import perf_counter
from typing import Any, Protocol

from attendance.engines.deadline import Deadline
from attendance.engines.rows import Rows
from attendance.engines.sweeping import Part, Swept, Varied, sweep

LANES, WIDE, NARROW = 65_536, 500, 8_192
"""How many scenarios are looked at together; fewer of more than so many nodes, whose planes are many."""
NEAR = 1 << 24
"""All are looked at together where their planes have no more bits than this: they stay in the near memory."""
WORTH = 0.25
"""A task that is handed out holds about so many seconds of work."""
EVERY = 0.2
"""The seconds after which whoever watches is told again, however slow it goes."""
AHEAD = 64
"""So many tasks are handed out before the first is asked for."""

Progress = Callable[[int, int], object]


class Executor(Protocol):
    """Whatever hands out work as `concurrent.futures.Executor` does."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """What will have the result."""


@dataclass(frozen=True)
class Task:
    """Rows of scenarios in which some connected parts are to be looked at."""

    varied: Varied
    parts: tuple[int, ...]
    rows: Rows

    @cached_property
    def chosen(self) -> tuple[Part, ...]:
        """The parts."""
        return tuple(self.varied.parts[number] for number in self.parts)

    @cached_property
    def width(self) -> int:
        """How many scenarios are looked at together."""
        nodes = sum(part.network.atoms + len(part.network.gates) for part in self.chosen)
        if self.rows.size * nodes <= NEAR:
            return max(1, self.rows.size)
        return LANES if nodes <= WIDE else NARROW

    def __reduce__(self) -> tuple[Any, ...]:
        """Without what was made of it: parts have steps that cannot be sent."""
        return Task, (self.varied, self.parts, self.rows)

    def swept(self, start: int, width: int, deadline: Deadline) -> Swept:
        """The planes of so many rows."""
        return sweep(self.chosen, self.rows.planes(start, width), width, deadline)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many rows, in how many each atom is true, and is open; and how many are impossible, and torn."""

    rows: int
    attends: tuple[int, ...]
    undetermined: tuple[int, ...]
    impossible: int
    torn: int

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.rows + other.rows,
            tuple(a + b for a, b in zip(self.attends, other.attends, strict=True)),
            tuple(a + b for a, b in zip(self.undetermined, other.undetermined, strict=True)),
            self.impossible + other.impossible,
            self.torn + other.torn,
        )


def atoms_of(task: Task) -> tuple[int, ...]:
    """The atoms that a task's tally counts, in order: those of its parts, and what is varied."""
    return (*(part.atoms[a] for part in task.chosen for a in part.inner), *task.rows.atoms)


def count(task: Task, start: int, stop: int, deadline: Deadline) -> Tally:
    """The rows from one to another counted, in chunks. Raises EngineError, ResolutionTimeout."""
    total = _nothing(task)
    for at in range(start, stop, task.width):
        total += _counted(task, at, min(task.width, stop - at), deadline)
    return total


def _nothing(task: Task) -> Tally:
    none = (0,) * len(atoms_of(task))
    return Tally(0, none, none, 0, 0)


def _counted(task: Task, start: int, width: int, deadline: Deadline) -> Tally:
    given = task.rows.planes(start, width)
    found = sweep(task.chosen, given, width, deadline)
    impossible = found.impossible.bit_count()
    planes = [*found.there.values(), *given.values()]
    if impossible:
        planes = [plane ^ plane & found.impossible for plane in planes]
    attends = tuple(plane.bit_count() for plane in planes)
    undetermined = tuple(found.open[a].bit_count() if a in found.open else 0 for a in (*found.there, *given))
    return Tally(width, attends, undetermined, impossible, found.torn.bit_count())


class _Stopped(Exception):
    """Whoever watches wants no more."""


def tallies(
    tasks: Sequence[Task], deadline: Deadline, executor: Executor | None = None, progress: Progress | None = None
) -> list[Tally]:
    """The tally of each task, of as many rows as were counted before `progress` said False.

    `progress` is told how many rows are counted, and how many there are: after every chunk, and now and then
    within one. Raises EngineError, ResolutionTimeout, and whatever the executor does.
    """
    found = [_nothing(task) for task in tasks]
    whole, done, told = sum(task.rows.size for task in tasks), 0, perf_counter()

    def tell() -> None:
        nonlocal told
        told = perf_counter()
        if progress is not None and progress(done, whole) is False:
            raise _Stopped

    def poll() -> None:
        if perf_counter() - told > EVERY:
            tell()

    here = deadline if progress is None else deadline.watched(poll)
    with suppress(_Stopped):
        for number, task in enumerate(tasks):
            pieces = _pieces(task, here) if executor is None else _handed_out(task, here, deadline, executor)
            with closing(pieces):
                for tally in pieces:
                    found[number] += tally
                    done += tally.rows
                    tell()
    return found


def _pieces(task: Task, deadline: Deadline) -> Generator[Tally, None, None]:
    for start in range(0, task.rows.size, task.width):
        yield count(task, start, min(task.rows.size, start + task.width), deadline)


def _handed_out(task: Task, here: Deadline, deadline: Deadline, executor: Executor) -> Generator[Tally, None, None]:
    """The first chunk is counted here, to see how many are worth a task; the rest by the executor, in order."""
    size, width = task.rows.size, task.width
    begun = perf_counter()
    yield count(task, 0, min(size, width), here)
    seconds = perf_counter() - begun
    step = width * max(1, ceil(WORTH / max(seconds, 1e-6)))
    starts = iter(range(width, size, step))
    waiting: deque[Any] = deque()
    try:
        while True:
            while len(waiting) < AHEAD and (start := next(starts, None)) is not None:
                waiting.append(executor.submit(count, task, start, min(size, start + step), deadline))
            if not waiting:
                return
            yield _waited(waiting.popleft(), deadline)
    finally:
        for future in waiting:
            future.cancel()


def _waited(future: Any, deadline: Deadline) -> Tally:
    """The result of a task, waited for until the deadline at most. Raises ResolutionTimeout."""
    tally: Tally | None = None
    while tally is None:
        try:
            left = deadline.left()
            tally = future.result() if left is None else future.result(left)
        except TimeoutError:
            deadline.check()
            if deadline.moment is None or future.done():
                raise
    return tally
