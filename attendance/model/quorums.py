"""How gatherings hang on each other by their `held_if`: circles, chains, and how deep all of that is nested."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from attendance.errors import Problem, round_trip
from attendance.model.conditions import ALWAYS, Condition, Held, Name
from attendance.model.draft import Path, problem
from attendance.model.nesting import depths
from attendance.model.participants import Gathering

MAX_CHAIN = 50


class Quorums:
    """The `held_if` of each gathering that has one, and what they read."""

    def __init__(self, gatherings: Mapping[str, Gathering]) -> None:
        self.gatherings = gatherings
        self.conditions = {g: v.held_if for g, v in gatherings.items() if v.held_if is not None}

    @cached_property
    def reads(self) -> dict[str, list[str]]:
        """The gatherings that each `held_if` reads."""
        return {g: [h for h, _ in self.held_in(c)] for g, c in self.conditions.items()}

    def chains(self, paths: Mapping[str, Path]) -> Iterator[Problem]:
        """A circle of `held_if`, or a chain of them that is too long to follow; `paths` lead to the gatherings."""
        try:
            order = list(TopologicalSorter(self.reads).static_order())
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            yield problem(f"held_if goes round in a circle: {round_trip(circle)}", (*paths[circle[0]], "held_if"))
            return
        length: dict[str, int] = {}
        for gathering in order:
            length[gathering] = 1 + max((length[h] for h in self.reads.get(gathering, ())), default=0)
            if length[gathering] == MAX_CHAIN + 1:
                message = f"held_if can lead through at most {MAX_CHAIN} gatherings"
                yield problem(message, (*paths[gathering], "held_if"))
                return

    @cached_property
    def levels(self) -> dict[str, int]:
        """How deep the `held_if` of each gathering is nested, those of the gatherings that it reads included."""
        found: dict[str, int] = {}
        try:
            for gathering in TopologicalSorter(self.reads).static_order():
                found[gathering] = self._level(self.conditions.get(gathering, ALWAYS), found)
            return found
        except CycleError:
            return {}  # told already

    def level(self, condition: Condition) -> int:
        """How deep a condition is nested, the `held_if` of the gatherings that it reads included."""
        return self._level(condition, self.levels)

    def _level(self, condition: Condition, levels: Mapping[str, int]) -> int:
        deepest = max(max(brackets, nots) for _, brackets, nots in depths(condition))
        return max([deepest, *(at + levels.get(h, 0) for h, at in self.held_in(condition))])

    def held_in(self, condition: Condition) -> Iterator[tuple[str, int]]:
        """The gatherings whose being held a condition reads, and how deep in it."""
        for part, brackets, nots in depths(condition):
            name = part.gathering if isinstance(part, Held) else part.name if isinstance(part, Name) else None
            if name in self.gatherings:
                yield str(name), max(brackets, nots)
