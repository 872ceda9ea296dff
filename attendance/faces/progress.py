"""What is being done and how far it is, on standard error, while somebody waits for it at a terminal."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from shutil import get_terminal_size
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
PATIENCE = 1.0
"""Seconds after which it is told what takes so long."""
STEP = 0.2
"""Seconds between two looks at how far it is."""
BAR = 20
"""Columns of a bar."""
ERASE = b"\r\x1b[K"
DOING = {
    "always": "Looking for an outcome that differs",
    "cascade": "Going from round to round",
    "chance": "Weighing what could be",
    "check": "Checking",
    "compare": "Comparing",
    "deadlocks": "Looking for circles",
    "ever": "Looking for such an outcome",
    "graph": "Drawing",
    "invite": "Looking for guests",
    "needs": "Looking for what it takes",
    "outcomes": "Listing",
    "pivots": "Counting who turns it",
    "report": "Making the page",
    "resolve": "Resolving",
    "sweep": "Counting",
    "timeline": "Replaying",
    "why": "Looking for the reasons",
}
"""What a command does while it is waited for."""


class Progress:
    """A line that tells what is being done, and how much of how much, once that is known."""

    def __init__(self, what: str, into: int) -> None:
        self.what, self.into = what, into
        self.far: tuple[int, int] | None = None
        self.since = monotonic()
        self.over = Event()
        self.thread = Thread(target=self._tick, daemon=True)
        self.thread.start()

    def clear(self) -> None:
        """Take the line away, for good."""
        self.over.set()
        self.thread.join()

    def _tick(self) -> None:
        """Draw the line again and again; all that is written is written here, so that nothing comes after the end."""
        if self.over.wait(PATIENCE):
            return
        turns = 0
        try:
            while not self.over.wait(STEP if turns else 0):
                os.write(self.into, ERASE + self.line("|/-\\"[turns % 4]).encode(errors="replace"))
                turns += 1
            os.write(self.into, ERASE)
        except OSError:  # the terminal is gone
            return

    def line(self, mark: str) -> str:
        """What is written, in less than a line of the terminal."""
        seconds = f"{monotonic() - self.since:.0f} s"
        if self.far is None or not self.far[1]:
            told = f"{mark} {self.what} ... {seconds}"
        else:
            done, whole = self.far
            bar = "#" * (BAR * done // whole)
            told = f"{mark} {self.what} [{bar:.<{BAR}}] {100 * done // whole}% {seconds}"
        return told[: get_terminal_size().columns - 1]


_shown: ContextVar[Progress | None] = ContextVar("_shown", default=None)


def watched(command: F) -> F:
    """A command that tells what it does if it takes long, unless it answers a program."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        typed = options.get("file") == "-" or "-" in options.get("files", ())
        wanted = not (options.get("as_json") or options.get("as_csv") or typed)
        with working(DOING.get(command.__name__), wanted):
            return command(*arguments, **options)

    return run  # type: ignore[return-value]


@contextmanager
def working(what: str | None, wanted: bool = True) -> Iterator[None]:
    """While this is done, it is told what takes so long; whatever happens, the terminal is left as it was."""
    progress = Progress(what, sys.stderr.fileno()) if what is not None and wanted and seen() else None
    before = _shown.set(progress)
    try:
        yield
    finally:
        _shown.reset(before)
        if progress is not None:
            progress.clear()


def tell(done: int, whole: int) -> None:
    """Say how much is done of how much."""
    if (progress := _shown.get()) is not None:
        progress.far = (done, whole)


def clear() -> None:
    """Make room for the answer."""
    if (progress := _shown.get()) is not None:
        progress.clear()


def seen() -> bool:
    """Whether somebody waits: standard error is a terminal that can erase, and the answer goes to no pipe."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return False
    try:
        return not stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):  # it is closed, or no file
        return False
