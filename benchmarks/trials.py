"""One contender at one piece of work, in a process of its own: it answers, is checked, and only then is timed.

What it is asked about is made anew for every run, outside the time, so that nobody has seen it before. Whoever
takes longer than the limit is killed with all that it started.
"""

import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from time import perf_counter
from typing import Any

import rivals
from rivals import OURS, RIVALS, NotFitError
from works import WORKS, Work

MAKING = 120.0
"""The seconds that a piece of work may take to be made, which is nobody's fault."""


@dataclass(frozen=True)
class Trial:
    """What came of it: the answer in short, the seconds of each run; or why there is none."""

    answer: str | None = None
    seconds: tuple[float, ...] = ()
    again: tuple[float, ...] = ()
    late: bool = False
    unfit: str | None = None


class MismatchError(Exception):
    """Somebody answers something else than the library."""


def short(answer: Any) -> str:
    """An answer in a line that is the same just when the answer is."""
    if isinstance(answer, list) and len(answer) > 3:
        return sha256(repr([tuple(of) for of in answer]).encode()).hexdigest()
    return repr(answer)


def made(work: Work, sampled: bool) -> Any:
    """What is asked about, never seen before."""
    found = work.make()
    return found.sample(work.sample) if sampled else found


def serve(pipe: Connection, contender: str, name: str, question: str, sampled: bool, again: bool) -> None:
    """The work of the process: each message "go" is one run, and is answered; anything else ends it."""
    os.setsid()  # so that it is killed with whatever it starts
    work = next(w for w in WORKS if w.name == name)
    try:
        answers = next(r for r in (OURS, *RIVALS) if r.name == contender).load()
        ask: Callable[[Any], Any] = getattr(answers, question)
        while pipe.recv() == "go":
            of = made(work, sampled)
            gc.collect()
            pipe.send("made")
            start = perf_counter()
            found = ask(of)
            taken = perf_counter() - start
            repeated = None
            if again:
                start = perf_counter()
                ask(of)
                repeated = perf_counter() - start
            pipe.send((short(found), taken, repeated))
            del of, found
    except NotFitError as reason:
        pipe.send(reason)
    except ImportError as reason:
        pipe.send(NotFitError(f"not installed ({reason})"))
    except Exception as error:
        if contender == OURS.name:
            raise
        pipe.send(NotFitError(f"fails: {type(error).__name__}: {error}"))


def attempt(
    contender: rivals.Rival,
    work: Work,
    *,
    question: str | None = None,
    expected: str | None = None,
    sampled: bool = False,
    runs: int = 7,
    limit: float = 20.0,
) -> Trial:
    """Put a contender to a piece of work. Raises MismatchError where its answer is not the one expected."""
    context = get_context("spawn")
    pipe, end = context.Pipe()
    again = contender is OURS and work.question == "verdicts" and runs > 0
    process = context.Process(
        target=serve, args=(end, contender.name, work.name, question or work.question, sampled, again), daemon=True
    )
    process.start()
    end.close()
    try:
        return _rounds(pipe, contender, work, expected, runs, limit)
    except EOFError:
        if contender is OURS:
            raise
        return Trial(unfit="its process died")
    finally:
        _kill(process)
        pipe.close()


def _rounds(
    pipe: Connection, contender: rivals.Rival, work: Work, expected: str | None, runs: int, limit: float
) -> Trial:
    """The first answer is checked and its time forgotten, unless it is too slow for there to be another."""
    answer, seconds, repeated = "", [], []
    for number in range(runs + 1):
        message = _run(pipe, limit, 2 * limit if contender is OURS else limit)  # ours answers again
        if message is None:
            return Trial(late=True)
        if isinstance(message, NotFitError):
            return Trial(unfit=str(message))
        answer, taken, twice = message
        if expected is not None and answer != expected:
            raise MismatchError(f"{work.name}: {contender.name} says {answer}, and the library {expected}")
        if number == 1:
            seconds, repeated = [], []  # those of the warm-up
        seconds.append(taken)
        repeated += [] if twice is None else [twice]
        if sum(seconds) > limit / 2:
            break
    return Trial(answer, tuple(seconds), tuple(repeated))


def _run(pipe: Connection, limit: float, patience: float) -> Any:
    """One run; None if it is too late. What was made comes first, and then the answer."""
    pipe.send("go")
    message: Any = pipe.recv() if pipe.poll(MAKING) else NotFitError("the work could not be made in time")
    if message == "made":
        message = pipe.recv() if pipe.poll(patience) else None
    if isinstance(message, tuple) and message[1] > limit:
        return None
    return message


def _kill(process: SpawnProcess) -> None:
    """End the process that was started here, and those that it has started itself."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
