"""A moment by which an answer must be there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic

from attendance.errors import ResolutionTimeout

SLICE = 0.05
"""The seconds after which a waiting thread looks up."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, or none; `seconds` is what was asked for, to be told again.

    A search that may be given up has `conflicts`: after so many dead ends, whenever that is, it is. One that
    is watched has `poll`, which is called now and then, and may raise.
    """

    moment: float | None = None
    seconds: float | None = None
    conflicts: int | None = None
    poll: Callable[[], None] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def after(cls, seconds: float | None) -> "Deadline":
        """The deadline so many seconds from now; without a limit for None."""
        return cls() if seconds is None else cls(monotonic() + seconds, seconds)

    def tiring(self, conflicts: int) -> "Deadline":
        """The same for a search that may be given up."""
        return replace(self, conflicts=conflicts)

    def watched(self, poll: Callable[[], None]) -> "Deadline":
        """The same for a search that is watched."""
        return replace(self, poll=poll)

    def left(self) -> float | None:
        """The seconds left, never below 0; None without a limit."""
        return None if self.moment is None else max(0.0, self.moment - monotonic())

    def check(self) -> None:
        """Raises ResolutionTimeout once the moment has passed, and whatever whoever watches does."""
        if self.poll is not None:
            self.poll()
        if self.moment is not None and monotonic() >= self.moment:
            raise ResolutionTimeout(f"no answer within {self.seconds:g} s: allow more time, or ask for less")

    def wait(self, ready: Callable[[float], bool]) -> None:
        """Return when it is ready, which is asked for some seconds at a time. Raises as `check` does."""
        while True:
            self.check()
            left = self.left()
            if ready(SLICE if left is None else min(SLICE, left)):
                return


NO = Deadline()
"""No limit."""
