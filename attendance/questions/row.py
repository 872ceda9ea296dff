"""The rows of a sweep: one scenario each, read off planes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from attendance.engines.deadline import NO
from attendance.engines.sweeping import Swept
from attendance.engines.tallying import Task
from attendance.errors import UnknownName, did_you_mean
from attendance.model.outcome import Frozen, Key, Verdict, find_attendance, find_fact
from attendance.model.participants import Attendance
from attendance.model.values import shown
from attendance.questions.speech import listed


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario: what is assumed in it, and the verdicts; none where nothing can meet it.

    `consistent` says whether all that was said can be kept there. `row["putin"]` is a verdict,
    `row["ceasefire"]` whether a fact that is varied holds.
    """

    assume: Frozen[str, bool]
    verdicts: Frozen[Attendance, Verdict]
    consistent: bool
    possible: bool
    main: str = field(repr=False)
    facts: frozenset[str] = field(repr=False)

    def __getitem__(self, key: Key) -> Verdict | bool:
        fact = find_fact(self.facts, key)
        if fact is not None:
            return self.assume[fact]
        if not self.possible:
            raise UnknownName(f"there is no verdict on {shown(key)}: nothing can meet this scenario", shown(key))
        try:
            return self.verdicts[find_attendance(self.verdicts, key, self.main)]
        except UnknownName:
            names = dict.fromkeys([*(a.participant for a in self.verdicts), *sorted(self.facts)])
            if not isinstance(key, str) or key in names:
                raise
            hint = did_you_mean(key, names) or f"it has {listed(names)}; of facts those that are varied"
            raise UnknownName(f"the row has no {shown(key)}", key, hint) from None

    def __str__(self) -> str:
        assumed = ", ".join(f"{name} = {'yes' if value else 'no'}" for name, value in self.assume.items())
        told = [f"{a.participant if a.gathering == self.main else a} {v}" for a, v in self.verdicts.items()]
        return f"{assumed}: {', '.join(told) if self.possible else 'impossible'}"

    def words(self, about: Sequence[Attendance]) -> list[str]:
        """What is assumed, and the verdicts on those, as they are printed."""
        assumed = ["yes" if value else "no" for value in self.assume.values()]
        return [*assumed, *(str(self.verdicts[a]) if self.possible else "impossible" for a in about)]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: verdicts by gathering and participant."""
        nested: dict[str, dict[str, str]] = {}
        for a, found in self.verdicts.items():
            nested.setdefault(a.gathering, {})[a.participant] = str(found)
        return {
            "assume": dict(self.assume),
            "possible": self.possible,
            "consistent": self.consistent,
            "verdicts": nested,
        }


@dataclass(frozen=True, slots=True)
class Chunk:
    """The planes of some rows, to be read row by row."""

    width: int
    there: Mapping[int, int]
    found: Swept

    @classmethod
    def of(cls, task: Task, start: int, width: int) -> "Chunk":
        """So many rows of a task, from that one on."""
        found, full = task.swept(start, width, NO), (1 << width) - 1
        fixed = task.varied.network.fixed
        sure = {a: full if v else 0 for a, v in enumerate(fixed) if v is not None}
        return cls(width, {**found.there, **sure, **task.rows.planes(start, width)}, found)

    def digits(self, plane: int) -> str:
        """A plane as text, the first row first."""
        return format(plane, f"0{self.width}b")[::-1]

    def assumed(self, atom: int) -> list[bool]:
        """What is assumed of an atom, row by row."""
        return [digit == "1" for digit in self.digits(self.there[atom])]

    def verdicts(self, atom: int) -> list[Verdict | None]:
        """The verdict on an atom, row by row; None where nothing can meet the scenario."""
        none = self.found.impossible
        there, open_ = self.there[atom] | none, self.found.open.get(atom, 0) | none
        return [*map(READ.__getitem__, zip(self.digits(there), self.digits(open_), strict=True))]


READ: Mapping[tuple[str, str], Verdict | None] = {
    ("1", "0"): Verdict.ATTENDS,
    ("0", "0"): Verdict.ABSENT,
    ("0", "1"): Verdict.UNDETERMINED,
    ("1", "1"): None,
}
"""A verdict, by whether it is true in every outcome and whether it is open; both stand for none."""
