"""The case replayed moment by moment: what was said, and whose verdict it changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Unpack

from attendance.compiler import Compiler
from attendance.engines import Memory, solve
from attendance.errors import ImpossibleScenario
from attendance.model.case import Case
from attendance.model.outcome import Verdict, verdict
from attendance.model.participants import Attendance
from attendance.model.positions import positions, replayed
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.statements import Statement
from attendance.network import Network, Stance
from attendance.questions.asking import Asked, ask, impossible
from attendance.questions.resolve import Resolution, resolution
from attendance.questions.why import Explanation, explanation

BEFORE = datetime.min.replace(tzinfo=UTC)
"""As of which only what is undated has been said."""
APART = 8
"""A network is the origin of those after it until more than one stance in so many is different."""


@dataclass(frozen=True)
class Scene:
    """A case as of a moment, to be asked when somebody wants to know more."""

    case: Case
    scenario: Scenario
    engine: str

    @cached_property
    def asked(self) -> Asked:
        """The question put."""
        return ask(self.case, self.scenario, {}, self.engine)

    @cached_property
    def resolution(self) -> Resolution:
        """The answer."""
        return resolution(self.asked)

    def __getstate__(self) -> dict[str, Any]:
        return {"case": self.case, "scenario": self.scenario, "engine": self.engine}


@dataclass(frozen=True)
class Turn:
    """A verdict that changed: whose, from what, to what; `why` it is so now is found when it is asked for."""

    attendance: Attendance
    before: Verdict
    after: Verdict
    scene: Scene = field(repr=False, compare=False)

    @cached_property
    def why(self) -> Explanation:
        """Why the verdict is now what it is."""
        return explanation(self.scene.asked, self.scene.resolution, self.attendance)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "participant": self.attendance.participant,
            "gathering": self.attendance.gathering,
            "from": str(self.before),
            "to": str(self.after),
            "why": self.why.to_dict(),
        }

    def __str__(self) -> str:
        return f"{self.attendance}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class Entry:
    """A moment: the statements made then, and the verdicts that they changed.

    `moment` is None for what is undated. The first entry is compared with the case in which nobody has
    said anything.
    """

    moment: datetime | None
    statements: tuple[Statement, ...]
    changes: tuple[Turn, ...]
    scene: Scene = field(repr=False, compare=False)

    @property
    def resolution(self) -> Resolution:
        """All verdicts as they stood then."""
        return self.scene.resolution

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the reasons for what changed."""
        return {
            "moment": None if self.moment is None else self.moment.isoformat(),
            "statements": [str(s.id) for s in self.statements],
            "changes": [c.to_dict() for c in self.changes],
        }

    def __str__(self) -> str:
        moment = "undated" if self.moment is None else self.moment.isoformat(" ", "minutes")
        said = "; ".join(s.text for s in self.statements)
        return "\n".join([f"{moment}: {said}", *(f"  {c}" for c in self.changes)])


@dataclass(frozen=True)
class Timeline(Sequence[Entry]):
    """The entries of a timeline, oldest first."""

    entries: tuple[Entry, ...]

    def __getitem__(self, index: Any) -> Any:
        return self.entries[index]

    def __len__(self) -> int:
        return len(self.entries)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"entries": [entry.to_dict() for entry in self.entries]}

    def __str__(self) -> str:
        return "\n".join(map(str, self.entries))


def timeline(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Timeline:
    """The case replayed: an entry for each moment at which something was said, with what it changed.

    A verdict changes when it is another one than before; a cause may change under it. Raises as
    `resolve` does.
    """
    asked = ask(case, scenario, parts, engine, time_limit)
    whole, replay = asked.compiled.scenario, _Replay(asked)
    entries: list[Entry] = []
    before = replay.verdicts(replay.silent)
    for (moment, said, _), stances in zip(replay.moments, replay.stances, strict=True):
        when = None if moment is None else moment.astimezone(case.zone)
        scene = Scene(case, whole.with_parts(Scenario(as_of=when or BEFORE)), engine)
        after = replay.verdicts(stances)
        pairs = zip(replay.compiler.attendances, before, after, strict=True)
        turns = tuple(Turn(a, old, new, scene) for a, old, new in pairs if old is not new)
        entries.append(Entry(when, said, turns, scene))
        before = after
    return Timeline(tuple(entries))


class _Replay:
    """A case with all its statements made gates once, and solved again and again with others in force."""

    def __init__(self, asked: Asked) -> None:
        self.asked, compiled = asked, asked.compiled
        self.deadline, self.memory = asked.deadline, Memory()
        self.compiler = Compiler(compiled.case, compiled.scenario, tick=asked.deadline.check)
        self.moments = list(replayed(compiled.case, compiled.scenario))
        self.silent = self.compiler.stances({})
        reading = self.compiler.reading
        self.stances = [self.compiler.stances(positions(compiled.case, held, reading)) for _, _, held in self.moments]
        self.origin = self.compiler.compiled(()).network

    def verdicts(self, stances: tuple[Stance, ...]) -> list[Verdict]:
        """Everybody's verdict with those stances."""
        try:
            solution = solve(self.network(stances), self.asked.engine, self.deadline, memory=self.memory)
        except ImpossibleScenario:
            raise impossible(self.asked.compiled.scenario, self.asked.compiled.case) from None
        return [verdict(*possible) for possible in solution.atoms[: len(stances)]]

    def network(self, stances: tuple[Stance, ...]) -> Network:
        """The network with those stances, a variation of one before it that is much alike."""
        network = self.origin.varied(stances=stances)
        apart = sum(a is not b for a, b in zip(stances, self.origin.stances, strict=True))
        if apart * APART > len(stances):
            self.origin = network = replace(network, origin=None)
        return network
