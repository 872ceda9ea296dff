"""What differs between two scenarios, and why."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Unpack

from attendance.formats.tables import Table, Tabular
from attendance.model.case import Case
from attendance.model.outcome import Verdict
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.questions.asking import ask
from attendance.questions.resolve import Cause, GatheringResult, Resolution, resolution
from attendance.questions.scene import Scene
from attendance.questions.tables import ChangeRow
from attendance.questions.why import Explanation


@dataclass(frozen=True)
class Change:
    """An attendance whose verdict (or its cause) differs: from what, to what.

    `why` it is so now is found when it is asked for; None where they are not counted any more.
    """

    attendance: Attendance
    before: Verdict | None
    after: Verdict | None
    cause_before: Cause | None
    cause_after: Cause | None
    scene: Scene = field(repr=False, compare=False)
    reason: Explanation | None = field(default=None, repr=False, compare=False)

    @cached_property
    def why(self) -> Explanation | None:
        """Why the verdict is now what it is."""
        return None if self.after is None else self.reason or self.scene.why(self.attendance)

    def __str__(self) -> str:
        was, now = self.cause_before, self.cause_after
        alike = was is not None and now is not None and was.cause == now.cause
        return f"{_told(self.before, was, alike)} -> {_told(self.after, now, alike)}"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "participant": self.attendance.participant,
            "gathering": self.attendance.gathering,
            "from": _said(self.before),
            "to": _said(self.after),
            "cause_from": _said(self.cause_before),
            "cause_to": _said(self.cause_after),
            "why": None if self.why is None else self.why.to_dict(),
        }


@dataclass(frozen=True)
class Comparison(Tabular[ChangeRow]):
    """Two scenarios side by side: the changed verdicts, the gatherings that differ, both resolutions."""

    before: Resolution
    after: Resolution
    changes: tuple[Change, ...]
    gatherings: tuple[tuple[str, GatheringResult, GatheringResult], ...]

    @property
    def table(self) -> Table[ChangeRow]:
        """A row for each verdict that differs, and each gathering that is held in one and not in the other."""
        told = ((c.attendance, c.before, c.after, c.cause_before, c.cause_after) for c in self.changes)
        rows = [ChangeRow(a.gathering, a.participant, *map(_said, cells)) for a, *cells in told]
        held = ((g, str(a.held), str(b.held)) for g, a, b in self.gatherings if a.held is not b.held)
        return Table(ChangeRow, (*rows, *(ChangeRow(g, None, a, b, None, None) for g, a, b in held)))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "before": self.before.scenario,
            "after": self.after.scenario,
            "changes": [c.to_dict() for c in self.changes],
            "gatherings": [
                {
                    "gathering": g,
                    "from": {"held": str(a.held), "turnout": list(a.turnout)},
                    "to": {"held": str(b.held), "turnout": list(b.turnout)},
                }
                for g, a, b in self.gatherings
            ],
        }

    def __str__(self) -> str:
        rows = [f"{c.attendance}: {c}" for c in self.changes]
        rows += [f"{g}: {a} -> {b}" for g, a, b in self.gatherings]
        return "\n".join(rows) or "nothing differs"


def compare(
    case: Case,
    a: str | Scenario | None,
    b: str | Scenario | None,
    *,
    reasons: bool = False,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Comparison:
    """What differs between scenario `a` and scenario `b` ("" or None is the case as it stands).

    The parts of the call are added to both. With `reasons`, why each verdict is what it is now is found
    within the time limit too, and not only when it is asked for. Raises as `resolve` does.
    """
    before = resolution(ask(case, a, parts, engine, time_limit))
    asked = ask(case, b, parts, engine, time_limit)
    after = resolution(asked)
    scene = Scene(case, asked.compiled.scenario, engine)
    changes = []
    for attendance in dict.fromkeys([*before.verdicts, *after.verdicts]):
        was, now = before.verdicts.get(attendance), after.verdicts.get(attendance)
        was_cause, now_cause = before.causes.get(attendance), after.causes.get(attendance)
        if was != now or was_cause != now_cause:
            changes.append(Change(attendance, was, now, was_cause, now_cause, scene))
    if reasons:
        why = scene.reasons((c.attendance for c in changes if c.after is not None), asked.deadline)
        changes = [replace(c, reason=why.get(c.attendance)) for c in changes]
    gatherings = tuple(
        (g, before.gatherings[g], after.gatherings[g])
        for g in before.gatherings
        if before.gatherings[g] != after.gatherings[g]
    )
    return Comparison(before, after, tuple(changes), gatherings)


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def _told(verdict: Verdict | None, cause: Cause | None, with_names: bool) -> str:
    """A verdict with its cause, and with the names that it hangs on where the cause alone would not tell."""
    if verdict is None:
        return "not counted"
    names = f": {', '.join(map(str, cause.on))}" if cause is not None and cause.on and with_names else ""
    return f"{verdict} ({cause}{names})" if cause is not None else str(verdict)
